"""What a tag of a recording says, as a finding."""

from __future__ import annotations

from ..gathered import Gathered, is_readable
from ..images.picture import inspect_picture, is_picture
from ..local_paths import find_path


def tell(gathered: Gathered, kind: str, what: str, text: str) -> None:
    """``kind``: "person", "comment", "title", "position" or "program"."""
    gathered.text(text, f"tag: {what}", shown=False)
    if not is_readable(text):
        return
    gathered.found(f"recording-{kind}", excerpt=text, where=what)
    if path := find_path(text):
        gathered.found("recording-path", excerpt=path, where=what)


def tell_picture(gathered: Gathered, data: bytes) -> None:
    """A cover, which players show."""
    if not is_picture(data):
        return
    try:
        inspect_picture(data, gathered, "the cover")
    except (OSError, ValueError, SyntaxError):
        gathered.found("recording-attachment", where="the cover")
