"""How commands tell what they do: a progress bar, lines beside it, and JSON as it comes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm


@contextmanager
def progress(what: str, total: int | None = None, unit: str = "version") -> Iterator[Any]:
    """A bar to ``update()``, on standard error and only where a person watches.

    Lines for standard output go through :func:`beside`.
    """
    with tqdm(total=total, desc=what, unit=f" {unit}s", file=sys.stderr, disable=None) as bar:
        yield bar


@contextmanager
def beside() -> Iterator[None]:
    """Write a line to standard output without tearing the bar."""
    with tqdm.external_write_mode(file=sys.stdout):
        yield


class JSONList:
    """One JSON object whose ``findings`` are written as they come, so that none is kept."""

    def __init__(self, out: Any) -> None:
        self.out = out
        self.before = '{"findings": [\n'

    def add(self, item: dict[str, Any]) -> None:
        self.out.write(self.before + json.dumps(item), ending="")
        self.before = ",\n"

    def end(self, **values: Any) -> None:
        self.out.write("" if self.before == ",\n" else self.before, ending="")
        rest = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values.items()]
        self.out.write("\n],\n" + ",\n".join(rest) + "}")
