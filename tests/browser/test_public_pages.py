"""The public pages in a browser, for people who see, hear, zoom, or use a keyboard."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from wagtail.models import Collection, Locale, Page, Site

from tests import factories as f
from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.pages.models import (
    ArticlePage,
    DocumentCollectionPage,
    FurtherInformationPage,
)

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]

LONG_WORD = "Unaufmerksamkeitsdokumentation" * 3


def parts(**values: Any) -> dict[str, Any]:
    return {
        "further_information_heading": "Read more",
        "further_information": [
            (
                "link",
                {
                    "title": "National case review repository",
                    "url": "https://example.org/repository",
                    "organisation": "NSPCC",
                    "description": f"Reviews from everywhere. {LONG_WORD}",
                },
            ),
            ("link", {"title": "Guidance that has no address yet"}),
        ],
        **values,
    }


def tree_of_an_empty_database() -> None:
    """What Wagtail's migrations make, and what the flush after a browser test takes away."""
    if not Page.objects.exists():
        Locale.objects.get_or_create(language_code="en-gb")
        Collection.add_root(name="Root")
        Page.add_root(title="Root", slug="root")


@pytest.fixture
def site(live_server) -> dict[str, str]:
    """The address of a page of every type, filled with everything it can hold."""
    tree_of_an_empty_database()
    home = f.home_page()
    settings = SafeguardingSiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.publisher = "Marlowe Vale Safeguarding Children Partnership"
    settings.alternative_format_contact = "formats@example.org"
    settings.emergency_lines = [
        ("line", {"text": "If a child is in danger now, phone 999.", "number": "999"})
    ]
    settings.save()
    report = f.document_value(
        f.cleared_version("Child M report"),
        role="overview-report",
        audience=["health"],
        description="The whole report.",
    )
    rows = [
        report,
        f.document_value(f.cleared_version("Adroddiad", text="cy"), language="cy"),
        f.document_value(None, title=LONG_WORD, role="action-plan", date=PartialDate(2019, 7)),
    ]
    index = f.review_index(
        home, introduction="<p>What we learned.</p>", documents=rows[:1], **parts()
    )
    bare = f.review(index, title="SCR Child H, 2008", slug="bare", review_date="2008")
    review = f.review(
        index,
        title="Learning Review Child M, July 2019",
        slug="review",
        review_date="2019-07",
        reference="LR-7",
        subjects=[("subject", "Child M")],
        summary='<p>What was found, <a href="https://example.org/">and where</a>.</p>',
        body=[
            ("paragraph", "<p>How it was done.</p><h3>Who took part</h3><p>Many.</p>"),
            ("heading", "What will change"),
            ("quotation", "Nobody asked."),
        ],
        outcome="serious-harm",
        age_band="6-to-10",
        harms=["neglect"],
        themes=["information-sharing"],
        learning_points=[
            ("learning_point", {"title": "Ask twice", "text": "<p>Why.</p>", "themes": []})
        ],
        recommendations=[
            (
                "recommendation",
                {
                    "text": f"Agree one protocol. {LONG_WORD}",
                    "owner": "Health partners",
                    "status": "completed",
                    "due": PartialDate(2020),
                    "updated": "2020-03-04",
                },
            )
        ]
        * 2,
        documents=rows,
        related_documents=rows[:1],
        related_reviews=[("review", Page.objects.get(pk=bare.pk))],
        **parts(),
    )
    pages = {
        "index": index,
        "empty": f.review_index(home, slug="empty"),
        "review": review,
        "bare": bare,
        "collection": index.add_child(
            instance=DocumentCollectionPage(
                title="Protocols",
                introduction="<p>How we act together.</p>",
                sections=[
                    (
                        "section",
                        {
                            "heading": "Pathways",
                            "introduction": "<p>In steps.</p>",
                            "documents": [
                                {"type": "document", "value": {"version": row["version"].pk}}
                            ],
                        },
                    )
                    for _name, row in rows[:1]
                ],
                **parts(),
            )
        ),
        "links": index.add_child(
            instance=FurtherInformationPage(
                title="Where to find out more", introduction="<p>Elsewhere.</p>", **parts()
            )
        ),
        "article": index.add_child(
            instance=ArticlePage(
                title="Was not brought",
                article_date="2026-04-20",
                summary="<p>Three words.</p>",
                body=[
                    ("heading", "Why the words matter"),
                    ("paragraph", "<p>They do.</p>"),
                    report,
                ],
                documents=rows,
                comments_prompt="Tell us what you think",
                comments_closed_on="2026-03-16",
                comments_reason="A comment could name a child.",
                **parts(),
            )
        ),
        "arabic": f.review(index, title="مراجعة الطفل م", slug="arabic"),
    }
    return {
        name: live_server.url + page.relative_url(page.get_site()) for name, page in pages.items()
    }


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_fault_and_nothing_scrolls_sideways(site, page, width):
    # Here, so that a set-up without browser tools can still read this module.
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 800})
    answers: dict[str, int] = {}
    page.on("response", lambda response: answers.update({response.url: response.status}))
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    for name, address in site.items():
        answer = page.goto(address)
        assert answer.status == 200, name
        results = Axe().run(page)
        assert results.violations_count == 0, f"{name}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert any(url.endswith("/public.css") for url in answers)
    assert {urlsplit(url).netloc for url in answers} == {urlsplit(site["index"]).netloc}
    assert [url for url, status in answers.items() if status >= 400] == []
    assert failures == []


def test_the_emergency_line_comes_first(site, page):
    for name, address in site.items():
        page.goto(address)
        main = page.get_by_role("main")
        assert main.inner_text().startswith("If a child is in danger now, phone 999."), name
        first = main.get_by_role("link").first
        assert first.get_attribute("href") == "tel:999", name
        line = page.get_by_role("region", name="In an emergency").bounding_box()
        heading = page.get_by_role("heading", level=1).bounding_box()
        assert line["y"] + line["height"] <= heading["y"], name


def test_the_keyboard_reaches_every_link_in_order_and_shows_where_it_is(site, page):
    page.goto(site["review"])
    links = page.get_by_role("main").get_by_role("link")
    wanted = [links.nth(number).get_attribute("href") for number in range(links.count())]
    assert wanted[0] == "tel:999"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    reached = []
    for _link in wanted:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
        outline = page.evaluate(
            "(() => { const style = getComputedStyle(document.activeElement);"
            " return [style.outlineStyle, parseFloat(style.outlineWidth)]; })()"
        )
        assert outline[0] != "none"
        assert outline[1] >= 2
    assert reached == wanted


def test_links_are_large_enough_to_touch(site, page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(site["index"])
    links = page.locator(".safeguarding-document-title a, .safeguarding-review h3 a")
    assert links.count() > 2
    for number in range(links.count()):
        assert links.nth(number).bounding_box()["height"] >= 24


def test_a_document_opens_from_its_link(site, page):
    page.goto(site["review"])
    address = page.get_by_role("link", name="Child M report").first.get_attribute("href")
    answer = page.request.get(urljoin(site["review"], address))
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")


def test_words_can_be_spaced_out(site, page):
    """WCAG 1.4.12: a reader's own text spacing cuts nothing off."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(site["review"])
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_printed_page_keeps_the_content(site, page):
    page.goto(site["review"])
    page.emulate_media(media="print")
    for words in ("phone 999", "Child M report", "Recommendations", "Agree one protocol."):
        assert page.get_by_text(words).first.is_visible()
    assert not page.get_by_text("Skip to main content").is_visible()
