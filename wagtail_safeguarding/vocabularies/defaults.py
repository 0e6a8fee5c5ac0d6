"""The vocabulary terms that ship with the package: plain data, no Django.

A site may relabel, translate, deprecate or add terms; a *key* is for ever, because
pages and documents store it. Statutory numbers and dates are not in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scheme(StrEnum):
    """The controlled vocabularies, by the name that the API sends."""

    REVIEW_TYPE = "review-type"
    DOCUMENT_ROLE = "document-role"
    OUTCOME = "outcome"
    AGE_BAND = "age-band"
    HARM = "harm"
    THEME = "theme"
    AUDIENCE = "audience"
    RECOMMENDATION_STATUS = "recommendation-status"

    @property
    def label(self) -> str:
        """The name for people: "Review type"."""
        return self.value.replace("-", " ").capitalize()


@dataclass(frozen=True)
class DefaultTerm:
    """One shipped term. ``(scheme, key)`` identifies it.

    ``formerly`` is the name that earlier guidance used for the same thing.
    ``jurisdiction`` is one of :data:`JURISDICTIONS`, or "" where no single one owns it.
    """

    scheme: Scheme
    key: str
    label: str
    scope_note: str = ""
    abbreviation: str = ""
    formerly: str = ""
    jurisdiction: str = ""


ENGLAND, WALES, SCOTLAND, NORTHERN_IRELAND = (
    "england",
    "wales",
    "scotland",
    "northern-ireland",
)
JURISDICTIONS = (ENGLAND, WALES, SCOTLAND, NORTHERN_IRELAND)

NEVER_PUBLISHED_ROLES = frozenset({"individual-management-review"})
"""Keys of document roles that are refused for publication by default."""


def _review_type(
    key: str,
    label: str,
    abbreviation: str = "",
    *,
    note: str = "",
    formerly: str = "",
    where: str = "",
) -> DefaultTerm:
    return DefaultTerm(Scheme.REVIEW_TYPE, key, label, note, abbreviation, formerly, where)


REVIEW_TYPES = (
    _review_type(
        "local-child-safeguarding-practice-review",
        "Local child safeguarding practice review",
        "LCSPR",
        note="Commissioned by the safeguarding partners of one area.",
        formerly="Serious case review (SCR)",
        where=ENGLAND,
    ),
    _review_type(
        "national-child-safeguarding-practice-review",
        "National child safeguarding practice review",
        "NCSPR",
        note="Commissioned by the national Child Safeguarding Practice Review Panel.",
        where=ENGLAND,
    ),
    _review_type(
        "serious-case-review",
        "Serious case review",
        "SCR",
        note=(
            "Replaced by the child safeguarding practice review under the 2018 guidance; kept "
            "for reviews begun before. In Scotland the letters SCR stood for a significant "
            "case review, which is another type."
        ),
        where=ENGLAND,
    ),
    _review_type(
        "rapid-review",
        "Rapid review",
        note=(
            "The first look at a case, which decides whether a practice review follows. "
            "Normally not published."
        ),
        where=ENGLAND,
    ),
    _review_type(
        "learning-review",
        "Learning review",
        note="A review for learning that no statute required. For Scotland's, see the other term.",
    ),
    _review_type(
        "thematic-review",
        "Thematic review",
        note="Looks at several cases, or at one kind of harm, together.",
    ),
    _review_type(
        "multi-agency-audit",
        "Multi-agency audit",
        note="Several agencies check a sample of their own work against agreed standards.",
    ),
    _review_type(
        "partnership-review",
        "Partnership review",
        note="A local review outside the statutory kinds, led by the partnership itself.",
    ),
    _review_type(
        "safeguarding-adults-review",
        "Safeguarding adults review",
        "SAR",
        note="Under section 44 of the Care Act 2014: about an adult with care and support needs.",
        formerly="Serious case review (adults)",
        where=ENGLAND,
    ),
    _review_type(
        "domestic-homicide-review",
        "Domestic homicide review",
        "DHR",
        note="Used in England and Wales. Newer ones: domestic abuse related death review.",
    ),
    _review_type(
        "domestic-abuse-related-death-review",
        "Domestic abuse related death review",
        "DARDR",
        note="Used in England and Wales. Also covers deaths by suicide after domestic abuse.",
        formerly="Domestic homicide review (DHR)",
    ),
    _review_type(
        "offensive-weapons-homicide-review",
        "Offensive weapons homicide review",
        "OWHR",
        note="Used in England and Wales.",
    ),
    _review_type(
        "mental-health-homicide-review",
        "Mental health homicide review",
        "MHHR",
        note="An independent review after a homicide by a person in mental health care.",
        where=ENGLAND,
    ),
    _review_type("child-practice-review", "Child practice review", "CPR", where=WALES),
    _review_type(
        "concise-child-practice-review",
        "Concise child practice review",
        note="The child was not, or had not lately been, on the register or looked after.",
        where=WALES,
    ),
    _review_type(
        "extended-child-practice-review",
        "Extended child practice review",
        note="The child was, or had lately been, on the register or looked after.",
        where=WALES,
    ),
    _review_type("adult-practice-review", "Adult practice review", "APR", where=WALES),
    _review_type(
        "single-unified-safeguarding-review",
        "Single unified safeguarding review",
        "SUSR",
        note="One process in place of several separate reviews of the same events.",
        formerly="Child practice review, adult practice review and others",
        where=WALES,
    ),
    _review_type("case-management-review", "Case management review", "CMR", where=NORTHERN_IRELAND),
    _review_type(
        "learning-review-scotland",
        "Learning review (Scotland)",
        note="Under Scotland's national guidance for child protection committees.",
        formerly="Significant case review (SCR)",
        where=SCOTLAND,
    ),
    _review_type(
        "significant-case-review",
        "Significant case review",
        "SCR",
        note=(
            "Replaced by the learning review; kept for earlier ones. Shares its letters with "
            "England's serious case review, so write the name in full."
        ),
        where=SCOTLAND,
    ),
)


def _terms(
    scheme: Scheme, *rows: tuple[str, str] | tuple[str, str, str]
) -> tuple[DefaultTerm, ...]:
    """Terms from rows of key, label and, where it helps, scope note."""
    return tuple(DefaultTerm(scheme, *row) for row in rows)


DOCUMENT_ROLES = _terms(
    Scheme.DOCUMENT_ROLE,
    ("overview-report", "Overview report", "The full report of the review."),
    ("executive-summary", "Executive summary"),
    ("briefing-note", "Briefing note"),
    (
        "seven-minute-briefing",
        "7-minute briefing",
        "One page for a team to read and discuss in a few minutes.",
    ),
    ("learning-summary", "Learning summary", "What practitioners should take from the review."),
    ("action-plan", "Action plan", "What will be done, by whom and by when."),
    ("action-plan-update", "Action plan update", "Progress against an earlier action plan."),
    ("partnership-response", "Partnership response", "The answer of the partnership as a whole."),
    ("single-agency-response", "Single-agency response", "The answer of one agency."),
    ("press-statement", "Press statement"),
    ("slides", "Slides"),
    ("audio-video", "Audio or video", "Give a transcript beside it."),
    ("protocol", "Protocol", "How agencies agreed to act; often shared by several reviews."),
    ("pathway", "Pathway", "The steps to follow, often as a diagram."),
    ("leaflet", "Leaflet", "For parents, carers, children or the public."),
    ("easy-read", "Easy read version"),
    ("translation", "Translation", "The same text in another language."),
    ("referral-document", "Referral form or document", "How to refer a child or a case."),
    ("terms-of-reference", "Terms of reference"),
    (
        "improvements-only-statement",
        "Improvements-only statement",
        "What will improve, where the report itself cannot be published.",
    ),
    (
        "individual-management-review",
        "Individual management review",
        "An agency's own account to the review. Never published.",
    ),
    ("other", "Other document"),
)

OUTCOMES = _terms(
    Scheme.OUTCOME,
    ("child-death", "Child death"),
    ("serious-harm", "Serious harm"),
    ("other", "Other"),
)

AGE_BANDS = _terms(
    Scheme.AGE_BAND,
    ("unborn", "Unborn"),
    ("under-1", "Under 1 year"),
    ("1-to-5", "1 to 5 years"),
    ("6-to-10", "6 to 10 years"),
    ("11-to-15", "11 to 15 years"),
    ("16-to-17", "16 to 17 years"),
    ("multiple", "Several children of different ages"),
    ("not-stated", "Not stated", "Choose this where the age would help to identify a child."),
)

HARMS = _terms(
    Scheme.HARM,
    ("maltreatment-within-family", "Maltreatment within the family"),
    ("homicide-within-family", "Homicide within the family"),
    ("assault-or-homicide-outside-family", "Assault or homicide outside the family"),
    ("sudden-unexpected-death-in-infancy", "Sudden unexpected death in infancy"),
    ("suicide", "Suicide", "Includes suspected suicide."),
    ("physical-abuse", "Physical abuse"),
    ("neglect", "Neglect"),
    ("sexual-abuse-within-family", "Sexual abuse within the family"),
    ("child-sexual-exploitation", "Child sexual exploitation"),
    ("criminal-exploitation", "Criminal exploitation", "Includes county lines."),
    ("emotional-abuse", "Emotional abuse"),
    ("fabricated-or-induced-illness", "Fabricated or induced illness"),
    ("self-harm", "Self-harm"),
    ("accident", "Accident"),
    ("domestic-abuse", "Domestic abuse"),
    ("online-harm", "Online harm"),
    ("harmful-sexual-behaviour", "Harmful sexual behaviour"),
)

THEMES = _terms(
    Scheme.THEME,
    ("childs-daily-life", "The child's daily life", "What life was like for this child."),
    ("engagement-with-family", "Engagement with the family"),
    ("critical-thinking-and-challenge", "Critical thinking and challenge"),
    ("changing-risk-and-need", "Changing risk and need"),
    ("information-sharing", "Information sharing"),
    ("leadership-and-culture", "Leadership and culture"),
    ("professional-curiosity", "Professional curiosity"),
    ("escalation-and-resolution", "Escalation and resolution"),
    ("supervision", "Supervision"),
    ("disproportionality", "Disproportionality"),
    (
        "race-ethnicity-and-culture",
        "Race, ethnicity and culture",
        "About practice; never a description of the child of one review.",
    ),
    ("whole-family-assessment", "Whole-family assessment"),
    ("babies", "Babies"),
    ("parental-mental-health", "Parental mental health"),
    ("not-in-school", "Not in school"),
    ("young-carers", "Young carers"),
)

AUDIENCES = _terms(
    Scheme.AUDIENCE,
    ("social-care", "Social care"),
    ("health", "Health"),
    ("gp", "General practice (GP)"),
    ("midwifery-and-health-visiting", "Midwifery and health visiting"),
    ("police", "Police"),
    ("education", "Education"),
    ("early-years", "Early years"),
    ("housing", "Housing"),
    ("probation", "Probation"),
    ("voluntary-sector", "Voluntary sector"),
    ("public", "The public"),
)

RECOMMENDATION_STATUSES = _terms(
    Scheme.RECOMMENDATION_STATUS,
    ("under-consideration", "Under consideration"),
    ("accepted", "Accepted", "Agreed; work has not begun."),
    ("accepted-in-part", "Accepted in part"),
    ("in-progress", "In progress"),
    ("completed", "Completed"),
    ("superseded", "Superseded", "Other work took its place."),
    ("not-accepted", "Not accepted", "Say why in the text."),
)

DEFAULT_TERMS: tuple[DefaultTerm, ...] = (
    *REVIEW_TYPES,
    *DOCUMENT_ROLES,
    *OUTCOMES,
    *AGE_BANDS,
    *HARMS,
    *THEMES,
    *AUDIENCES,
    *RECOMMENDATION_STATUSES,
)
"""Every shipped term, in the order in which an editor should meet them."""
