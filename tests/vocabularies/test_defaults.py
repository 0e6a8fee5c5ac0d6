"""The shipped vocabularies: complete, unique, and stable in their keys."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import pytest

from wagtail_safeguarding.vocabularies.defaults import (
    DEFAULT_TERMS,
    JURISDICTIONS,
    NEVER_PUBLISHED_ROLES,
    Scheme,
)

KEYS = {
    Scheme.REVIEW_TYPE: """
        local-child-safeguarding-practice-review national-child-safeguarding-practice-review
        serious-case-review rapid-review learning-review thematic-review multi-agency-audit
        partnership-review safeguarding-adults-review domestic-homicide-review
        domestic-abuse-related-death-review offensive-weapons-homicide-review
        mental-health-homicide-review child-practice-review concise-child-practice-review
        extended-child-practice-review adult-practice-review single-unified-safeguarding-review
        case-management-review learning-review-scotland significant-case-review""",
    Scheme.DOCUMENT_ROLE: """
        overview-report executive-summary briefing-note seven-minute-briefing learning-summary
        action-plan action-plan-update partnership-response single-agency-response
        press-statement slides audio-video protocol pathway leaflet easy-read translation
        referral-document terms-of-reference improvements-only-statement
        individual-management-review other""",
    Scheme.OUTCOME: "child-death serious-harm other",
    Scheme.AGE_BAND: "unborn under-1 1-to-5 6-to-10 11-to-15 16-to-17 multiple not-stated",
    Scheme.HARM: """
        maltreatment-within-family homicide-within-family assault-or-homicide-outside-family
        sudden-unexpected-death-in-infancy suicide physical-abuse neglect
        sexual-abuse-within-family child-sexual-exploitation criminal-exploitation
        emotional-abuse fabricated-or-induced-illness self-harm accident domestic-abuse
        online-harm harmful-sexual-behaviour""",
    Scheme.THEME: """
        childs-daily-life engagement-with-family critical-thinking-and-challenge
        changing-risk-and-need information-sharing leadership-and-culture
        professional-curiosity escalation-and-resolution supervision disproportionality
        race-ethnicity-and-culture whole-family-assessment babies parental-mental-health
        not-in-school young-carers""",
    Scheme.AUDIENCE: """
        social-care health gp midwifery-and-health-visiting police education early-years
        housing probation voluntary-sector public""",
    Scheme.RECOMMENDATION_STATUS: """
        under-consideration accepted accepted-in-part in-progress completed superseded
        not-accepted""",
}


@pytest.mark.parametrize("scheme", list(Scheme))
def test_scheme_has_exactly_its_keys_because_pages_store_them(scheme: Scheme) -> None:
    assert [t.key for t in DEFAULT_TERMS if t.scheme == scheme] == KEYS[scheme].split()


def test_identity_is_unique() -> None:
    counts = Counter((t.scheme, t.key) for t in DEFAULT_TERMS)
    assert [identity for identity, count in counts.items() if count > 1] == []


def test_labels_are_unique_within_a_scheme() -> None:
    counts = Counter((t.scheme, t.label.casefold()) for t in DEFAULT_TERMS)
    assert [label for label, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("term", DEFAULT_TERMS, ids=lambda t: f"{t.scheme}:{t.key}")
def test_term_is_well_formed(term) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", term.key)
    assert len(term.key) <= 80
    assert term.label.strip() == term.label != ""
    assert term.jurisdiction in {"", *JURISDICTIONS}
    assert max(len(term.label), len(term.formerly)) <= 200
    assert len(term.abbreviation) <= 40
    assert not term.scope_note or term.scope_note.endswith(".")


def test_shared_letters_are_explained_on_both_terms() -> None:
    shared = [t for t in DEFAULT_TERMS if t.abbreviation == "SCR"]
    assert {t.jurisdiction for t in shared} == {"england", "scotland"}
    assert all("case review" in t.scope_note for t in shared)


def test_roles_that_are_never_published_exist() -> None:
    roles = {t.key: t for t in DEFAULT_TERMS if t.scheme == Scheme.DOCUMENT_ROLE}
    assert roles.keys() >= NEVER_PUBLISHED_ROLES
    assert all("Never published" in roles[key].scope_note for key in NEVER_PUBLISHED_ROLES)


def test_scheme_labels_are_for_people() -> None:
    assert Scheme.AGE_BAND.label == "Age band"
    assert str(Scheme.AGE_BAND) == "age-band"


def test_data_needs_no_django() -> None:
    code = (
        "import sys, wagtail_safeguarding.vocabularies.defaults; sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
