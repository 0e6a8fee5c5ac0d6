"""The whole of PDF/UA-1, if the optional package ``page-validation`` is there."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import Any, BinaryIO

from wagtail_safeguarding.inspection.reading import Found

_MAX_RULES = 50
_PACKAGE = "page"
_MAX_BYTES = 64 * 1024 * 1024
"""The validator holds a file in memory more than once."""
_NOT_VALIDATED = {"pdf_ua": {"profile": "PDF/UA-1", "result": "not validated"}}


def read_conformance(file: BinaryIO) -> tuple[list[Found], dict[str, Any]]:
    """What the validator finds; nothing where it is not installed. A file that it cannot read, or
    not within its limits, only has no result: whether it is damaged is for others to say."""
    try:
        page: Any = import_module(_PACKAGE)
    except ImportError:
        return [], {}
    if file.seek(0, 2) > _MAX_BYTES:
        return [], _NOT_VALIDATED
    file.seek(0)
    try:
        report = page.validate_pdf_bytes(file.read(), profile="ua1", limits=page.SafetyLimits())
    except page.PageError:
        return [], _NOT_VALIDATED
    failed = Counter(failure.rule_id for failure in report.failures)
    facts = {
        "profile": "PDF/UA-1",
        "result": "conforms" if report.is_compliant else "does not conform",
        "rules": report.rules.total,
        "failed": sorted(failed)[:_MAX_RULES],
    }
    found = []
    if not report.is_compliant:
        first = "; ".join(dict.fromkeys(failure.message for failure in report.failures[:3]))
        excerpt = f"{report.rules.failed} of {report.rules.total} rules: {first}"
        found.append(Found("access-pdf-ua", excerpt=excerpt[:120]))
    return found, {"pdf_ua": facts}
