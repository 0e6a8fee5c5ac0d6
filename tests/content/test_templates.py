"""The public pages, as a reader gets them over HTTP."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests import factories as f
from wagtail_safeguarding.content.documents import DocumentBlock
from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import (
    ArticlePage,
    DocumentCollectionPage,
    FurtherInformationPage,
    PracticeReviewPage,
    ReviewIndexPage,
)
from wagtail_safeguarding.templatetags import safeguarding_tags as tags

pytestmark = pytest.mark.django_db


def get(client: Any, page: Any) -> BeautifulSoup:
    response = client.get(page.url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def text(node: Any) -> str:
    return " ".join(node.get_text().split())


def below(parent: Any, model: type, **values: Any) -> Any:
    values = {"title": model.__name__, **values}
    if model is PracticeReviewPage:
        values.setdefault("review_type", "learning-review")
    return parent.add_child(instance=model(**values))


def emergency(words: str = "In danger? Call 999 now.", number: str = "999") -> list[Any]:
    return [("line", {"text": words, "number": number})]


def link(**values: Any) -> tuple[str, dict[str, Any]]:
    return ("link", {"title": "National guidance", **values})


def facts(soup: BeautifulSoup) -> dict[str, str]:
    return {text(dt_): text(dt_.find_next("dd")) for dt_ in soup.select("dl dt")}


@pytest.fixture
def index() -> ReviewIndexPage:
    return f.review_index(emergency_lines=emergency())


def full_review(index: Any, **values: Any) -> PracticeReviewPage:
    version = f.cleared_version("Child M report")
    DocumentVersion.objects.filter(pk=version.pk).update(pages=24)
    return f.review(
        index,
        **{
            "title": "Learning Review Child M",
            "review_date": "2019-07",
            "reference": "LR-7",
            "subjects": [("subject", "Child M"), ("subject", "Child N")],
            "summary": "<p>What the review found.</p>",
            "outcome": "serious-harm",
            "age_band": "6-to-10",
            "harms": ["neglect"],
            "themes": ["information-sharing"],
            "body": [("paragraph", "<p>How it was done.</p>"), ("heading", "What will change")],
            "learning_points": [
                (
                    "learning_point",
                    {
                        "title": "Ask twice",
                        "text": "<p>Why.</p>",
                        "themes": ["information-sharing"],
                    },
                )
            ],
            "recommendations": [
                (
                    "recommendation",
                    {
                        "text": "Agree one protocol.",
                        "owner": "Health partners",
                        "status": "completed",
                        "due": PartialDate(2020, 2),
                        "updated": dt.date(2020, 3, 4),
                    },
                )
            ],
            "documents": [f.document_value(version, role="overview-report")],
            "related_documents": [f.document_value(None, title="Neglect protocol")],
            "further_information": [link(url="https://example.org/guidance")],
            **values,
        },
    )


ALL_TYPES = [
    ReviewIndexPage,
    PracticeReviewPage,
    DocumentCollectionPage,
    FurtherInformationPage,
    ArticlePage,
]


@pytest.mark.parametrize("model", ALL_TYPES)
def test_every_type_has_one_h1_and_the_emergency_line_before_it(client, index, model):
    page = index if model is ReviewIndexPage else below(index, model, title="The title")
    soup = get(client, page)
    assert [text(h1) for h1 in soup.find_all("h1")] == [page.title]
    assert text(soup.title) == page.title
    main = soup.find("main")
    first = next(iter(main.find_all("section")))
    assert text(first) == "In danger? Call 999 now."
    assert first.a["href"] == "tel:999"
    assert first.a.string == "999"
    following = [node.name for node in first.find_all_next(["h1", "section"])]
    assert following[0] == "h1"
    assert text(main).startswith("In danger? Call 999 now.")
    assert not soup.find_all(["script", "style", "form"])


@pytest.mark.parametrize("model", ALL_TYPES)
def test_no_emergency_line_leaves_no_empty_box(client, model):
    page = below(f.home_page(), model, title="A page")
    assert not get(client, page).select(".safeguarding-emergency")


def test_a_number_that_is_not_in_the_text_is_added(client):
    index = f.review_index(emergency_lines=emergency("Call the police", "101"))
    section = get(client, index).select_one(".safeguarding-emergency")
    assert text(section) == "Call the police 101"


def test_a_line_without_a_number_has_no_link(client):
    index = f.review_index(emergency_lines=emergency("Go to a safe place.", ""))
    section = get(client, index).select_one(".safeguarding-emergency")
    assert text(section) == "Go to a safe place."
    assert section.a is None


def test_headings_are_in_order(client, index):
    soup = get(client, full_review(index))
    levels = [int(h.name[1]) for h in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_review_says_what_is_known(client, index):
    soup = get(client, full_review(index))
    found = facts(soup.select_one("dl"))
    assert found == {
        "Type of review": "Learning review",
        "Date": "July 2019",
        "Names (changed)": "Child M, Child N",
        "Reference": "LR-7",
        "Outcome": "Serious harm",
        "Age of the child": "6 to 10 years",
        "Harm": "Neglect",
        "Practice themes": "Information sharing",
    }
    assert soup.select_one("dl time")["datetime"] == "2019-07"
    assert text(soup.select_one(".safeguarding-learning")) == (
        "Ask twice Why. Practice themes: Information sharing"
    )
    item = soup.select_one(".safeguarding-recommendations li")
    assert text(item.p) == "Agree one protocol."
    assert facts(item) == {
        "Responsible": "Health partners",
        "Status": "Completed",
        "Due": "February 2020",
        "Updated": "4 March 2020",
    }
    assert soup.find("a", string="National guidance")["href"] == "https://example.org/guidance"


def test_a_bare_legacy_review_shows_no_empty_part(client, index):
    soup = get(client, f.review(index))
    assert facts(soup) == {"Type of review": "Learning review"}
    assert not soup.find_all("h2")
    assert not [node for node in soup.find_all(["p", "li", "dd", "section"]) if not text(node)]


def test_a_document_says_what_the_link_opens(client, index):
    page = full_review(index)
    row = get(client, page).select_one(".safeguarding-document")
    anchor = row.a
    assert text(anchor) == "Child M report"
    assert anchor["hreflang"] == "en"
    assert anchor["type"] == "application/pdf"
    # Django writes sizes with a space that does not break.
    assert text(row.select_one(".safeguarding-meta")).replace("\xa0", " ") == (
        "Overview report, PDF, 32 bytes, 24 pages, English"
    )
    assert b"".join(client.get(anchor["href"]).streaming_content).startswith(b"%PDF")


def test_a_welsh_document_on_an_english_page_is_marked(client, index):
    version = f.cleared_version("Adroddiad Plentyn M")
    page = f.review(index, documents=[f.document_value(version, language="cy")])
    row = get(client, page).select_one(".safeguarding-document")
    assert row.a["hreflang"] == "cy"
    assert row.select_one("[lang]")["lang"] == "cy"
    assert "Welsh" in text(row)


def test_a_document_without_file_is_announced_without_a_link(client, index):
    page = f.review(index, documents=[f.document_value(None, title="Action plan")])
    row = get(client, page).select_one(".safeguarding-document")
    assert row.a is None
    assert text(row) == "Action plan File to be supplied"


def test_a_withdrawn_file_has_no_link_and_keeps_its_title_to_itself(client, index):
    version = f.cleared_version("Secret title")
    page = f.review(index, documents=[f.document_value(version, role="overview-report")])
    version.move(VersionState.WITHDRAWN)
    row = get(client, page).select_one(".safeguarding-document")
    assert row.a is None
    assert text(row) == "Overview report Not available at the moment"


def test_who_to_ask_for_another_format(client, index):
    settings = SafeguardingSiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.alternative_format_contact = "formats@example.org"
    settings.save()
    soup = get(client, full_review(index))
    anchor = soup.select_one(".safeguarding-formats a")
    assert anchor["href"] == "mailto:formats@example.org"
    # A page without any document has nothing to ask for.
    assert not get(client, f.review(index, title="Bare", slug="bare")).select(
        ".safeguarding-formats"
    )


def test_a_document_with_a_contact_of_its_own(client, index):
    version = f.cleared_version()
    version.document.alternative_format_contact = "020 7946 0000"
    version.document.save()
    page = f.review(index, versions=(version,))
    row = get(client, page).select_one(".safeguarding-document")
    assert row.find("a", href="tel:02079460000")


def test_the_index_lists_reviews_newest_first_with_their_documents(client, index):
    older = f.cleared_version("Older report")
    newer = f.cleared_version("Newer report")
    f.review(index, title="SCR Child H", slug="h", review_date="2008", versions=(older,))
    f.review(index, title="LR Child M", slug="m", review_date="2019-07", versions=(newer,))
    f.review(index, title="Draft Child Z", slug="z", live=False)
    soup = get(client, index)
    found = [
        (text(article.h3), [text(a) for a in article.select(".safeguarding-document a")])
        for article in soup.select("article")
    ]
    assert found == [("LR Child M", ["Newer report"]), ("SCR Child H", ["Older report"])]
    assert "Child Z" not in str(soup)


def test_an_empty_index_says_so(client, index):
    f.review(index, live=False)
    soup = get(client, index)
    assert not soup.select("article")
    assert "No review has been published here yet." in text(soup)


def test_a_collection_has_its_sections(client, index):
    version = f.cleared_version("Neglect pathway")
    page = below(
        index,
        DocumentCollectionPage,
        sections=[
            (
                "section",
                {
                    "heading": "Pathways",
                    "introduction": "<p>In steps.</p>",
                    "documents": [{"type": "document", "value": {"version": version.pk}}],
                },
            ),
            ("section", {"heading": "Leaflets", "documents": []}),
        ],
    )
    soup = get(client, page)
    one, two = soup.select("main section:not([aria-label])")
    assert text(one.h2) == "Pathways"
    assert text(one.a) == "Neglect pathway"
    assert text(two) == "Leaflets Nothing has been published in this section yet."


def test_an_article_has_its_parts_in_the_text(client, index):
    version = f.cleared_version("Briefing")
    page = below(
        index,
        ArticlePage,
        article_date="2026-04-20",
        body=[
            ("heading", "Why words matter"),
            ("paragraph", "<p>They <b>do</b>.</p>"),
            ("quotation", "Why not?"),
            ("document", {"version": version}),
            ("link", link(url="https://example.org/")[1]),
        ],
    )
    soup = get(client, page)
    assert soup.time["datetime"] == "2026-04-20"
    assert soup.find("h2", string="Why words matter")
    assert soup.find("blockquote")
    assert soup.find("a", string="Briefing")["href"] == version.get_url()
    assert soup.find("a", string="National guidance")["href"] == "https://example.org/"


def test_comments_are_closed_in_words_and_without_a_form(client):
    index = f.review_index(
        comments_heading="Your view",
        comments_prompt="Tell us",
        comments_message="Closed for good.",
        comments_closed_on="2026-03-16",
        comments_reason="A comment could name a child.",
    )
    section = get(client, index).select_one(".safeguarding-comments")
    assert text(section) == (
        "Your view Tell us Closed for good. Closed on 16 March 2026 A comment could name a child."
    )
    assert not section.find_all(["form", "input", "textarea", "button"])


def test_hidden_comments_leave_nothing(client):
    index = f.review_index(comments_state="hidden", comments_heading="Your view")
    soup = get(client, index)
    assert not soup.select(".safeguarding-comments")
    assert "Your view" not in text(soup)


def test_only_public_related_reviews_are_named(client, index):
    public = f.review(index, title="Public sibling", slug="public")
    draft = f.review(index, title="Draft sibling", slug="draft", live=False)
    base = {page.pk: page for page in Page.objects.filter(pk__in=[public.pk, draft.pk])}
    page = f.review(
        index,
        slug="third",
        related_reviews=[("review", base[public.pk]), ("review", base[draft.pk])],
    )
    soup = get(client, page)
    assert soup.find("a", href=public.url)
    assert "Draft sibling" not in str(soup)
    assert draft.url not in str(soup)


# Links


def test_a_further_information_page(client, index):
    hidden = f.review(index, title="Draft", slug="hidden-draft", live=False)
    page = below(
        index,
        FurtherInformationPage,
        introduction="<p>Elsewhere.</p>",
        further_information_heading="Elsewhere on the web",
        further_information=[
            link(url="https://example.org/a", organisation="NSPCC", description="What it is."),
            link(title="Our index", page=Page.objects.get(pk=index.pk)),
            link(title="Coming later", page=Page.objects.get(pk=hidden.pk)),
            link(title="No address yet"),
        ],
    )
    soup = get(client, page)
    links = soup.select(".safeguarding-links > li")
    assert text(links[0]) == "National guidance NSPCC What it is."
    assert links[1].a["href"].endswith(index.url)
    assert [text(item) for item in links if item.a is None] == ["Coming later", "No address yet"]
    assert "hidden-draft" not in str(soup)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        " javascript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example/",
        "/\\evil.example/",
        "https:",
        "http://[",
        "example.org",
        "",
        None,
    ],
)
def test_an_address_that_is_not_of_the_web_is_no_link(url):
    assert tags.web_url(url) == ""


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "HTTP://example.org", "/reviews/"])
def test_an_address_of_the_web_is_a_link(url):
    assert tags.web_url(url) == url


@pytest.mark.parametrize("words", ["ask us", "a@b", '"><script>@x.y', "javascript:alert(1)", ""])
def test_a_contact_that_is_neither_mail_nor_number_stays_text(words):
    assert tags.contact(words) == words.strip()


# Hostile content

ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
HOSTILE_HTML = (
    "<p>kept</p><script>alert(1)</script><img src=x onerror=alert(1)>"
    '<a href="javascript:alert(1)" onclick="alert(1)">x</a>'
    '<a href="jav\tascript:alert(1)">y</a><iframe src="https://evil.example"></iframe>'
    '<svg onload="alert(1)"></svg><p style="x" onmouseover="alert(1)">z</p>'
    "<!-- --><![CDATA[><script>alert(1)</script>]]><?php ><script>alert(1)</script> ?>"
)


def hostile_document() -> dict[str, Any]:
    return {
        "version": None,
        "title": ATTACK,
        "role": ATTACK,
        "audience": [ATTACK],
        "language": ATTACK,
        "description": ATTACK,
    }


def hostile_parts() -> dict[str, Any]:
    return {
        "further_information_heading": ATTACK,
        "further_information": [
            link(title=ATTACK, organisation=ATTACK, description=ATTACK, url="javascript:alert(1)")
        ],
    }


def hostile_body() -> list[Any]:
    return [
        ("heading", ATTACK),
        ("paragraph", HOSTILE_HTML),
        ("quotation", ATTACK),
        ("document", hostile_document()),
        ("link", link(title=ATTACK, url="javascript:alert(1)")[1]),
    ]


def hostile_comments() -> dict[str, str]:
    names = ("heading", "prompt", "message", "reason")
    return {f"comments_{name}": ATTACK for name in names}


def hostile_page(parent: Any, model: type) -> Any:
    documents = [("document", hostile_document())]
    values: dict[type, dict[str, Any]] = {
        ReviewIndexPage: {
            "publisher": ATTACK,
            "emergency_lines": emergency(ATTACK, '9"9'),
            "introduction": HOSTILE_HTML,
            "documents": documents,
            **hostile_comments(),
        },
        PracticeReviewPage: {
            "review_type": ATTACK,
            "subjects": [("subject", ATTACK)],
            "reference": ATTACK,
            "summary": HOSTILE_HTML,
            "body": hostile_body(),
            "outcome": ATTACK,
            "age_band": ATTACK,
            "harms": [ATTACK],
            "themes": [ATTACK],
            "learning_points": [
                ("learning_point", {"title": ATTACK, "text": HOSTILE_HTML, "themes": [ATTACK]})
            ],
            "recommendations": [
                ("recommendation", {"text": ATTACK, "owner": ATTACK, "status": ATTACK})
            ],
            "documents": documents,
            "related_documents": documents,
        },
        DocumentCollectionPage: {
            "introduction": HOSTILE_HTML,
            "sections": [
                (
                    "section",
                    {
                        "heading": ATTACK,
                        "introduction": HOSTILE_HTML,
                        "documents": [{"type": "document", "value": hostile_document()}],
                    },
                )
            ],
        },
        FurtherInformationPage: {"introduction": HOSTILE_HTML},
        ArticlePage: {
            "summary": HOSTILE_HTML,
            "body": hostile_body(),
            "documents": documents,
            **hostile_comments(),
        },
    }
    page = model(
        title=ATTACK,
        slug=f"hostile-{model.__name__.lower()}",
        seo_title=ATTACK,
        search_description=ATTACK,
        **hostile_parts(),
        **values[model],
    )
    # As an import or a script would store it: past every check of the editor.
    return parent.add_child(instance=page)


@pytest.mark.parametrize("model", ALL_TYPES)
def test_hostile_words_never_become_markup(client, monkeypatch, model):
    monkeypatch.setattr(model, "full_clean", lambda self, *args, **kwargs: None)
    soup = get(client, hostile_page(f.home_page(), model))
    assert not soup.find_all(["script", "img", "iframe", "svg"])
    for node in soup.find_all(True):
        assert not [name for name in node.attrs if name.startswith("on") or name == "style"]
    addresses = [anchor["href"] for anchor in soup.find_all("a") if anchor.has_attr("href")]
    assert addresses
    assert not [href for href in addresses if "script" in href.lower()]
    assert len(soup.find_all("h1")) == 1
    assert text(soup.h1) == ATTACK
    assert "kept" in text(soup)


def test_an_index_survives_a_hostile_review(client, index, monkeypatch):
    monkeypatch.setattr(PracticeReviewPage, "full_clean", lambda self, *a, **k: None)
    hostile_page(index, PracticeReviewPage)
    soup = get(client, index)
    assert not soup.find_all(["script", "img"])
    assert ATTACK in text(soup)


def test_words_from_right_to_left_stay_in_their_place(client, index):
    override_mark = "\u202e"
    page = f.review(
        index,
        title=f"{override_mark}kcatta",
        slug="rtl",
        subjects=[("subject", f"{override_mark}M dlihC"), ("subject", "טל")],
        reference=override_mark,
    )
    soup = get(client, page)
    assert soup.h1["dir"] == "auto"
    for words in (page.subject_names[0], page.subject_names[1], override_mark):
        assert soup.find("bdi", string=words)


def test_rich_text_keeps_what_an_editor_can_make():
    html = (
        "<h3>Title</h3><p><b>b</b> <i>i</i><br/>"
        '<a href="https://example.org/">x</a></p><ul><li>1</li></ul><ol><li>2</li></ol>'
    )
    assert tags.public_richtext(html) == html


def test_rich_text_does_not_name_the_address_of_a_draft(index):
    live = f.review(index, slug="live-one")
    draft = f.review(index, slug="secret-slug", live=False)
    closed = f.review(index, slug="closed-slug")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    html = "".join(
        f'<p><a linktype="page" id="{pk}">to</a></p>'
        for pk in (live.pk, draft.pk, closed.pk, "x", "9" * 30)
    )
    found = tags.public_richtext(html)
    assert f'<a href="{live.url}">to</a>' in found
    assert found.count("<a") == 1
    assert found.count("to") == 5


# Dates and languages


def test_partial_dates_name_no_invented_part():
    cases = {
        PartialDate(2008): ("2008", "2008"),
        PartialDate(2019, 7): ("2019-07", "July 2019"),
        dt.date(2019, 7, 4): ("2019-07-04", "4 July 2019"),
        "2018-01": ("2018-01", "January 2018"),
    }
    for value, (iso, words) in cases.items():
        assert tags.partial_date(value) == f'<time datetime="{iso}">{words}</time>'
    assert tags.partial_date(None) == ""
    assert tags.partial_date("") == ""
    assert "<time" not in tags.partial_date("about 2008")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("en-GB", "English"),
        ("cy", "Welsh"),
        ("cy-GB", "Welsh"),
        ("pt-br", "Brazilian Portuguese"),
        ("tlh", "tlh"),
        ("", ""),
        (None, ""),
        ("not a code", ""),
        ('"><script>', ""),
    ],
)
def test_names_of_languages(code, name):
    assert tags.language_name(code) == name


# Whose template


def test_over_a_base_template_with_two_blocks(client, index, tmp_path, settings):
    (tmp_path / "base.html").write_text(
        "<html><head><title>{% block title %}{% endblock %} - Town</title></head>"
        "<body><main>{% block content %}{% endblock %}</main>"
        "<p>The town's own foot</p></body></html>"
    )
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    with override_settings(TEMPLATES=templates):
        soup = get(client, welsh(full_review(index)))
    # The town's template says nothing of the language, so the content says it itself.
    assert soup.main.div["lang"] == "cy"
    assert text(soup.title) == "Learning Review Child M - Town"
    assert "The town's own foot" in text(soup)
    assert soup.select_one("main h1")


def test_a_site_replaces_the_template_of_one_type(client, index, tmp_path, settings):
    folder = tmp_path / "safeguarding_pages"
    folder.mkdir()
    (folder / "practice_review_page.html").write_text(
        '{% extends "wagtail_safeguarding/practice_review.html" %}'
        "{% block safeguarding_content %}<p>Ours</p>{{ block.super }}{% endblock %}"
    )
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    with override_settings(TEMPLATES=templates):
        soup = get(client, full_review(index))
    assert "Ours" in text(soup)
    assert facts(soup)["Reference"] == "LR-7"


def test_the_public_pages_ask_nothing_of_other_sites(client, index):
    soup = get(client, full_review(index))
    fetched = [node.get("href") or node.get("src") for node in soup.select("link, [src]")]
    assert fetched
    assert all(address.startswith("/static/") for address in fetched)


def test_a_document_block_in_a_template_of_the_sites_own(index):
    """The block needs nothing of our page's context, and opens no file by itself."""
    public, draft = f.cleared_version("Report"), f.cleared_version("Draft", text="draft")
    f.review(index, versions=(public,))
    block = DocumentBlock()
    page = block.render(block.to_python({"version": public.pk, "role": "overview-report"}))
    soup = BeautifulSoup(page, "html.parser")
    assert soup.a["href"] == public.get_url()
    assert "Overview report, PDF" in text(soup)
    closed = block.render(block.to_python({"version": draft.pk}))
    assert "<a" not in closed
    assert "Draft" not in closed


