"""The demo content is complete, consistent, plainly invented, and needs no Django."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from example_project.demo.content import SITE
from example_project.demo.shapes import Link, Section, sections, written_date
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.vocabularies.defaults import (
    DEFAULT_TERMS,
    NEVER_PUBLISHED_ROLES,
    Scheme,
)

INDEX = SITE.review_index
REVIEWS = {review.key: review for review in INDEX.reviews}


def everything(value=SITE):
    """Every dataclass instance and every string below ``value``."""
    yield value
    if dataclasses.is_dataclass(value):
        value = [getattr(value, item.name) for item in dataclasses.fields(value)]
    elif isinstance(value, dict):
        value = list(value.values())
    elif not isinstance(value, tuple):
        return
    for item in value:
        yield from everything(item)


TEXTS = [value for value in everything() if isinstance(value, str)]
LINKS = [value for value in everything() if isinstance(value, Link)]


def keys(scheme):
    return {term.key for term in DEFAULT_TERMS if term.scheme == scheme}


def test_content_imports_no_django():
    code = (
        "import sys, example_project.demo.content;"
        "sys.exit(bool({'django', 'wagtail', 'reportlab', 'pikepdf'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_index_has_the_shape_of_a_real_page():
    assert len(INDEX.introduction) == 4
    assert INDEX.documents == ("referral-guidance",)
    assert [len(review.documents) for review in INDEX.reviews] == [4, 2, 1, 1, 1]
    assert len(INDEX.further_information.links) == 3
    assert INDEX.emergency_line.number in INDEX.emergency_line.text


def test_reviews_are_newest_first_with_their_precision_and_letters_out_of_order():
    dates = [PartialDate.parse(review.date) for review in INDEX.reviews]
    assert [date.precision for date in dates] == ["month"] * 4 + ["year"]
    assert all(newer > older for newer, older in pairwise(dates))
    letters = [review.title.split(",")[0][-1] for review in INDEX.reviews]
    assert letters != sorted(letters)
    assert letters != sorted(letters, reverse=True)


def test_titles_end_with_the_date_as_written():
    for review in INDEX.reviews:
        assert review.title.endswith(f", {written_date(review.date)}")
        assert review.subjects[0] in review.title


def test_the_newest_two_reviews_are_told_in_full_and_the_others_are_bare():
    optional = [item.name for item in dataclasses.fields(INDEX.reviews[0])][7:]
    assert optional[0] == "reference"
    full = [{name for name in optional if getattr(r, name)} for r in INDEX.reviews]
    assert set(optional) - full[0] == {"shared_documents"}
    assert set(optional) - full[1] == set()
    assert full[2:] == [set()] * 3


def test_related_reviews_and_shared_documents_belong_to_another_review():
    for review in INDEX.reviews:
        assert set(review.related_reviews) <= set(REVIEWS) - {review.key}
        others = {key for other in INDEX.reviews if other is not review for key in other.documents}
        assert set(review.shared_documents) <= others
    assert any(review.shared_documents for review in INDEX.reviews)


def test_each_document_is_used_and_each_use_exists():
    used = [
        *INDEX.documents,
        *(key for review in INDEX.reviews for key in review.documents + review.shared_documents),
        *(key for section in SITE.collection.sections for key in section.documents),
        *SITE.article.documents,
    ]
    assert set(used) == set(SITE.documents)


def test_slugs_and_file_names_are_safe_and_unique():
    pages = [INDEX, SITE.collection, SITE.further_information, SITE.article]
    for names in ([p.slug for p in pages], [r.slug for r in INDEX.reviews]):
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)
    files = [document.file_name for document in SITE.documents.values()]
    assert len(set(files)) == len(files)
    assert all(re.fullmatch(r"[a-z0-9-]+\.pdf", name) for name in files)


def test_vocabulary_keys_are_those_of_the_package():
    for review in INDEX.reviews:
        assert review.type in keys(Scheme.REVIEW_TYPE)
        assert review.outcome in keys(Scheme.OUTCOME) | {""}
        assert review.age_band in keys(Scheme.AGE_BAND) | {""}
        assert set(review.harms) <= keys(Scheme.HARM)
        assert set(review.themes) <= keys(Scheme.THEME)
        for recommendation in review.recommendations:
            assert recommendation.status in keys(Scheme.RECOMMENDATION_STATUS)
    for document in SITE.documents.values():
        assert document.role in keys(Scheme.DOCUMENT_ROLE) - NEVER_PUBLISHED_ROLES
        assert set(document.audiences) <= keys(Scheme.AUDIENCE)
        assert document.audiences


def test_every_date_is_a_partial_date():
    for document in SITE.documents.values():
        PartialDate.parse(document.date)
    for review in INDEX.reviews:
        for recommendation in review.recommendations:
            PartialDate.parse(recommendation.due)
            assert PartialDate.parse(recommendation.updated).precision == "day"
    for comments in (INDEX.comments, SITE.article.comments):
        assert PartialDate.parse(comments.closed_on).precision == "day"


@pytest.mark.parametrize("document", SITE.documents.values(), ids=SITE.documents)
def test_each_document_has_enough_text_to_read(document):
    words = sum(
        len(text.split())
        for section in document.sections
        for text in (section.heading, *section.paragraphs, *section.bullets)
    )
    assert 100 <= words <= 500
    assert all(section.paragraphs or section.bullets for section in document.sections)


def test_links_are_public_and_say_where_they_lead():
    assert LINKS
    for link in LINKS:
        assert urlsplit(link.url).scheme == "https"
        assert urlsplit(link.url).hostname in {"www.gov.uk", "learning.nspcc.org.uk"}
        assert len(link.title.split()) > 2
        assert link.organisation
        assert link.description


def test_phone_numbers_and_addresses_cannot_reach_anybody():
    for text in TEXTS:
        for number in re.findall(r"\b0\d[\d ]{7,}", text):
            assert number.startswith("01632 960"), number
        for domain in re.findall(r"@([\w.]+)", text):
            assert domain.endswith(".example"), domain


def test_html_is_well_formed_and_simple():
    class Checker(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            assert tag in {"p", "a"}
            assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
            self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

        def handle_data(self, data):
            assert self.open

    html = [text for text in TEXTS if "<" in text]
    assert set(INDEX.introduction) <= set(html)
    for text in html:
        checker = Checker()
        checker.feed(text)
        checker.close()
        assert checker.open == []


def test_sections_reads_headings_paragraphs_and_bullets():
    assert sections("""
Before
all.

# Heading

One
line.

- first
  goes on
- second

After the list.
""") == (
        Section("", ("Before all.",)),
        Section("Heading", ("One line.",), ("first goes on", "second")),
        Section("", ("After the list.",)),
    )


@pytest.mark.parametrize(
    ("date", "written"),
    [("2009", "2009"), ("2026-03", "March 2026"), ("2026-03-02", "2 March 2026")],
)
def test_a_date_is_written_with_the_parts_that_are_known(date, written):
    assert written_date(date) == written
