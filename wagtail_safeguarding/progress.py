"""A progress bar for commands: on standard error, and only where a person watches it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm


@contextmanager
def progress(what: str, total: int | None = None, unit: str = "version") -> Iterator[Any]:
    """A bar to ``update()``. Lines for standard output go through :func:`beside`."""
    with tqdm(total=total, desc=what, unit=f" {unit}s", file=sys.stderr, disable=None) as bar:
        yield bar


@contextmanager
def beside() -> Iterator[None]:
    """Write a line to standard output without tearing the bar."""
    with tqdm.external_write_mode(file=sys.stdout):
        yield