# Previews


def test_a_preview_names_a_draft_file_without_a_link(index):
    version = f.cleared_version("Draft report")
    page = f.review(index, versions=(version,), live=False)
    response = page.make_preview_request()
    response.render()
    soup = BeautifulSoup(response.content, "html.parser")
    row = soup.select_one(".safeguarding-document")
    assert response.status_code == 200
    assert row.a is None
    assert "Draft report" in text(row)
    assert "Not public at the moment" in text(row)
    assert version.get_url() not in response.content.decode()


@pytest.mark.parametrize("model", ALL_TYPES)
def test_every_type_can_be_previewed_before_it_is_saved(model):
    home = f.home_page()
    page = model(title="New", slug="new")
    page.depth, page.path = home.depth + 1, Page._get_children_path_interval(home.path)[1]
    page.set_url_path(home)
    response = page.make_preview_request()
    response.render()
    assert response.status_code == 200
    assert b"New" in response.content


@pytest.mark.parametrize("state", list(VersionState))
def test_a_preview_in_the_editor_with_a_file_that_is_not_public(client, index, state):
    version = f.cleared_version("Draft report")
    DocumentVersion.objects.filter(pk=version.pk).update(state=state)
    page = f.review(index, live=False)
    client.force_login(f.superuser())
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    document = {"version": str(version.pk), "title": "", "role": "overview-report"}
    no_items = {"count": "0"}
    data = nested_form_data(
        {
            "title": "Edited title",
            "slug": page.slug,
            "review_type": "learning-review",
            "summary": rich_text("<p>Edited.</p>"),
            "documents": streamfield([("document", document)]),
            **dict.fromkeys(
                (
                    "subjects",
                    "body",
                    "learning_points",
                    "recommendations",
                    "related_reviews",
                    "related_documents",
                    "further_information",
                ),
                no_items,
            ),
            "comments": no_items | {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"},
        }
    )
    data |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    assert client.post(url, data).json()["is_valid"]
    response = client.get(url)
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert text(soup.h1) == "Edited title"
    row = soup.select_one(".safeguarding-document")
    assert row.a is None
    assert "Not public at the moment" in text(row)


def test_what_a_draft_names_is_not_in_the_public_page(client, index):
    version = f.cleared_version("Public report")
    page = f.review(index, versions=(version,))
    draft = page.specific
    draft.documents = [
        f.document_value(version),
        f.document_value(f.cleared_version("Draft report"), title="Draft row"),
    ]
    draft.save_revision()
    soup = get(client, page)
    assert "Public report" in text(soup)
    assert "Draft" not in str(soup)


# Welsh


def welsh(page: Any) -> Any:
    locale, _ = Locale.objects.get_or_create(language_code="cy")
    type(page).objects.filter(pk=page.pk).update(locale=locale)
    return type(page).objects.get(pk=page.pk)


def test_a_welsh_page_has_welsh_labels_and_dates(client, index):
    page = welsh(full_review(index))
    soup = get(client, page)
    found = facts(soup.select_one("dl"))
    assert found["Dyddiad"] == "Gorffennaf 2019"
    assert found["Math o adolygiad"] == "Learning review"  # no Welsh label of the term yet
    row = soup.select_one(".safeguarding-document")
    assert "24 tudalen" in text(row)
    assert "Saesneg" in text(row)
    assert soup.find("h2", string="Argymhellion")
    assert soup.html["lang"] == "cy"


def test_terms_have_their_label_in_the_language_of_the_page(client, index):
    from wagtail_safeguarding.vocabularies.models import Term

    term = Term.objects.get(scheme="review-type", key="learning-review")
    term.translations = [("translation", {"language": "cy", "label": "Adolygiad dysgu"})]
    term.save()
    page = f.review(index)
    assert facts(get(client, page))["Type of review"] == "Learning review"
    assert facts(get(client, welsh(page)))["Math o adolygiad"] == "Adolygiad dysgu"


def test_an_english_page_stays_english_for_a_welsh_browser(client, index):
    page = full_review(index)
    response = client.get(page.url, headers={"accept-language": "cy"})
    soup = BeautifulSoup(response.content, "html.parser")
    assert facts(soup.select_one("dl"))["Date"] == "July 2019"
    assert soup.find("h2", string="Recommendations")


def test_a_welsh_index_without_reviews(client, index):
    soup = get(client, welsh(index))
    assert "Nid oes unrhyw adolygiad" in text(soup)
    assert "Mae'r sylwadau wedi'u cau ar y dudalen hon." in text(soup)


def test_the_number_of_pages_in_welsh():
    row = type("Row", (), {"title": "x", "role": "", "language": "cy", "date": None})()
    for pages, words in {1: "1 dudalen", 2: "2 dudalen", 3: "3 tudalen", 8: "8 tudalen"}.items():
        row.version = DocumentVersion(pages=pages, size=1_300_000, media_type="application/pdf")
        with override("cy"):
            assert words in tags.document_facts({}, row)


# Queries


def queries(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def reviews_below(index: Any, numbers: range) -> None:
    for number in numbers:
        version = f.cleared_version(f"Report {number}", text=str(number))
        f.review(
            index,
            title=f"Review {number}",
            slug=f"review-{number}",
            review_date=str(2000 + number % 20),
            versions=(version,),
        )


@pytest.mark.parametrize("i18n", [False, True])
@pytest.mark.parametrize("api", [False, True])
def test_an_index_of_thirty_reviews_takes_the_queries_of_five(client, settings, api, i18n):
    settings.WAGTAIL_I18N_ENABLED = i18n
    index = f.review_index(introduction="<p>All our reviews.</p>")
    url = f"/api/v2/pages/{index.pk}/?fields=*" if api else index.url
    reviews_below(index, range(5))
    client.get(url)  # fills Wagtail's caches of sites
    five = queries(client, url)
    reviews_below(index, range(5, 30))
    client.get(url)
    assert queries(client, url) == five
    if not api:
        assert len(get(client, index).select("article")) == 30


def test_ten_documents_in_a_text_take_the_queries_of_one(client, index):
    def page(slug: str, count: int) -> PracticeReviewPage:
        versions = [f.cleared_version(f"{slug} {n}", text=f"{slug} {n}") for n in range(count)]
        body = [("document", {"version": version}) for version in versions]
        return f.review(index, slug=slug, body=body)

    one, ten = page("one", 1), page("ten", 10)
    client.get(one.url)
    assert queries(client, one.url) == queries(client, ten.url)
    assert len(get(client, ten).select(".safeguarding-document a")) == 10
