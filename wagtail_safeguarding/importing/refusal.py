"""Why nothing was imported."""

from __future__ import annotations


class ImportRefused(Exception):
    """The site cannot take this import. The message is one line, fit for a person."""

    def __init__(self, message: str) -> None:
        line = " ".join(message.split())
        # The message may quote the source, which must not steer a terminal.
        super().__init__("".join(char if char.isprintable() else "?" for char in line))
