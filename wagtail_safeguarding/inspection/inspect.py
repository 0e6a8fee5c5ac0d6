"""Inspect a file before anything of it may be published.

A function from a file to a :class:`~wagtail_safeguarding.inspection.report.Report`. It knows
neither Django nor a review: what it is to look for beside its own rules is given to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import IO, Any

from .identifiers import file_name_text, find_identifiers, without_identifiers
from .inside import in_words, is_read, look_inside
from .malware import FOUND as MALWARE
from .malware import Clamd
from .outside import look_outside
from .pseudonyms import facts_about_reviews
from .reading import UNKNOWN_DATA, WITH_HIDDEN, Found, Text
from .report import UNINSPECTABLE, Report
from .restricted import RestrictedNames


def inspect_file(
    file: IO[bytes],
    name: str,
    *,
    max_bytes: int,
    names: RestrictedNames | None = None,
    scanner: Clamd | None = None,
) -> Report:
    """Inspect the seekable binary ``file`` that was uploaded as ``name``.

    ``names`` must not be in it; no excerpt repeats one. A ``scanner`` is asked first, and what
    it knows as malware is not read. ``max_bytes`` bounds what is read. Raises :class:`OSError`
    when reading fails; bad content never raises, it is a finding.
    """
    outside = look_outside(file, name, max_bytes=max_bytes)
    if outside.size == 0 or outside.size > max_bytes:
        return outside
    scanned = scanner.scan(file) if scanner else []
    if any(found.code == MALWARE for found in scanned):
        return replace(outside, findings=(*outside.findings, *map(in_words, scanned)))
    reading = look_inside(file, outside.media_type)
    texts = [file_name_text(name), *reading.texts]
    found = [*scanned, *reading.found, *find_identifiers(_meant(texts))]
    if names:
        found += names.find(texts)
    masked = partial(_masked, names)
    facts = {
        **_masked_facts(reading.facts, masked),
        **facts_about_reviews(name, _meant(reading.texts)),
        **({"virus_scan": "nothing known"} if scanner and not scanned else {}),
    }
    return replace(
        outside,
        findings=(
            *outside.findings,
            *(
                in_words(replace(one, excerpt=masked(one.excerpt), where=masked(one.where)))
                for one in found
            ),
        ),
        facts=facts,
        pages=reading.pages,
        language=reading.language,
        looked_inside=is_read(outside.media_type),
    )


def find_names(
    file: IO[bytes], name: str, media_type: str, names: RestrictedNames
) -> list[Found] | None:
    """Where the seekable ``file`` has one of the names; None where it cannot be read."""
    reading = look_inside(file, media_type)
    if any(found.code == UNINSPECTABLE for found in reading.found):
        return None
    return names.find([file_name_text(name), *reading.texts])


def _meant(texts: list[Text]) -> list[Text]:
    """Those of which it is known what they are."""
    return [text for text in texts if text.where not in (UNKNOWN_DATA, WITH_HIDDEN)]


def _masked(names: RestrictedNames | None, text: str) -> str:
    """What a report repeats from a file, without identifiers and names."""
    text = without_identifiers(text)
    return names.masked(text) if names else text


def _masked_facts(value: Any, masked: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_masked_facts(one, masked) for one in value]
    if isinstance(value, dict):
        return {masked(name): _masked_facts(one, masked) for name, one in value.items()}
    return value
