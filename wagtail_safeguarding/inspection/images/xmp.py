"""XMP: metadata in XML, by cameras, programs for pictures, and collections of them."""

from __future__ import annotations

import base64
import binascii
import io

from ..gathered import Gathered
from ..strings import find_strings
from ..xml_events import END, START, TEXT, read_events
from .tags import Tags

_PEOPLE = {"dc:creator", "OwnerName", "CameraOwnerName", "Artist", "CaptionWriter", "Author"}
_CONTACT = {"CreatorContactInfo", "CiEmailWork", "CiTelWork", "CiAdrExtadr", "CiUrlWork"}
_DEPICTED = {"PersonInImage", "PersonInImageWDetails", "PersonDisplayName", "PersonName"}
_SERIALS = {"SerialNumber", "LensSerialNumber", "BodySerialNumber"}
_POSITION = {"GPSLatitude", "GPSLongitude", "GPSPosition"}
_PLACES = {"City", "Location", "Sublocation", "CiAdrCity", "LocationCreated", "LocationShown"}
_WORDS = {
    "dc:description",
    "dc:title",
    "dc:subject",
    "Headline",
    "UserComment",
    "Instructions",
    "TransmissionReference",
    "TagsList",
    "hierarchicalSubject",
    "LastKeywordXMP",
    "CatalogSets",
}
_LAYERS = {"LayerText", "LayerName"}
_PICTURES = {"image", "Data", "thumbnail"}
_REGION = "Regions"
_MANY = 100_000


def read_xmp(payload: bytes, gathered: Gathered, tags: Tags) -> list[bytes]:
    """Report what ``payload`` says; the pictures within it. Raises what the parser raises."""
    pictures: list[bytes] = []
    stack: list[str] = []
    said: list[list[str]] = []
    payload = payload.strip(b"\0 \r\n")
    for kind, name, value in read_events(io.BytesIO(payload)):
        if kind == START:
            stack.append(name)
            said.append([])
            for key, text in value.items():
                _report([*stack, key], text, tags, pictures)
        elif kind == TEXT and said:
            said[-1].append(name)
        elif kind == END:
            _report(stack, "".join(said.pop()).strip(), tags, pictures)
            stack.pop()
    gathered.text(find_strings(payload[:_MANY]), "XMP", shown=False)
    return pictures


def _report(path: list[str], text: str, tags: Tags, pictures: list[bytes]) -> None:
    if not text:
        return
    names = {*path, *(name.rpartition(":")[2] for name in path)}
    last = path[-1].rpartition(":")[2]
    if last in _PICTURES and len(text) > 100:
        _picture(text, pictures)
    elif names & _DEPICTED or (_REGION in names and last == "Name"):
        tags.depicted(text)
    elif names & _PEOPLE or names & _CONTACT:
        tags.person("creator", text)
    elif names & _POSITION:
        tags.position(text, known=any(character in "123456789" for character in text))
    elif names & _PLACES:
        tags.place(text)
    elif names & _SERIALS:
        tags.serial("camera", text)
    elif names & _WORDS:
        if last not in {"lang", "about"}:
            tags.comment("caption or keyword", text)
    elif names & _LAYERS:
        tags.layer(text)
    else:
        tags.path(text)


def _picture(text: str, pictures: list[bytes]) -> None:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return
    if data.startswith((b"\xff\xd8", b"\x89PNG")):
        pictures.append(data)
