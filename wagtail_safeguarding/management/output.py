"""Standard output that somebody may close, or whose disk may be full."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper


class OutputLost(Exception):
    """What was told did not arrive. Not an :class:`OSError`, which is a storage's fault."""


class _Output(OutputWrapper):
    def write(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().write(*args, **kwargs)
        except OSError as error:
            raise OutputLost from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise OutputLost from error


@contextmanager
def told(command: BaseCommand) -> Iterator[None]:
    """What the command writes arrives, or the command ends.

    A reader that has gone (``| head``) ends it without a word, with status 1; another fault
    with one line, and status 2.
    """
    before: Any = command.stdout
    command.stdout = _Output(before._out, before.ending)
    try:
        try:
            yield
        finally:
            command.stdout.flush()
    except OutputLost as lost:
        if before._out is sys.stdout:
            _forget_standard_output()
        if isinstance(lost.__cause__, BrokenPipeError):
            sys.exit(1)
        raise CommandError(
            f"The output cannot be written: {lost.__cause__}", returncode=2
        ) from lost
    finally:
        command.stdout = before


def _forget_standard_output() -> None:
    """Python writes what is left when it ends, and would complain once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def quoted(text: str) -> str:
    """A name that a stranger gave, in ASCII: it cannot begin a line, a column or a colour."""
    return text.encode("unicode_escape").decode().replace(" ", "\\x20")


def encodable(text: str) -> str:
    """The text without the halves of characters that stand for bytes of no known encoding."""
    return text.encode("utf-8", "backslashreplace").decode()
