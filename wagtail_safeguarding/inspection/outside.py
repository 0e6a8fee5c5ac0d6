"""Look at a file from outside: what it is by its bytes, its SHA-256, its size and its name.

Quick, and no parser is asked. It refuses what may not be published at all, so an upload that has
such findings is not even stored.
"""

from __future__ import annotations

import hashlib
from typing import IO

from .media_types import KNOWN, UNKNOWN, XLSX, sniff
from .names import find_name_problem
from .report import Finding, Report, Severity

_CHUNK = 1024 * 1024

_SPREADSHEET_ADVICE = (
    "Hidden sheets, rows and pivot caches have named children before. "
    "Publish the figures as a table on the page or as a PDF instead."
)


def look_outside(file: IO[bytes], name: str, *, max_bytes: int) -> Report:
    """What the seekable binary ``file`` that was uploaded as ``name`` is.

    ``max_bytes`` bounds what is read. Raises :class:`OSError` when reading fails; bad
    content never raises, it is a finding.
    """
    digest = hashlib.sha256()
    size = 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > max_bytes:
            break
        digest.update(chunk)
    too_large = size > max_bytes
    media_type = UNKNOWN if too_large else sniff(file)
    findings = [
        *_size_findings(size, max_bytes),
        *([] if too_large else _type_findings(media_type, name, size)),
        *_name_findings(name),
    ]
    return Report(
        sha256=digest.hexdigest(), size=size, media_type=media_type, findings=tuple(findings)
    )


def _size_findings(size: int, max_bytes: int) -> list[Finding]:
    if size == 0:
        return [
            Finding(
                "empty",
                Severity.BLOCKER,
                "The file is empty.",
                "Export or save the document again and upload the new file.",
            )
        ]
    if size > max_bytes:
        return [
            Finding(
                "too-large",
                Severity.BLOCKER,
                f"The file is larger than {max_bytes // (1024 * 1024)} MB.",
                "Reduce the size of its pictures, or split it.",
            )
        ]
    return []


def _type_findings(media_type: str, name: str, size: int) -> list[Finding]:
    if size == 0:
        return []
    known = KNOWN.get(media_type)
    if known is None:
        what = "not a type that can be recognised" if media_type == UNKNOWN else media_type
        advice = _SPREADSHEET_ADVICE if media_type == XLSX else "Publish it as a PDF instead."
        return [
            Finding(
                "type-refused",
                Severity.BLOCKER,
                f"Files of this kind are not published ({what}).",
                advice,
            )
        ]
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in known.extensions:
        return [
            Finding(
                "wrong-extension",
                Severity.BLOCKER,
                f"The file is a {known.label} but its name ends in “{extension or 'nothing'}”.",
                f"Give it a name that ends in .{known.extensions[0]} if that is what it should be.",
            )
        ]
    return []


def _name_findings(name: str) -> list[Finding]:
    problem = find_name_problem(name)
    if problem is None:
        return []
    return [Finding(f"name-{problem.value}", Severity.BLOCKER, problem.message, problem.advice)]
