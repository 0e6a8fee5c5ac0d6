"""Words of a Word file that stand beside the text: codes of fields, and attributes."""

from __future__ import annotations

from ..gathered import Gathered

_TELLING_FIELDS = {"XE", "TC", "TA", "SET", "ASK", "FILLIN", "COMMENTS", "QUOTE", "MACROBUTTON"}
_LINKING_FIELDS = {"INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "DATABASE", "RD"}
_ACTIVE_FIELDS = {"DDE", "DDEAUTO"}
_PLAIN_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "SEQ", "NOTEREF"}

_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "wp:docPr": ("descr", "title"),
    "pic:cNvPr": ("descr", "title", "name"),
    "wps:cNvPr": ("descr", "title"),
    "v:shape": ("alt",),
    "v:rect": ("alt",),
    "v:imagedata": ("o:title",),
    "w:bookmarkStart": ("w:name",),
    "w:alias": ("w:val",),
    "w:tag": ("w:val",),
    "w:listItem": ("w:displayText", "w:value"),
    "w:attr": ("w:val",),
    "w:helpText": ("w:val",),
    "w:statusText": ("w:val",),
    "w:default": ("w:val",),
    "w:hyperlink": ("w:tooltip",),
}
_ATTRIBUTE_WORDS = {
    "wp:docPr": "alternative text",
    "pic:cNvPr": "alternative text or file name of a picture",
    "wps:cNvPr": "alternative text",
    "v:shape": "alternative text",
    "v:rect": "alternative text",
    "v:imagedata": "title of a picture",
    "w:bookmarkStart": "name of a bookmark",
    "w:alias": "title of a control",
    "w:tag": "tag of a control",
    "w:listItem": "a choice of a control",
    "w:attr": "a smart tag",
    "w:hyperlink": "tip of a link",
}


def report_field(gathered: Gathered, code: str, where: str) -> None:
    """A finding where the field ``code`` says or fetches what the page does not show."""
    words = code.replace("\\", " \\").split()
    if not words:
        return
    kind = words[0].upper()
    if kind in _ACTIVE_FIELDS:
        gathered.found("office-active-content", excerpt=code, where=where)
    elif kind in _LINKING_FIELDS:
        gathered.found("office-link", excerpt=code, where=where)
    elif kind in _TELLING_FIELDS:
        said = code.partition(words[0])[2]
        gathered.unless_shown(
            " ".join(word for word in said.split() if not word.startswith("\\")),
            "office-field-code",
            where=where,
            otherwise="note",
        )
    if kind not in _PLAIN_FIELDS:
        gathered.text(code, f"a field in {where}", shown=False)


def hand_on_attributes(
    gathered: Gathered, name: str, attributes: dict[str, str], where: str
) -> None:
    """Words in attributes, which a reader of the page does not see."""
    for key in _ATTRIBUTES.get(name, ()):
        if said := attributes.get(key):
            gathered.text(said, f"{_ATTRIBUTE_WORDS.get(name, name)} in {where}", shown=False)
