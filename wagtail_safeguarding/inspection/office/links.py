"""What an Office file refers to outside of itself."""

from __future__ import annotations

from urllib.parse import unquote

from ..gathered import Gathered
from ..local_paths import find_path
from .package import Relationship
from .properties import report_path

_WEB = ("http:", "https:", "mailto:", "tel:", "#")
_WORDS = {
    "attachedTemplate": "the template",
    "externalLink": "another workbook",
    "externalLinkPath": "another workbook",
    "frame": "a frame",
    "image": "a picture",
    "oleObject": "a linked object",
    "subDocument": "a part in another file",
    "video": "a video",
    "audio": "a sound",
    "media": "a video",
}


def report_links(gathered: Gathered, relationships: list[Relationship]) -> None:
    for relationship in relationships:
        if relationship.external:
            _report(gathered, relationship)


def _report(gathered: Gathered, relationship: Relationship) -> None:
    target = unquote(relationship.target)
    kind = relationship.kind
    on_the_web = target.casefold().startswith(_WEB)
    gathered.text(target, "the address of a link", shown=False)
    if kind == "hyperlink":
        if not on_the_web:
            report_path(gathered, target, "a link")
    elif kind == "attachedTemplate":
        if on_the_web:
            gathered.found("office-remote-template", excerpt=target)
        elif find_path(target):
            report_path(gathered, target, "the template's path")
        else:
            gathered.found("office-template", excerpt=target, where="the template's name")
    else:
        where = _WORDS.get(kind, kind)
        gathered.found("office-link", excerpt=target, where=where)
        report_path(gathered, target, where)
