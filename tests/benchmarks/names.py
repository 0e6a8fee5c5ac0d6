"""Identifiers and names: what of the planted ones is found, what of their twins, and how fast."""

from __future__ import annotations

import io
import random
import secrets
from collections import Counter
from statistics import median

from tests.benchmarks.figures import Figure, timed
from tests.inspection.corpus import identified
from wagtail_safeguarding.inspection.identifiers import find_identifiers
from wagtail_safeguarding.inspection.inside import in_words, look_inside
from wagtail_safeguarding.inspection.reading import Text
from wagtail_safeguarding.inspection.report import Severity
from wagtail_safeguarding.inspection.restricted import RestrictedNames, hash_names

RUNS = 5
PAGES = 100
WORDS = 450
"""Of a page."""
NAMES = 50


def run() -> list[Figure]:
    return [*recall(), *speed()]


def recall() -> list[Figure]:
    planted: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    twins = alarms = 0
    for case in identified.cases():
        reading = look_inside(io.BytesIO(case.data), case.media_type)
        found = {
            finding.code
            for finding in map(in_words, find_identifiers(reading.texts))
            if finding.severity is not Severity.NOTE
        }
        planted.update(case.blockers | case.warnings)
        hit.update(found & (case.blockers | case.warnings))
        twins += case.is_twin
        alarms += bool(case.is_twin and found)
    return [
        *(
            Figure(f"{code}: found of {count} planted", hit[code] / count, "ratio", 1, at_least=1)
            for code, count in planted.items()
        ),
        Figure(f"identifiers: false alarms on {twins} twins", alarms, "files", 1, at_most=0),
    ]


def speed() -> list[Figure]:
    texts = report()
    key = secrets.token_bytes(32)
    hashes, _count = hash_names("\n".join(f"Name{n}x Family{n}y" for n in range(NAMES)), key)
    names = RestrictedNames(hashes, key)
    what = f"in a report of {PAGES} pages"
    return [
        Figure(
            f"identifiers {what}",
            median(timed(lambda: find_identifiers(texts)) for _ in range(RUNS)),
            "s",
            RUNS,
            at_most=1,
        ),
        Figure(
            f"{NAMES} names {what}",
            median(timed(lambda: names.find(texts)) for _ in range(RUNS)),
            "s",
            RUNS,
            at_most=1,
        ),
    ]


def report() -> list[Text]:
    """Pages of made-up words, a twentieth of them with a capital, and numbers between."""
    chance = random.Random(1)
    syllables = ["ba", "co", "di", "fe", "gu", "ha", "la", "mi", "no", "pe", "ra", "child", "ing"]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(6000)]

    def word() -> str:
        kind = chance.random()
        if kind < 0.05:
            return chance.choice(words).capitalize()
        return str(chance.randint(1, 3000)) if kind < 0.08 else chance.choice(words)

    return [
        Text(" ".join(word() + "," * (n % 9 == 0) for n in range(WORDS)), "page", page)
        for page in range(1, PAGES + 1)
    ]
