"""Office packages by hand, as the programs write them: content types, relationships, parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

SCHEMAS = "http://schemas.openxmlformats.org"
RELATIONSHIPS = f"{SCHEMAS}/officeDocument/2006/relationships"
W = f"{SCHEMAS}/wordprocessingml/2006/main"
X = f"{SCHEMAS}/spreadsheetml/2006/main"
P = f"{SCHEMAS}/presentationml/2006/main"
A = f"{SCHEMAS}/drawingml/2006/main"

Parts = dict[str, str | bytes]

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": W,
        "p": P,
        "a": A,
        "r": RELATIONSHIPS,
        "wp": f"{SCHEMAS}/drawingml/2006/wordprocessingDrawing",
        "pic": f"{SCHEMAS}/drawingml/2006/picture",
        "xdr": f"{SCHEMAS}/drawingml/2006/spreadsheetDrawing",
        "c": f"{SCHEMAS}/drawingml/2006/chart",
        "mc": f"{SCHEMAS}/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
        "p15": "http://schemas.microsoft.com/office/powerpoint/2012/main",
        "p188": "http://schemas.microsoft.com/office/powerpoint/2018/8/main",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)


def xml(root: str, inner: str = "", attributes: str = "", default: str = "") -> str:
    """A part with all prefixes declared; ``default`` is the namespace of names without one."""
    namespace = f'xmlns="{default}" ' if default else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<{root} {namespace}{_NAMESPACES} {attributes}>{inner}</{root}>"
    )


def relationships(*targets: tuple[str, str, str] | tuple[str, str, str, str]) -> str:
    """From (id, kind, target[, mode])."""
    inner = "".join(
        f'<Relationship Id="{id_}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode[0]}"/>' if mode else "/>")
        for id_, kind, target, *mode in targets
    )
    return f'<Relationships xmlns="{SCHEMAS}/package/2006/relationships">{inner}</Relationships>'


CONTENT_TYPES = (
    f'<Types xmlns="{SCHEMAS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def package(main: str, parts: Parts, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of ``parts``, whose document is the part ``main``."""
    out = io.BytesIO()
    start: Parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relationships(("rId1", "officeDocument", main)),
    }
    with zipfile.ZipFile(out, "w", compression) as file:
        for name, content in {**start, **parts}.items():
            file.writestr(name, content)
    return out.getvalue()


def changed(data: bytes, change: Callable[[Parts], None]) -> bytes:
    """The same package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts: Parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def added(data: bytes, more: Parts, links: dict[str, tuple[tuple[str, str, str], ...]]) -> bytes:
    """The package with parts and relationships added; ``links`` is by the ``.rels`` part."""

    def change(parts: Parts) -> None:
        parts.update(more)
        for name, targets in links.items():
            new = relationships(*targets)
            if name in parts:
                inner = re.search(r"<Relationships[^>]*>(.*)</Relationships>", new, re.S)
                assert inner is not None
                old = parts[name]
                text = old.decode() if isinstance(old, bytes) else old
                parts[name] = text.replace("</Relationships>", inner.group(1) + "</Relationships>")
            else:
                parts[name] = new

    return changed(data, change)
