"""P8: comments are closed, whatever is sent wherever."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client, override_settings
from wagtail.models import Page, PageViewRestriction

from tests import factories
from wagtail_safeguarding.content.comments import CommentsState
from wagtail_safeguarding.pages.models import ArticlePage

pytestmark = pytest.mark.django_db

WORDS = {
    "comments_heading": "Your views",
    "comments_prompt": "Tell us",
    "comments_message": "Nobody can comment here.",
    "comments_closed_on": dt.date(2024, 5, 1),
    "comments_reason": "A comment could name a child.",
}


@pytest.fixture
def article() -> ArticlePage:
    return factories.home_page().add_child(instance=ArticlePage(title="News", **WORDS))


@pytest.fixture
def strict_client() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("ending", ["comments/", "comments"])
def test_a_comment_is_refused_in_words(
    strict_client: Client, article: Any, method: str, ending: str
) -> None:
    response = getattr(strict_client, method)(article.url + ending, {"text": "Her name is"})
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Nobody can comment here.",
        "status": 403,
        "state": "closed",
    }


@pytest.mark.parametrize("kind", ["review", "index"])
def test_every_type_refuses(strict_client: Client, kind: str) -> None:
    page = factories.review_index() if kind == "index" else factories.review()
    response = strict_client.post(page.url + "comments/")
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"


def test_the_page_itself_takes_no_post(client: Client, article: Any) -> None:
    assert client.post(article.url, {"comment": "x"}).status_code == 405


def test_hidden_is_closed_as_well(strict_client: Client, article: Any) -> None:
    article.comments_state = CommentsState.HIDDEN
    article.save()
    assert strict_client.post(article.url + "comments/").status_code == 403
    assert article.comments == {
        "state": "hidden",
        "reason": "A comment could name a child.",
        "closed_at": "2024-05-01",
        "heading": "",
        "prompt": "",
        "message": "",
    }


def test_api_object(client: Client, article: Any) -> None:
    assert client.get(f"/api/v2/pages/{article.pk}/").json()["comments"] == {
        "state": "closed",
        "reason": "A comment could name a child.",
        "closed_at": "2024-05-01",
        "heading": "Your views",
        "prompt": "Tell us",
        "message": "Nobody can comment here.",
    }


@pytest.mark.parametrize("how", ["draft", "private"])
def test_what_is_not_public_is_not_given_away(client: Client, article: Any, how: str) -> None:
    unknown = client.post("/nothing-here/comments/")
    if how == "draft":
        article.unpublish()
    else:
        PageViewRestriction.objects.create(
            page=article.page_ptr, restriction_type=PageViewRestriction.LOGIN
        )
    response = client.post(article.url + "comments/")
    assert response.status_code == unknown.status_code == 404
    assert b"Nobody can comment" not in response.content


def test_no_state_opens(article: Any) -> None:
    article.comments_state = "open"
    with pytest.raises(Exception, match="open"):
        article.full_clean()
    assert article.comments["state"] == "closed"


def test_other_pages_keep_their_comments_address_and_their_csrf_check(
    strict_client: Client, client: Client
) -> None:
    """A page of the site that happens to be called "comments" is none of our business."""
    parent = factories.home_page().add_child(instance=Page(title="Blog", slug="blog"))
    parent.add_child(instance=Page(title="Comments", slug="comments"))
    url = "/blog/comments/"
    assert strict_client.post(url).status_code == 403
    assert b"CSRF" in strict_client.post(url).content
    assert client.get("/blog/nothing/comments/").status_code == 404


@pytest.mark.parametrize("prefix", ["i18n", "subpath"])
def test_address_below_a_language_or_a_path(
    strict_client: Client, article: Any, prefix: str
) -> None:
    with override_settings(ROOT_URLCONF=f"tests.content.urls_{prefix}"):
        base = "/en-gb" if prefix == "i18n" else "/site"
        response = strict_client.post(f"{base}/news/comments/")
        assert response.status_code == 403
        assert response.json()["title"] == "Nobody can comment here."
        assert strict_client.get(f"{base}/news/").status_code == 200
