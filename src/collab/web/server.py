"""The server entry of the .ini files: waitress, with the garbage collector kept off what never goes away.

After the start everything loaded is set aside (`gc.freeze`), and the collector runs less often: without it one request
in a hundred waits for a full collection over the whole application.
"""

import gc
from typing import Any

import waitress

#: Collect when so many more objects were made than freed; Python's own are 700, 10, 10.
THRESHOLDS = (50_000, 20, 50)


def serve(application: Any, global_config: dict[str, str], **options: Any) -> int:
    """Serve until the process ends; the options are waitress's own."""
    settle_memory()
    waitress.serve(application, **options)
    return 0


def settle_memory() -> None:
    """Set aside what the start has made, and let the collector run less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
