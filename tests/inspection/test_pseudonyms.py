"""What a report keeps of the reviews that a file speaks of."""

from __future__ import annotations

import pytest

from wagtail_safeguarding.inspection.pseudonyms import (
    facts_about_reviews,
    plain_reference,
    pseudonyms_in,
    references_in,
)
from wagtail_safeguarding.inspection.reading import Text

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ChildE_report.pdf", ["Child E"]),
        ("child-e", []),
        ("Child-E's family, Family X1 and Child 3", ["Child E", "Family X1", "Child 3"]),
        ("Young Person A and Plentyn E", ["Young person A", "Plentyn E"]),
        ("Children Act, Child and Family Court, a Child", []),
        ("Child\nE", ["Child E"]),
    ],
)
def test_pseudonyms(text: str, found: list[str]) -> None:
    assert pseudonyms_in(text.replace("_", " ")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Reference: NSCP/2019/04.", ["NSCP/2019/04"]),
        ("CSPR-2021-03 of 2021", ["CSPR-2021-03"]),
        ("BSCP 2015-16/01", ["BSCP 2015-16/01"]),
        ("LSCB 12/2019", ["LSCB 12/2019"]),
        ("Working Together 2018; 12/03/2019", []),
    ],
)
def test_references(text: str, found: list[str]) -> None:
    assert references_in(text) == found


def test_references_are_compared_by_letters_and_digits() -> None:
    assert plain_reference("NSCP/2019/04") == plain_reference("nscp 2019-04")


def test_the_title_is_what_the_name_the_metadata_and_the_first_page_say() -> None:
    texts = [
        Text("Child F", "metadata: Title", None, False),
        Text("A review of Child G", "page", 1),
        Text("Child E. Child E. Child E. Child P was another's. NSCP/2019/04", "page", 2),
    ]
    facts = facts_about_reviews("ChildH.pdf", texts)
    assert set(facts["pseudonyms_in_title"]) == {"Child F", "Child G", "Child H"}
    assert facts["pseudonyms"] == ["Child E"]
    assert facts["references"] == ["NSCP/2019/04"]
    assert "references_in_title" not in facts


def test_a_file_that_names_no_review_has_no_such_facts() -> None:
    assert facts_about_reviews("report.pdf", [Text("Nothing", "page", 1)]) == {}


def test_facts_are_bounded() -> None:
    many = " ".join(f"Child {a}{b}" for a in "ABCDEFGHIJ" for b in "KLMNOPQRST")
    facts = facts_about_reviews("report.pdf", [Text(many, "page", 1)])
    assert len(facts["pseudonyms_in_title"]) == 20
