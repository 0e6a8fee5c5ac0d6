"""The whole of PDF/UA-1, if the optional package ``page-validation`` is there."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import Any

from wagtail_safeguarding.inspection.reading import Found

_MAX_RULES = 50
_PACKAGE = "page"


def read_conformance(data: bytes) -> tuple[list[Found], dict[str, Any]]:
    """What the validator finds; nothing where it is not installed. A file that it cannot read, or
    not within its limits, only has no result: whether it is damaged is for others to say."""
    try:
        page: Any = import_module(_PACKAGE)
    except ImportError:
        return [], {}
    try:
        report = page.validate_pdf_bytes(data, profile="ua1", limits=page.SafetyLimits())
    except page.PageError:
        return [], {"pdf_ua": {"profile": "PDF/UA-1", "result": "not validated"}}
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
