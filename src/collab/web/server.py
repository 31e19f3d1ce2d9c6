"""The server entry of the .ini files: waitress, with the garbage collector kept off what never goes away.

What the start has made is set aside (`gc.freeze`), and once more what the first requests have made (templates,
compiled statements); the collector runs less often. Without it one request in a hundred waits for a full collection
over the whole application.
"""

import gc
import itertools
from collections.abc import Callable, Iterable
from typing import Any

import waitress

#: Collect when so many more objects were made than freed (Python: 700, 10, 10). A request leaves some 900 in circles, so
#: this is every fourth or fifth one, for a few milliseconds; 50,000 made one request in seventy wait sixty.
THRESHOLDS = (4_000, 50, 100)
#: After so many requests most of what stays has been made.
SETTLED_AFTER = frozenset({200, 2_000})

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def serve(application: Wsgi, global_config: dict[str, str], **options: Any) -> int:
    """Serve until the process ends; the options are waitress's own."""
    settle_memory()
    waitress.serve(settling(application), **options)
    return 0


def settling(application: Wsgi) -> Wsgi:
    """Give the application, which sets aside what it has made once it has answered for a while."""
    numbers = itertools.count(1)

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if next(numbers) in SETTLED_AFTER:
            settle_memory()
        return application(environ, start_response)

    return answer


def settle_memory() -> None:
    """Set aside what stays, and let the collector run less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
