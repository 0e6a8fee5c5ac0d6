"""A review that is still being written: the site has it, and the public must not."""

from __future__ import annotations

from .shapes import Document, Review, sections

CHILD_T_REPORT = Document(
    key="child-t-report",
    title="Child T report",
    file_name="child-t-report.pdf",
    role="overview-report",
    date="2026-10",
    audiences=("social-care", "health", "police", "education"),
    summary="The full report, not yet agreed by the partners.",
    sections=sections("""
# Where this report stands

This is a working copy. T's family have not read it yet, and two agencies are still checking
the facts that concern them. Until the partnership has agreed it, nobody outside the group
that writes it should be able to open it.

# What happened

T was a baby who was seen by four services in the first three months of life. Each of them
made a note about T's weight. No two of them had the same number, because each used its own
scales and its own chart. T was then taken to hospital, and is well now.

# What we think we have learned so far

- A number without a date and a place cannot be compared with another one.
- T's parents had said twice that feeding was hard. Nobody asked what a night was like.
- The health visitor's worry was written down and was not passed on before a weekend.

# What is still open

- The family's own words are missing from this draft.
- The hospital will say by the end of the month whether the dates are right.
- We have not decided which recommendations we will make, and to whom.
"""),
)

CHILD_T = Review(
    key="child-t",
    title="LCSPR Child T, October 2026",
    slug="child-t",
    type="local-child-safeguarding-practice-review",
    subjects=("Child T",),
    date="2026-10",
    documents=("child-t-report",),
    reference="MVSCP-2026-01",
    summary=(
        "A baby was weighed by four services that could not compare what they wrote down. "
        "This review is still being written."
    ),
)
