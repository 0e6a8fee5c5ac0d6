"""API v2 names nothing that cannot be seen, and answers for it as for what does not exist."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from tests import factories
from wagtail_safeguarding.pages.models import FurtherInformationPage

pytestmark = pytest.mark.django_db

PAGES = "/api/v2/pages/"
REVIEWS = "safeguarding_pages.PracticeReviewPage"
UNKNOWN = 987654


def restrict(page: Any) -> None:
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page.pk), restriction_type=PageViewRestriction.LOGIN
    )


@pytest.fixture
def index() -> Any:
    return factories.review_index()


@pytest.fixture(params=["draft", "private", "below a private page", "scheduled", "off site"])
def hidden(request: Any, index: Any) -> Any:
    """A page that nobody may know of, in each of the ways in which a page is hidden."""
    values = {"title": "Secret Child Z", "slug": "secret-z", "review_date": "2024-02"}
    if request.param == "draft":
        return factories.review(index, live=False, **values)
    if request.param == "scheduled":
        page = factories.review(index, live=False, **values)
        page.go_live_at = timezone.now() + dt.timedelta(days=1)
        page.save_revision(approved_go_live_at=page.go_live_at)
        return page
    if request.param == "off site":
        return factories.review(Page.get_first_root_node(), **values)
    if request.param == "below a private page":
        section = factories.review_index(index, slug="closed", title="Closed")
        restrict(section)
        return factories.review(section, **values)
    page = factories.review(index, **values)
    restrict(page)
    return page


def everything(client: Any) -> str:
    """All that the API says in listings and details of all it lists."""
    said = []
    types = [
        "wagtailcore.Page",
        REVIEWS,
        "safeguarding_pages.ReviewIndexPage",
        "safeguarding_pages.FurtherInformationPage",
    ]
    for kind in types:
        response = client.get(PAGES, {"type": kind, "fields": "*"})
        said.append(response.content.decode())
        details = [f"{PAGES}{item['id']}/" for item in response.json()["items"]]
        said += [client.get(url).content.decode() for url in details]
    return "".join(said)


def test_hidden_page_is_named_nowhere(client: Any, index: Any, hidden: Any) -> None:
    link = f'<p>See <a linktype="page" id="{hidden.pk}">it</a>.</p>'
    factories.review(
        index, title="Open", related_reviews=[("review", hidden)], summary=link, slug="open"
    )
    index.add_child(
        instance=FurtherInformationPage(
            title="Links", further_information=[("link", {"title": "It", "page": hidden})]
        )
    )
    said = everything(client)
    assert "Open" in said
    assert "Secret" not in said
    assert "secret-z" not in said
    assert f'id="{hidden.pk}"' not in said.replace("\\", "")
    assert f'"id":{hidden.pk},' not in said


def answers(client: Any, hidden: Any, unknown: Any, url: str, **params: Any) -> None:
    """The same status and body for what is hidden and what does not exist."""

    def ask(value: Any) -> tuple[int, str]:
        filled = {name: str(text).format(value) for name, text in params.items()}
        response = client.get(url.format(value), filled)
        return response.status_code, response.content.decode().replace(str(value), "?")

    assert ask(hidden) == ask(unknown)


@pytest.mark.parametrize("name", ["child_of", "descendant_of", "ancestor_of", "translation_of"])
def test_tree_of_a_hidden_page(client: Any, hidden: Any, name: str) -> None:
    answers(client, hidden.pk, UNKNOWN, PAGES, **{name: "{}"})
    assert client.get(PAGES, {name: hidden.pk}).status_code == 400


def test_detail_and_find(client: Any, hidden: Any) -> None:
    answers(client, hidden.pk, UNKNOWN, PAGES + "{}/")
    assert client.get(f"{PAGES}{hidden.pk}/").status_code == 404
    answers(client, hidden.pk, UNKNOWN, PAGES + "find/", id="{}")
    answers(client, "secret-z", "no-such-page", PAGES + "find/", html_path="/reviews/{}/")
    answers(client, hidden.pk, UNKNOWN, PAGES + "{}/", fields="*")


@pytest.mark.parametrize(
    "params",
    [
        {"search": "Secret"},
        {"search": "Secret", "type": REVIEWS},
        {"slug": "secret-z"},
        {"title": "Secret Child Z"},
        {"type": REVIEWS, "review_date": "2024-02"},
        {"type": REVIEWS, "review_date_from": "2024-01", "review_date_to": "2024-03"},
        {"type": REVIEWS, "review_type": "learning-review"},
    ],
)
def test_filters_and_counts(client: Any, hidden: Any, params: Any) -> None:
    body = client.get(PAGES, params).json()
    assert body["items"] == []
    assert body["meta"]["total_count"] == 0


def test_alias_names_no_source_that_is_hidden(client: Any, index: Any) -> None:
    source = factories.review(index, title="Source", slug="source")
    alias = source.create_alias(parent=index, update_slug="the-alias")
    detail = client.get(f"{PAGES}{alias.pk}/").json()
    assert detail["meta"]["alias_of"]["id"] == source.pk
    assert client.get(PAGES, {"alias_of": source.pk}).json()["meta"]["total_count"] == 1
    # An alias that stays live while its source does not: written without a signal.
    Page.objects.filter(pk=source.pk).update(live=False, title="Renamed in secret")
    said = client.get(f"{PAGES}{alias.pk}/")
    assert said.json()["meta"]["alias_of"] is None
    assert "Renamed in secret" not in everything(client)
    answers(client, source.pk, UNKNOWN, PAGES, alias_of="{}")
    assert client.get(PAGES, {"order": "alias_of"}).status_code == 400


def test_alias_of_a_private_page_is_not_listed(client: Any, index: Any) -> None:
    source = factories.review(index, title="Secret Child Z", slug="source")
    alias = source.create_alias(parent=index, update_slug="the-alias")
    assert client.get(f"{PAGES}{alias.pk}/").status_code == 200
    restrict(source)
    assert "Secret" not in everything(client)
    answers(client, alias.pk, UNKNOWN, PAGES + "{}/")


def test_parent_that_is_hidden(client: Any, index: Any) -> None:
    page = factories.review(index, title="Open")
    Page.objects.filter(pk=index.pk).update(live=False)
    detail = client.get(f"{PAGES}{page.pk}/")
    assert detail.json()["meta"]["parent"] is None
    answers(client, index.pk, UNKNOWN, PAGES, child_of="{}")


def test_translation_of_a_draft(client: Any, index: Any, settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    welsh, _made = Locale.objects.get_or_create(language_code="cy")
    source = factories.review(index, title="Open", slug="open")
    index.copy_for_translation(welsh, copy_parents=True)
    draft = source.copy_for_translation(welsh)
    answers(client, draft.pk, UNKNOWN, PAGES, translation_of="{}")
    assert client.get(PAGES, {"translation_of": source.pk}).json()["items"] == []
    assert client.get(PAGES, {"locale": "cy", "type": REVIEWS}).json()["items"] == []


def test_validator_of_an_unseen_answer_tells_nothing(client: Any, index: Any) -> None:
    page = factories.review(index, title="Open")
    etag = client.get(f"{PAGES}{page.pk}/")["ETag"]
    page.unpublish()
    assert client.get(f"{PAGES}{page.pk}/", headers={"If-None-Match": etag}).status_code == 404
    assert client.get(f"{PAGES}{page.pk}/", headers={"If-None-Match": "*"}).status_code == 404
    listing = client.get(PAGES)["ETag"]
    factories.review(index, title="Draft", slug="draft", live=False)
    assert client.get(PAGES, headers={"If-None-Match": listing}).status_code == 304


def test_those_whom_wagtail_lets_in_get_it_and_no_cache_keeps_it(client: Any, index: Any) -> None:
    page = factories.review(index, title="For members")
    restrict(page)
    assert client.get(f"{PAGES}{page.pk}/").status_code == 404
    client.force_login(factories.superuser())
    response = client.get(f"{PAGES}{page.pk}/")
    assert response.json()["title"] == "For members"
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
