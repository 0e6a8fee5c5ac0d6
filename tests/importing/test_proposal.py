"""From a page to a proposal: what goes where, nothing lost, nothing invented."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importing.seed import seed_path
from wagtail_safeguarding.importing.proposal import ProposedIndex, propose, render_tree
from wagtail_safeguarding.importing.reader import SourceError, SourcePage, read_bytes, read_source

SCR = "serious-case-review"

TEXT = """\
The Northmoor Safeguarding Children Partnership

Reviews of practice

Call 999 if a child is in immediate danger

We publish what we learned, so that others can learn it too. Each page says what changed.

To tell us about a case, complete our referral form

LCSPR Emily and Jack, 3 May 2021

Overview report
Action plan\u00a0
Bruising protocol 2019
The report was delayed by criminal proceedings, which have now ended.

Child B

Child B executive summary

SCR Child B, 2011

Child B report
Photographs

Useful links

The Ashfield Institute holds a library of all published reviews. There is also a set of \
briefings, which you can download here.

Have your say

Comments are now closed.
"""

HTML = """\
<!doctype html><html lang="en"><head><title>Our reviews | Westbrook</title>
<meta property="og:site_name" content="Westbrook Safeguarding Partnership"></head>
<body class="has-cookies"><div class="cookie-banner"><p>We use cookies.</p></div>
<header><a href="/">Home</a></header><nav><ul><li><a href="/a">Menu</a></li></ul></nav>
<main>
  <h1>Our&nbsp;reviews</h1>
  <p><strong>In an emergency ring <a href="tel:999">999</a>.</strong></p>
  <p>These pages tell what happened. Use the <a href="/files/referral.docx">referral form</a>
     to tell us about a case, or <a href="/contact">write to us</a>.</p>
  <h2>Serious case reviews</h2>
  <h3>Child K</h3>
  <p>Published: June 2012</p>
  <p><a href="https://files.example.org/k.pdf">Child K report</a> (PDF, 230 KB)</p>
  <h4>What we learned</h4>
  <ul><li>share information early, and record it</li></ul>
  <h3>LCSPR Emily and Jack, 3 May 2021</h3>
  <ul>
    <li><a href="/media/ej.pdf">Full report</a> [opens in a new window]</li>
    <li><a href="/media/7mb.pdf">Here</a> is the 7 minute briefing</li>
    <li>Press statement</li>
  </ul>
  <p><b>Thematic review: Infants (published March 2014)</b></p>
  <p><a href="/x.pdf">Report</a> | <a href="/y.pdf">Response of the partnership</a></p>
  <h2>Protocols</h2>
  <ul><li><a href="/p/bruising.pdf">Bruising protocol 2019</a></li></ul>
  <h2>Further information and support</h2>
  <ul>
    <li><a href="https://reviews.example.org/">Ashfield Institute case library</a></li>
    <li>The National Panel publishes its reports <a href="https://panel.example.org/r">here</a>.
    <li><a href="javascript:alert(1)">Contact</a></li>
  </ul>
  <h2>Comments</h2>
  <p>Commenting has been disabled; comments are off.</p>
  <p>Jane says that the child was her neighbour.</p>
