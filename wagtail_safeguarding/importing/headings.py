"""What the heading of a review says: type, pseudonyms, date, reference. Nothing more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wagtail_safeguarding.dates import PartialDate

from .dating import DateReading, read_date
from .references import ReferenceReading, read_reference
from .review_types import read_review_type
from .roles import read_role
from .subjects import SubjectReading, read_subjects
from .wording import is_label, is_short, plain, without_bullet


@dataclass(frozen=True)
class HeadingReading:
    """What was understood of a line if it is the heading of a review.

    ``named``: a word such as "Child" or a type says that ``subjects`` are pseudonyms.
    ``plural``: it speaks of several reviews. ``role``: it also names a kind of document.
    """

    text: str
    review_type: str | None = None
    subjects: tuple[str, ...] = ()
    named: bool = False
    date: PartialDate | None = None
    reference: str = ""
    role: str | None = None
    plural: bool = False
    rest: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def is_typed_review(self) -> bool:
        """A type, and something that tells this review from others of the type."""
        return self.review_type is not None and bool(self.subjects or self.date or self.reference)

    @property
    def is_plain_subject(self) -> bool:
        """Nothing but a pseudonym that says it is one, perhaps with date and reference."""
        return bool(self.subjects) and self.named and not self.rest and self.role is None

    @property
    def is_names(self) -> bool:
        """Nothing but single names, which no word declares to be pseudonyms."""
        single = bool(self.subjects) and not any(" " in plain(name) for name in self.subjects)
        return single and not self.named and not self.rest and self.role is None

    @property
    def tells_apart(self) -> bool:
        return bool(self.date or self.reference)

    def dated(self, date: PartialDate) -> HeadingReading:
        """The same with a date that was found outside the heading."""
        return replace(self, date=date)


def read_heading(text: str, *, scottish: bool = False) -> HeadingReading:
    """Read one line. A line that cannot be a heading gives an empty reading."""
    if not is_short(text) or is_label(text):
        return HeadingReading(text)
    heading = without_bullet(text)
    folded = plain(heading)
    reference = read_reference(heading)
    without_reference = _blank(folded, reference.spans)
    date = read_date(without_reference)
    without_date = _blank(folded, date.spans)
    kind = read_review_type(without_date, scottish=scottish)
    role = read_role(heading)
    understood = (*date.spans, *kind.spans, *role.spans)
    subjects = read_subjects(heading, _blank(without_reference, understood))
    if kind.plural:
        # "Safeguarding Adults Reviews": the rest of such a line names no child.
        subjects = SubjectReading(subjects.subjects if subjects.said else ())
    return HeadingReading(
        text=heading,
        review_type=kind.key,
        subjects=subjects.subjects,
        named=subjects.said,
        date=date.date,
        reference=reference.reference,
        role=role.key,
        plural=kind.plural,
        rest=subjects.rest,
        unsure=_notes(kind.unsure, date, reference, subjects, has_type=kind.key is not None),
    )


def _blank(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _notes(
    type_notes: tuple[str, ...],
    date: DateReading,
    reference: ReferenceReading,
    subjects: SubjectReading,
    *,
    has_type: bool,
) -> tuple[str, ...]:
    notes = [*type_notes, *date.unsure, *subjects.unsure]
    if not has_type:
        notes.insert(0, "The heading names no review type.")
    if len(reference.spans) > 1:
        notes.append("More than one reference is given; the first was taken.")
    if not subjects.subjects:
        notes.append("The heading names no child, adult or family.")
    if subjects.rest:
        notes.append(f"Not understood in the heading: {' '.join(subjects.rest)}.")
    return tuple(notes)
