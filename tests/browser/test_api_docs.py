"""The page that describes the register API: for anybody, on any screen, from this site alone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server) -> str:
    return f"{live_server.url}/api/safeguarding/v1/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_fault_and_nothing_scrolls_sideways(address, page, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.goto(address).status == 200
    assert [url for url in asked if urlsplit(url).path != "/favicon.ico"] == [address]
    assert [text for text in said if "favicon" not in text] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # axe is a script, and the page allows none.
    source = page.content()
    page.goto("about:blank")
    page.set_content(source)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_every_address_in_the_contents_leads_to_its_section(address, page):
    page.goto(address)
    links = page.get_by_role("navigation").get_by_role("link")
    assert links.count() > 10
    for number in range(links.count()):
        target = links.nth(number).get_attribute("href")
        assert page.locator(target).count() == 1, target


def test_types_lead_to_what_describes_them(address, page):
    page.goto(address)
    links = page.get_by_role("table").get_by_role("link")
    assert links.count() > 10
    for target in {link.get_attribute("href") for link in links.all()}:
        assert page.locator(target).count() == 1, target