</main>
<footer><p>Legal</p></footer></body></html>
"""


def read(text: str) -> SourcePage:
    return read_bytes(text.encode())


def from_text(text: str) -> ProposedIndex:
    return propose(read(text))


def from_html(body: str) -> ProposedIndex:
    return propose(read(f"<!doctype html><html><body>{body}</body></html>"))


def headings(index: ProposedIndex) -> list[str]:
    return [review.heading for review in index.reviews]


def titles(documents: Any) -> list[str]:
    return [document.title for document in documents]


def notes(index: ProposedIndex) -> str:
    return "\n".join(f"{note.where}: {note.what}" for note in index.all_unsure())


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def assert_nothing_lost(page: SourcePage, index: ProposedIndex) -> None:
    kept = "\n".join(index.kept_texts())
    everything = "\n".join(strings(index.as_dict()))
    for block in page.blocks:
        assert block.text.strip() in kept
        for link in block.links:
            if link.href and not link.href.lower().startswith("tel:"):
                assert link.href in everything


def assert_nothing_invented(page: SourcePage, index: ProposedIndex) -> None:
    source = "\n".join(block.text for block in page.blocks)
    hrefs = {link.href for block in page.blocks for link in block.links}
    for document in index.all_documents():
        assert document.title in source
        assert document.url in {None, *hrefs}
    for review in index.reviews:
        assert review.heading in source
        assert all(subject in source for subject in review.subjects)
        assert review.date is None or str(review.date.year) in source
    if index.further_information:
        for resource in index.further_information.resources:
            assert resource.text in source
            assert resource.organisation in source
            assert resource.url in {None, *hrefs}


class TestSamplePage:
    @pytest.fixture
    def index(self) -> ProposedIndex:
        return propose(read_source(seed_path()))

    @pytest.fixture
    def lines(self) -> list[str]:
        return [line for line in seed_path().read_text("utf-8").splitlines() if line.strip()]

    def test_head(self, index: ProposedIndex, lines: list[str]) -> None:
        assert [index.publisher, index.title] == lines[:2]
        assert index.emergency_line is not None
        assert index.emergency_line.text == lines[2]
        assert index.emergency_line.number == "999"
        assert [paragraph.text for paragraph in index.introduction] == lines[3:7]

    def test_standalone_document(self, index: ProposedIndex, lines: list[str]) -> None:
        (document,) = index.documents
        assert document.role == "referral-document"
        assert document.source_text == lines[6]
        assert document.source_text.endswith(document.title)
        assert document.url is None

    def test_reviews(self, index: ProposedIndex) -> None:
        assert [str(review.date) for review in index.reviews] == [
            "2019-07", "2018-01", "2016-05", "2009-04", "2008",
        ]  # fmt: skip
        assert [review.date.precision for review in index.reviews if review.date] == [
            *["month"] * 4, "year",
        ]  # fmt: skip
        assert [review.review_type for review in index.reviews] == ["learning-review", *[SCR] * 4]
        assert [len(review.documents) for review in index.reviews] == [4, 2, 1, 1, 1]
        assert [review.unsure for review in index.reviews] == [()] * 5

    def test_documents_have_their_roles_and_years(self, index: ProposedIndex) -> None:
        documents = [document for review in index.reviews for document in review.documents]
        assert [document.role for document in documents] == [
            "briefing-note", "protocol", "pathway", "leaflet",
            "overview-report", "action-plan", "overview-report", "executive-summary",
            "overview-report",
        ]  # fmt: skip
        assert [str(d.date) if d.date else None for d in documents[:4]] == [
            None, "2019", "2019", None,
        ]  # fmt: skip
        assert documents[5].source_text == documents[5].title + "\u00a0"

    def test_further_information(self, index: ProposedIndex, lines: list[str]) -> None:
        further = index.further_information
        assert further is not None
        assert [further.heading, *(p.text for p in further.paragraphs)] == lines[-6:-3]
        assert [resource.organisation for resource in further.resources] == ["NSPCC"] * 3
        assert [resource.url for resource in further.resources] == [None] * 3
        assert further.resources[1].text == "here"
        for resource, paragraph in zip(further.resources, (0, 0, 1), strict=True):
            assert resource.description in further.paragraphs[paragraph].text

    def test_comments(self, index: ProposedIndex, lines: list[str]) -> None:
        comments = index.comments
        assert comments is not None
        assert comments.state == "closed"
        assert [comments.heading, comments.prompt, comments.message] == lines[-3:]
        assert comments.left_out == ()

    def test_nothing_lost_and_nothing_invented(self, index: ProposedIndex) -> None:
        page = read_source(seed_path())
        assert_nothing_lost(page, index)
        assert_nothing_invented(page, index)

    def test_windows_line_ends_change_nothing(self, index: ProposedIndex) -> None:
        data = seed_path().read_bytes().replace(b"\n", b"\r\n")
        assert propose(read_bytes(data)) == index


class TestText:
    @pytest.fixture
    def index(self) -> ProposedIndex:
        return from_text(TEXT)

    def test_head(self, index: ProposedIndex) -> None:
        assert index.publisher == "The Northmoor Safeguarding Children Partnership"
        assert index.title == "Reviews of practice"
        assert index.emergency_line is not None
        assert index.emergency_line.number == "999"
        assert len(index.introduction) == 2

    def test_reviews_and_documents(self, index: ProposedIndex) -> None:
        assert titles(index.documents) == ["referral form"]
        assert headings(index) == [
            "LCSPR Emily and Jack, 3 May 2021", "Child B", "SCR Child B, 2011",
        ]  # fmt: skip
        assert [titles(review.documents) for review in index.reviews] == [
            ["Overview report", "Action plan", "Bruising protocol 2019"],
            ["Child B executive summary"],
            ["Child B report", "Photographs"],
        ]
        assert index.reviews[0].documents[1].source_text == "Action plan\u00a0"
        assert "criminal proceedings" in index.reviews[0].paragraphs[0].text
        assert "no review type" in notes(index)
        assert "Photographs" in notes(index)

    def test_further_information_and_comments(self, index: ProposedIndex) -> None:
        assert index.further_information is not None
        resources = index.further_information.resources
        assert [(r.text, r.organisation) for r in resources] == [
            ("library of all published reviews", "Ashfield Institute"),
            ("here", "Ashfield Institute"),
        ]
        assert index.comments is not None
        assert (index.comments.heading, index.comments.prompt) == ("", "Have your say")
        assert index.comments.message == "Comments are now closed."

    def test_nothing_lost_and_nothing_invented(self, index: ProposedIndex) -> None:
        assert_nothing_lost(read(TEXT), index)
        assert_nothing_invented(read(TEXT), index)

    def test_capitals_change_no_structure(self, index: ProposedIndex) -> None:
        shouted = from_text(TEXT.upper())
        assert len(shouted.reviews) == 3
        assert [r.date for r in shouted.reviews] == [r.date for r in index.reviews]
        assert [r.review_type for r in shouted.reviews] == [r.review_type for r in index.reviews]
        assert shouted.emergency_line is not None

    def test_odd_white_space_changes_no_structure(self) -> None:
        odd = from_text("\n".join(f"\t\u00a0{line} \u2003" for line in TEXT.splitlines()))
        assert headings(odd) == headings(from_text(TEXT))
        assert [titles(r.documents) for r in odd.reviews] == [
            titles(r.documents) for r in from_text(TEXT).reviews
        ]

    def test_bullets_are_no_part_of_a_title(self) -> None:
        index = from_text("Our reviews\nSCR Child A, 2010\n• Child A report\n- Action plan")
        assert titles(index.reviews[0].documents) == ["Child A report", "Action plan"]
        assert index.reviews[0].documents[0].source_text == "• Child A report"

    def test_the_same_pseudonym_may_name_two_children(self) -> None:
        index = from_text(
            "Our reviews\nSCR Child B, 2010\nChild B report\nSCR Child B, 2014\nX report"
        )
        assert [len(review.documents) for review in index.reviews] == [1, 1]

    def test_a_line_that_repeats_its_heading_is_a_document(self) -> None:
        index = from_text("Our reviews\nSCR Child B, 2010\nSCR Child B\nSCR Child B, 2010")
        assert [titles(review.documents) for review in index.reviews] == [
            ["SCR Child B", "SCR Child B, 2010"]
        ]

    def test_a_list_of_reports_is_a_list_of_reviews(self) -> None:
        index = from_text("Our reviews\nSCR Child A overview report\nSCR Child C overview report")
        assert [(r.heading, titles(r.documents)) for r in index.reviews] == [
            (line, [line])
            for line in ("SCR Child A overview report", "SCR Child C overview report")
        ]

    def test_group_headings_give_their_reviews_no_type(self) -> None:
        index = from_text("Our work\nSerious Case Reviews\nChild B\nB report\nLCSPRs\nChild C")
        assert [review.review_type for review in index.reviews] == [None, None]
        assert "stands under “Serious Case Reviews”" in notes(index)
        assert [p.text for p in index.introduction] == ["Serious Case Reviews", "LCSPRs"]

    def test_date_on_the_line_below_the_heading(self) -> None:
        index = from_text("Our reviews\nSCR Child A\nPublished: 3 May 2021\nChild A report")
        (review,) = index.reviews
        assert str(review.date) == "2021-05-03"
        assert [p.text for p in review.paragraphs] == ["Published: 3 May 2021"]
        assert titles(review.documents) == ["Child A report"]

    def test_impossible_date(self) -> None:
        (review,) = from_text("Our reviews\nSCR Child A, 31 February 2019").reviews
        assert review.date is None
        assert "no date of the calendar" in review.unsure[0].what

    def test_scottish_context(self) -> None:
        text = "Our reviews\nWe follow the guidance for Scotland.\nSCR Child A, 2012"
        assert "significant case review" in notes(from_text(text))
        assert "significant case review" not in notes(from_text(text.replace("Scotland", "us")))

    def test_an_address_in_a_text_is_kept(self) -> None:
        text = (
            "Our reviews\nSCR Child A, 2012\nReport https://example.org/a.pdf\n"
            "Useful links\nNSPCC library: https://example.org/library"
        )
        index = from_text(text)
        assert index.reviews[0].documents[0].url == "https://example.org/a.pdf"
        assert index.further_information is not None
        (resource,) = index.further_information.resources
        assert resource.url == "https://example.org/library"
        assert_nothing_lost(read(text), index)

    def test_a_page_in_welsh(self) -> None:
        index = from_text(
            "Bwrdd Diogelu Plant y Gogledd\nEin hadolygiadau\n"
            "Os yw plentyn mewn perygl uniongyrchol ffoniwch 999\n"
            "Adolygiad Ymarfer Plant: Plentyn C, Gorffennaf 2019\nAdroddiad Plentyn C\n"
            "Cynllun gweithredu\nGwybodaeth bellach\nLlyfrgell\nSylwadau\nMae sylwadau ar gau."
        )
        assert index.publisher == "Bwrdd Diogelu Plant y Gogledd"
        assert index.emergency_line is not None
        (review,) = index.reviews
        assert (review.review_type, str(review.date)) == ("child-practice-review", "2019-07")
        assert [d.role for d in review.documents] == ["overview-report", "action-plan"]
        assert index.further_information is not None
        assert index.comments is not None
        assert index.comments.message == "Mae sylwadau ar gau."

    @pytest.mark.parametrize(
        ("text", "publisher", "title"),
        [
            ("Reviews of practice\nAshfield Council", "Ashfield Council", "Reviews of practice"),
            ("Reviews of practice\nA long sentence, which ends here.", "", "Reviews of practice"),
            ("Ashfield Council\nSCR Child A, 2010", "Ashfield Council", ""),
            ("SCR Child A, 2010", "", ""),
            ("Ashfield Council\nNorthmoor Council", "Ashfield Council", ""),
        ],
    )
    def test_publisher_and_title(self, text: str, publisher: str, title: str) -> None:
        index = from_text(text)
        assert (index.publisher, index.title) == (publisher, title)
        assert ("no title" in notes(index)) == (not title)
        assert ("publisher" in notes(index)) == (not publisher)
        assert_nothing_lost(read(text), index)


class TestEmergencyLine:
    @pytest.mark.parametrize(
        ("line", "number"),
        [
            ("Dial 999 now if a child is at risk.", "999"),
            ("In an emergency ring 01632 960 999", "01632 960 999"),
            ("If a child is in immediate danger tell the police.", None),
            ("Emergency duty team: 020 7946 0000", "020 7946 0000"),
        ],
    )
    def test_found_verbatim(self, line: str, number: str | None) -> None:
        found = from_text(f"Our reviews\n{line}\nSCR Child A, 2010").emergency_line
        assert found is not None
        assert (found.text, found.number) == (line, number)

    def test_999_is_preferred(self) -> None:
        index = from_text("Our reviews\nEmergency team: 020 7946 0000\nCall 999 in danger")
        assert index.emergency_line is not None
        assert index.emergency_line.number == "999"

    @pytest.mark.parametrize(
        "line", ["Emergency department pathway", "Invoice 999", "Call 01632 999 123", "x " * 200]
    )
    def test_not_found(self, line: str) -> None:
        assert from_text(f"Our reviews\n{line}").emergency_line is None


class TestHtml:
    @pytest.fixture
    def index(self) -> ProposedIndex:
        return propose(read(HTML))

    def test_head(self, index: ProposedIndex) -> None:
        assert index.publisher == "Westbrook Safeguarding Partnership"
        assert index.title == "Our\u00a0reviews"
        assert index.emergency_line is not None
        assert index.emergency_line.text == "In an emergency ring 999."
        assert [p.text[:9] for p in index.introduction] == ["These pag", "Serious c", "Protocols"]
        assert [link.href for link in index.introduction[0].links] == [
            "/files/referral.docx", "/contact",
        ]  # fmt: skip

    def test_documents_with_their_addresses(self, index: ProposedIndex) -> None:
        assert [(d.title, d.url) for d in index.documents] == [
            ("referral form", "/files/referral.docx"),
            ("Bruising protocol 2019", "/p/bruising.pdf"),
        ]
        assert [[(d.title, d.url) for d in review.documents] for review in index.reviews] == [
            [("Child K report", "https://files.example.org/k.pdf")],
            [
                ("Full report", "/media/ej.pdf"),
                ("Here is the 7 minute briefing", "/media/7mb.pdf"),
                ("Press statement", None),
            ],
            [("Report", "/x.pdf"), ("Response of the partnership", "/y.pdf")],
        ]
        assert index.reviews[1].documents[1].role == "seven-minute-briefing"
        assert "“Press statement” has no link to a file" in notes(index)

    def test_reviews(self, index: ProposedIndex) -> None:
        assert [(r.heading, r.review_type, str(r.date)) for r in index.reviews] == [
            ("Child K", None, "2012-06"),
            (
                "LCSPR Emily and Jack, 3 May 2021",
                "local-child-safeguarding-practice-review",
                "2021-05-03",
            ),
            ("Thematic review: Infants (published March 2014)", "thematic-review", "2014-03"),
        ]
        assert [p.text for p in index.reviews[0].paragraphs] == [
            "Published: June 2012",
            "What we learned",
            "share information early, and record it",
        ]

    def test_resources_are_the_links(self, index: ProposedIndex) -> None:
        assert index.further_information is not None
        assert [(r.text, r.organisation, r.url) for r in index.further_information.resources] == [
            (
                "Ashfield Institute case library",
                "Ashfield Institute",
                "https://reviews.example.org/",
            ),
            ("here", "National Panel", "https://panel.example.org/r"),
        ]
        assert "“here” says nothing" in notes(index)
        assert "javascript:" in notes(index)

    def test_comments_of_visitors_are_put_on_no_page(self, index: ProposedIndex) -> None:
        assert index.comments is not None
        assert index.comments.left_out == ("Jane says that the child was her neighbour.",)
        assert "may name a child" in notes(index)

    def test_nothing_lost_and_nothing_invented(self, index: ProposedIndex) -> None:
        assert_nothing_lost(read(HTML), index)
        assert_nothing_invented(read(HTML), index)

    def test_a_heading_that_is_a_link(self) -> None:
        index = from_html(
            "<h1>Reviews</h1><h2><a href='/a.pdf'>SCR Child A, 2010</a></h2>"
            "<h2><a href='/b'>SCR Child B, 2011</a></h2>"
        )
        assert [[d.url for d in r.documents] for r in index.reviews] == [["/a.pdf"], []]
        assert "The heading is a link to /b" in notes(index)

    def test_a_flat_list_of_linked_reviews(self) -> None:
        index = from_html(
            "<h1>Reviews</h1><ul><li><a href='/a.pdf'>SCR Child A, 2010</a></li>"
            "<li><a href='/b.pdf'>SCR Child B, 2011</a></li></ul>"
        )
        assert [[d.url for d in r.documents] for r in index.reviews] == [["/a.pdf"], ["/b.pdf"]]
        assert "does not show a heading" in notes(index)

    def test_names_are_a_review_where_a_report_follows(self) -> None:
        index = from_html(
            "<h1>Reviews</h1><h2>Ash</h2><p><a href='/a.pdf'>Report</a></p>"
            "<h2>Consultation</h2><p>Text.</p>"
        )
        assert headings(index) == ["Ash"]
        assert index.reviews[0].review_type is None

    def test_an_explanation_of_a_type_is_no_review(self) -> None:
        index = from_html("<h1>Reviews</h1><h2>Rapid review</h2><p>It comes first.</p>")
        assert index.reviews == ()
        assert "names a type of review" in notes(index)

    def test_headings_inside_a_review_stay_in_it(self) -> None:
        index = from_html(
            "<h1>Reviews</h1><h2>SCR Child A, 2010</h2><h3>Child A</h3><h3>Further information</h3>"
            "<p><a href='/a.pdf'>Report</a></p><h2>Contact</h2><p>Write to us.</p>"
        )
        (review,) = index.reviews
        assert [p.text for p in review.paragraphs] == ["Child A", "Further information"]
        assert titles(review.documents) == ["Report"]
        assert index.further_information is None
        assert [p.text for p in index.introduction] == ["Contact", "Write to us."]

    def test_a_section_that_looks_like_a_review_gives_way_to_the_children_in_it(self) -> None:
        index = from_html("<h2>Learning reviews</h2><h2>Learning review 2019</h2><h3>Child B</h3>")
        assert headings(index) == ["Learning review 2019", "Child B"]

    def test_title_from_the_browser_where_the_page_shows_none(self) -> None:
        page = "<html><title>Our reviews - Ashfield Council</title><h1>SCR Child A, 2010</h1>"
        index = propose(read(page))
        assert (index.title, index.publisher) == ("Our reviews", "Ashfield Council")
        assert headings(index) == ["SCR Child A, 2010"]
        assert "browser" in notes(index)

    def test_publisher_above_the_title(self) -> None:
        index = from_html("<p>Ashfield Council</p><h1>Reviews</h1><p>Text.</p>")
        assert (index.publisher, index.title) == ("Ashfield Council", "Reviews")

    def test_links_in_places_that_carry_none_are_told(self) -> None:
        index = from_html(
            "<h1><a href='/top'>Reviews</a></h1><h2><a href='/more'>Useful links</a></h2>"
            "<h2>Comments</h2><p><a href='/login'>Have your say</a></p>"
        )
        for href in ("/top", "/more", "/login"):
            assert f"A link was left out here: {href}" in notes(index)

    def test_open_comments_are_closed_and_it_is_told(self) -> None:
        index = from_html(
            "<h1>Reviews</h1><h2>3 comments</h2><p>Text of a visitor, quite short</p>"
        )
        assert index.comments is not None
        assert index.comments.state == "closed"
        assert index.comments.message == ""
        assert "does not say that comments are closed" in notes(index)

    def test_further_information_twice_is_one(self) -> None:
        index = from_html(
            "<h1>Reviews</h1><h2>Useful links</h2><h3>National</h3><p><a href='/a'>A</a></p>"
            "<h2>Further information</h2><p>Ring us.</p><ul><li><a href='mailto:a@b'>Mail</a></ul>"
        )
        assert index.further_information is not None
        assert [p.text for p in index.further_information.paragraphs] == [
            "National", "A", "Further information", "Ring us.", "Mail",
        ]  # fmt: skip
        assert [resource.url for resource in index.further_information.resources] == ["/a"]

    def test_a_heading_after_the_comments_is_content_again(self) -> None:
        index = from_html(
            "<h1>Reviews</h1><h2>Comments</h2><p>Comments are off</p><h2>Contact</h2>"
        )
        assert index.comments is not None
        assert index.comments.left_out == ()
        assert [p.text for p in index.introduction] == ["Contact"]


class TestOutput:
    def test_tree_shows_references(self) -> None:
        tree = render_tree(from_text("Our reviews\nBSCP2020-21-01 Child Q"))
        assert "reference: BSCP2020-21-01" in tree

    def test_as_dict_is_json_with_dates_as_value_and_precision(self) -> None:
        data = json.loads(json.dumps(from_text(TEXT).as_dict()))
        assert data["reviews"][0]["date"] == {"value": "2021-05-03", "precision": "day"}
        assert data["reviews"][1]["date"] is None
        assert data["comments"]["state"] == "closed"

    def test_tree_says_what_is_missing_and_unsure(self) -> None:
        tree = render_tree(from_text(TEXT))
        assert "Overview report [overview-report] - file to be supplied" in tree
        assert "Bruising protocol 2019 [protocol, 2019]" in tree
        assert "type: ? |" in tree
        assert "? address not known" in tree
        assert tree.endswith("\n")

    def test_tree_of_an_empty_page(self) -> None:
        tree = render_tree(from_text("A page that says nothing of use to anyone here."))
        assert "? no title found" in tree
        assert "reviews: none" in tree

    def test_tree_of_html(self) -> None:
        tree = render_tree(propose(read(HTML)))
        assert "from /media/ej.pdf" in tree
        assert "? left out: Jane says" in tree

    def test_source_cannot_steer_the_terminal(self) -> None:
        text = (
            "Our reviews\x1b[2J of\u202e practice\nSCR Child A\x1b]0;x\x07, 2010\n" + "words " * 90
        )
        tree = render_tree(from_text(text))
        assert all(char.isprintable() or char == "\n" for char in tree)


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *TEXT.splitlines(),
                "Comments",
                "Further information",
                "SCR Child A",
                "Child A",
                "Serious Case Reviews",
                "May 2019",
                "Emily and Jack, 2019",
                "• Child A report",
                "See https://example.org/x.pdf and https://example.org/y",
                "SCR Child A report, https://example.org/z.pdf",
                "Documents:",
                "here",
                "NSPCC",
            ]
        ),
        st.text(max_size=60),
        st.text("SCR Child ABand,0123/-.:&()\u00a0’", max_size=60),
    ),
    max_size=25,
)
ELEMENTS = st.sampled_from(["p", "h2", "h3", "h4", "li", "td", "b", "summary", "div"])
PIECES = st.lists(
    st.tuples(ELEMENTS, LINES.map(" ".join), st.sampled_from(["", "/a.pdf", "/page", "#x"])),
    max_size=12,
)


class TestAnything:
    @given(LINES)
    @settings(max_examples=300, deadline=None)
    def test_text(self, lines: list[str]) -> None:
        try:
            page = read("\n".join(["Words", *lines]))
        except (SourceError, UnicodeEncodeError):
            return
        index = propose(page)
        assert_nothing_lost(page, index)
        json.dumps(index.as_dict())
        assert all(char.isprintable() or char == "\n" for char in render_tree(index))

    @given(LINES)
    @settings(max_examples=200, deadline=None)
    def test_nothing_is_invented(self, lines: list[str]) -> None:
        try:
            page = read("\n".join(["Words", *lines]))
        except (SourceError, UnicodeEncodeError):
            return
        assert_nothing_invented(page, propose(page))

    @given(PIECES)
    @settings(max_examples=300, deadline=None)
    def test_html(self, pieces: list[tuple[str, str, str]]) -> None:
        body = "".join(
            f"<{tag}>before <a href='{href}'>{text}</a> after</{tag}>" if href else
            f"<{tag}>{text}</{tag}>"
            for tag, text, href in pieces
        )  # fmt: skip
        try:
            page = read(f"<html><h1>Words</h1>{body}")
        except (SourceError, UnicodeEncodeError):
            return
        index = propose(page)
        assert_nothing_lost(page, index)
        render_tree(index)


UNITS = {
    "reviews": "SCR Child A, May 2016\n" + "Child A report " * 13 + "\n",
    "resources": "The Ashfield Institute holds a library of reviews. " * 1900 + "\n",
    "sentences": "See the referral form. " * 4000 + "\n",
    "comments": "Comments\nHave your say\n" + "x" * 400 + "\n",
    "letters": "A" * 99_000 + "\n",
    "stops": "a. " * 30_000 + "\n",
    "html": "<h2>SCR Child A, 2016</h2><p>Words <a href=/a.pdf>Report</a> " + "and more " * 40,
    "links": "<p>" + "<a href=/a.pdf>Report</a>. " * 1000,
    "one link": "<a href=/a.pdf>" + "<p>Words and words</p>" * 100,
}


def seconds(unit: str, size: int) -> float:
    """How long it takes to read and propose a page of this size, made of this unit."""
    text = "Useful links\n" if unit[0] != "<" else "<html><h1>Useful links</h1>"
    page_text = text + unit * ((size - len(text)) // len(unit))
    started = time.process_time()
    render_tree(propose(read(page_text)))
    return time.process_time() - started


class TestTime:
    @pytest.mark.parametrize("name", UNITS)
    def test_time_grows_with_length_and_no_faster(self, name: str) -> None:
        # A factor of 8 in length is 64 in quadratic time; noise is far from either.
        small, large = (seconds(UNITS[name], size) for size in (100_000, 800_000))
        assert large < 24 * max(small, 0.02)

    def test_the_largest_source_takes_seconds(self) -> None:
        assert seconds(UNITS["reviews"], 5 * 1024**2) < 60
