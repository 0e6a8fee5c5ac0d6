"""What the several kinds of metadata of pictures say, as findings."""

from __future__ import annotations

from ..gathered import Gathered, is_readable
from ..local_paths import find_path
from ..strings import find_strings

_NOBODY = {"", "none", "unknown", "default", "user", "picasa", "camera", "owner"}
_BY_MACHINES = (
    "created with",
    "digital camera",
    "screenshot",
    "sony dsc",
    "kodak digital",
    "samsung",
    "minolta",
    "lead technologies",
    "jpeg encoder",
    "charset=ascii",
    "optimized by",
    "intel(r)",
    "file source",
    "ad:",
)
_LONGEST_BY_A_MACHINE = 60


class Tags:
    """Tells ``gathered``; a thing that is said twice is told once."""

    def __init__(self, gathered: Gathered, where: str) -> None:
        self._gathered = gathered
        self._where = where
        self._told: set[tuple[str, str]] = set()

    def _tell(self, code: str, what: str, text: str, severity: str = "") -> None:
        where = f"{self._where}: {what}" if self._where else what
        self._gathered.text(text, where, shown=False)
        if (code, text) not in self._told:
            self._told.add((code, text))
            self._gathered.found(code, excerpt=text, where=where, severity=severity)

    def person(self, what: str, name: str) -> None:
        if is_readable(name) and name.casefold() not in _NOBODY:
            self._tell("image-person", what, name)

    def depicted(self, name: str) -> None:
        if is_readable(name):
            self._tell("image-depicted", "who is in it", name)

    def comment(self, what: str, text: str) -> None:
        if not is_readable(text):
            return
        plain = text.casefold()
        machine = len(text) < _LONGEST_BY_A_MACHINE and any(mark in plain for mark in _BY_MACHINES)
        self._tell("image-comment", what, text, "note" if machine else "")
        self.path(text)

    def serial(self, what: str, number: str) -> None:
        if is_readable(number.strip("0 ")):
            self._tell("image-serial", what, number)

    def camera(self, text: str) -> None:
        if is_readable(text):
            self._tell("image-camera", "camera or program", text)

    def copyright(self, text: str) -> None:
        if is_readable(text):
            self._tell("image-copyright", "copyright", text)

    def position(self, text: str, *, known: bool) -> None:
        self._tell("image-position", "position", text, "" if known else "note")

    def place(self, text: str) -> None:
        if is_readable(text):
            self._tell("image-place", "place", text)

    def layer(self, text: str) -> None:
        if is_readable(text):
            self._tell("image-layers", "a layer of text", text)

    def maker_note(self, data: bytes) -> None:
        text = find_strings(data)
        self._gathered.text(text, "the camera maker's notes", shown=False)
        self._tell("image-camera", "the camera maker's notes", "")

    def path(self, text: str) -> None:
        if path := find_path(text):
            self._tell("image-path", "a path", path)
