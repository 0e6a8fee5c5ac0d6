"""File names as they stand in addresses and headers."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_safeguarding.inspection.names import MAX_NAME_LENGTH, find_name_problem, public_name


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("report.pdf", "report.pdf"),
        ("Child E – report (2019).pdf", "Child E – report (2019).pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\report.pdf", "report.pdf"),
        ("report\u202efdp.exe", "reportfdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ('a"b:c?.pdf', "a_b_c_.pdf"),
        ("", "document"),
        ("...", "document"),
        ("\u200b", "document"),
        ("  report.pdf  ", "report.pdf"),
    ],
)
def test_public_name(name: str, public: str) -> None:
    assert public_name(name) == public


def test_long_name_keeps_its_extension() -> None:
    name = public_name("x" * 400 + ".pdf")
    assert len(name) == 120
    assert name.endswith("x.pdf")
    assert len(public_name("x" * 400)) == 120
    assert len(public_name("x." + "y" * 400)) == 120


@given(st.text(max_size=500))
def test_any_name_can_stand_in_an_address_and_a_header(name: str) -> None:
    public = public_name(name)
    assert 0 < len(public) <= 120
    assert not set(public) & set('/\\"\r\n\0')
    assert public not in {".", ".."}
    assert all(unicodedata.category(c)[0] != "C" for c in public)
    assert public_name(public) == public


@given(st.text(max_size=300))
def test_a_name_without_a_problem_is_not_changed_unless_it_is_long(name: str) -> None:
    if find_name_problem(name) is None and len(name) <= 120:
        assert public_name(name) in {name, name.strip(". ")}


def test_limit_of_a_name() -> None:
    assert find_name_problem("x" * MAX_NAME_LENGTH) is None
    assert find_name_problem("x" * (MAX_NAME_LENGTH + 1)) is not None
