"""The `collab` command: exit code 0 done, 1 refused with one clear line, 2 wrong usage."""

from collab.cli.program import main

__all__ = ["main"]
