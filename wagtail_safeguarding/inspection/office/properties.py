"""What an Office file says about itself: authors, company, template, properties of a site's own."""

from __future__ import annotations

from collections.abc import Iterator

from ..gathered import Gathered, is_readable
from ..local_paths import find_path
from ..xml_events import END, START, TEXT, Event

PROGRAMS = {
    "",
    "anonymous",
    "apache poi",
    "author",
    "libreoffice",
    "microsoft office user",
    "microsoft word",
    "openpyxl",
    "python-docx",
    "unknown",
    "user",
    "windows user",
}
"""What stands for an author and names nobody."""

_NORMAL = {"", "normal", "normal.dotm", "normal.dot", "office theme", "default", "blank"}

_PEOPLE = {
    "dc:creator": "author",
    "cp:lastModifiedBy": "last modified by",
    "ep:Manager": "manager",
    "meta:initial-creator": "first author",
    "meta:printed-by": "printed by",
}
_NOTED = {
    "dc:subject": "subject",
    "dc:description": "comments",
    "cp:keywords": "keywords",
    "cp:category": "category",
    "cp:contentStatus": "status",
    "ep:Company": "company",
    "meta:keyword": "keywords",
}
_FACTS = {
    "dc:title": "title",
    "dcterms:created": "created",
    "dcterms:modified": "modified",
    "ep:Application": "producer",
    "meta:generator": "producer",
    "meta:creation-date": "created",
    "dc:date": "modified",
}
_FEWEST_IN_PATH = 3


def pairs(events: Iterator[Event]) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each element that has text of its own or attributes: name, attributes, text."""
    open_: list[tuple[str, dict[str, str], list[str]]] = []
    for kind, name, value in events:
        if kind == START:
            open_.append((name, value, []))
        elif kind == TEXT:
            if open_:
                open_[-1][2].append(name)
        elif kind == END:
            name, attributes, said = open_.pop()
            text = "".join(said).strip()
            if text or attributes:
                yield name, attributes, text


def read_properties(events: Iterator[Event], gathered: Gathered) -> None:
    """``docProps/core.xml``, ``docProps/app.xml`` or the ``meta.xml`` of OpenDocument."""
    for name, attributes, text in pairs(events):
        if name in _PEOPLE:
            report_person(gathered, text, _PEOPLE[name])
        elif name in _NOTED:
            where = _NOTED[name]
            if is_readable(text):
                gathered.found("office-property", excerpt=text, where=where)
                gathered.text(text, f"metadata: {where}", shown=False)
        elif name in _FACTS:
            gathered.facts[_FACTS[name]] = text
            if name == "dc:title":
                gathered.text(text, "metadata: title", shown=False)
        elif name == "ep:Template":
            report_template(gathered, text)
        elif name == "ep:HyperlinkBase":
            report_path(gathered, text, "the base of links")
        elif name == "meta:template":
            report_template(gathered, attributes.get("xlink:title", ""))
            report_path(gathered, attributes.get("xlink:href", ""), "the template's path")
        elif name == "meta:user-defined" and is_readable(text):
            _custom(gathered, attributes.get("meta:name", ""), text)
        elif name == "vt:lpstr":
            # The names of sheets and slides, of fonts and of the theme.
            gathered.text(text, "metadata: titles of parts", shown=False)


def read_custom(events: Iterator[Event], gathered: Gathered) -> None:
    """``docProps/custom.xml``."""
    name = ""
    said: list[str] = []
    for kind, tag, value in events:
        if kind == START and tag == "op:property":
            name, said = value.get("name", ""), []
        elif kind == TEXT:
            said.append(tag)
        elif kind == END and tag == "op:property":
            text = " ".join("".join(said).split())
            if is_readable(text):
                _custom(gathered, name, text)


def _custom(gathered: Gathered, name: str, text: str) -> None:
    words = any(character.isalpha() for character in text)
    plain = text.casefold() in {"true", "false"} or name in {"ContentTypeId", "AppVersion"}
    severity = "" if words and not plain else "note"
    gathered.found(
        "office-custom-property", excerpt=f"{name}: {text}", where="metadata", severity=severity
    )
    gathered.text(f"{name}: {text}", "metadata", shown=False)
    report_path(gathered, text, "metadata")


def report_person(gathered: Gathered, name: str, where: str) -> None:
    gathered.text(name, f"metadata: {where}", shown=False)
    if is_readable(name) and name.casefold() not in PROGRAMS:
        gathered.found("office-author", excerpt=name, where=where)


def report_template(gathered: Gathered, name: str) -> None:
    gathered.text(name, "metadata: template", shown=False)
    if find_path(name):
        report_path(gathered, name, "the template's path")
    elif is_readable(name) and name.casefold() not in _NORMAL:
        gathered.found("office-template", excerpt=name, where="the template's name")


def report_path(gathered: Gathered, text: str, where: str) -> None:
    """A finding if ``text`` has the path of a computer or a network in it."""
    path = find_path(text)
    if len(path) > _FEWEST_IN_PATH:
        gathered.found("office-path", excerpt=path, where=where)
        gathered.text(path, where, shown=False)
