"""No answer of API v3 to an anonymous visitor names what the public cannot see (P1)."""

from __future__ import annotations

from typing import Any

import pytest
import wagtail
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, Site

from tests import factories
from tests.api.test_v3 import token_of
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import ArticlePage, FurtherInformationPage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(wagtail.VERSION < (8, 0), reason="API v3 came with Wagtail 8.0"),
]

PAGES = "/api/v3/pages/"
REVIEW = "safeguarding_pages.PracticeReviewPage"


class Town:
    """A public index and everything hidden that its pages and the editors' drafts name."""

    def __init__(self) -> None:
        self.home = factories.home_page()
        self.index = factories.review_index(self.home)
        self.secret = factories.cleared_version("Heldback title", name="heldback-file.pdf")
        self.private = factories.review(
            self.index,
            title="Heldback private",
            slug="heldback-private",
            versions=(self.secret,),
            summary="<p>Heldback words</p>",
        )
        self.draft = factories.review(
            self.index, title="Heldback draft", slug="heldback-draft", live=False
        )
        self.alias = self.private.create_alias(parent=self.home, update_slug="heldback-alias")
        # Later than the alias, which so has none; only its page asks for that of the source.
        PageViewRestriction.objects.create(
            page=self.private.page_ptr, restriction_type=PageViewRestriction.LOGIN
        )
        # A live page below it is served, so its address names this slug.
        self.below_draft = factories.review_index(
            self.home, title="Heldback section", slug="section"
        )
        self.orphan = factories.review(self.below_draft, title="Orphan", slug="orphan")
        type(self.below_draft).objects.filter(pk=self.below_draft.pk).update(live=False)
        self.hidden = [self.private, self.draft, self.alias, self.below_draft]
        anchors = "".join(f'<a linktype="page" id="{page.pk}">there</a>' for page in self.hidden)
        html = f"<p>{anchors}</p>"
        links = [("link", {"title": "Somewhere", "page": page}) for page in self.hidden]
        taken = factories.cleared_version("Heldback second", name="heldback-second.pdf")
        named = [factories.document_value(taken)]
        self.open = factories.review(
            self.index,
            title="Open",
            slug="open",
            summary=html,
            body=[("paragraph", html), *links, *named],
            learning_points=[("learning_point", {"title": "Ask", "text": html})],
            related_reviews=[("review", page) for page in (self.private, self.draft, self.alias)],
            documents=named,
            further_information=links,
        )
        # Public for a moment, and not any more.
        taken.move(VersionState.INSPECTING)
        self.article = self.home.add_child(
            instance=ArticlePage(title="News", summary=html, body=[("paragraph", html), *links])
        )
        self.links = self.home.add_child(
            instance=FurtherInformationPage(
                title="Links", introduction=html, further_information=links
            )
        )
        # A draft over a live page, embargoed: nothing of it shows.
        self.open.title = "Heldback new title"
        self.open.documents = [factories.document_value(self.secret)]
        self.open.save_revision()
        for page in self.hidden:
            Redirect.objects.create(old_path=f"/heldback-{page.pk}", redirect_page=page, site=None)
        Redirect.objects.create(old_path="/open-before", redirect_page=self.open.page_ptr)

    @property
    def shown(self) -> list[Any]:
        return [self.home, self.index, self.open, self.article, self.links, self.orphan]


@pytest.fixture
def site() -> Any:
    return Town()


def asked(site: Any) -> list[str]:
    """Every address of API v3 that an anonymous visitor can ask about pages."""
    pks = [page.pk for page in [*site.hidden, *site.shown]]
    urls = [
        PAGES,
        f"{PAGES}?fields=*",
        f"{PAGES}?type={REVIEW}",
        f"{PAGES}?type={REVIEW}&type=safeguarding_pages.ArticlePage",
        f"{PAGES}?order=-title",
        f"{PAGES}?search=heldback",
        f"{PAGES}?type={REVIEW}&search=heldback",
        f"{PAGES}?type={REVIEW}&search=words&search_operator=or",
        f"{PAGES}?slug=heldback-private",
        f"{PAGES}?title=Heldback%20alias",
        f"{PAGES}?version=draft",
        "/api/v3/redirects/",
        "/api/v3/redirects/?order=-id",
        "/api/v3/documents/",
        "/api/v3/images/",
        "/api/v3/openapi.json",
    ]
    urls += [f"/api/v3/redirects/{redirect.pk}/" for redirect in Redirect.objects.all()]
    for pk in pks:
        urls += [
            f"{PAGES}{pk}/",
            f"{PAGES}{pk}/?version=draft",
            f"{PAGES}{pk}/?rich_text_format=html",
            f"{PAGES}{pk}/?rich_text_format=markdown",
            f"{PAGES}find/?id={pk}",
            f"{PAGES}?child_of={pk}",
            f"{PAGES}?descendant_of={pk}",
            f"{PAGES}?ancestor_of={pk}",
            f"{PAGES}?translation_of={pk}",
            f"{PAGES}{pk}/revisions/",
        ]
    urls += [
        f"{PAGES}find/?html_path=/{path}/"
        for path in (
            "reviews/heldback-private",
            "reviews/heldback-draft",
            "heldback-alias",
            "section",
            "section/orphan",
        )
    ]
    return urls


def ids_in(answer: Any) -> set[int]:
    """Every number that an answer gives as the id of a page."""
    found: set[int] = set()
    if isinstance(answer, dict):
        for key, value in answer.items():
            if key in {"id", "redirect_page_id"} and isinstance(value, int):
                found.add(value)
            found |= ids_in(value)
    elif isinstance(answer, list):
        for value in answer:
            found |= ids_in(value)
    return found


def test_nothing_hidden_is_named(client: Client, site: Any) -> None:
    hidden = {page.pk for page in site.hidden}
    answered = 0
    for url in asked(site):
        response = client.get(url, follow=True)
        body = response.content.decode()
        assert response.status_code in {200, 401, 404, 422}, url
        for word in ("Heldback", "heldback"):
            told = body.replace(url, "")
            assert word not in told, (url, body)
        for pk in hidden:
            assert f'id=\\"{pk}\\"' not in body, (url, body)
        if response.status_code == 200 and "/pages/" in url:
            answered += 1
            assert not hidden & ids_in(response.json()), (url, body)
        assert site.secret.sha256 not in body, url
        assert str(site.secret.document.uuid) not in body, url
    assert answered > 30


def test_hidden_pages_are_unknown_and_the_others_are_there(client: Client, site: Any) -> None:
    unknown = client.get(f"{PAGES}999999/").json()
    for page in site.hidden:
        response = client.get(f"{PAGES}{page.pk}/")
        assert (response.status_code, response.json()) == (404, unknown), page
    for page in site.shown:
        assert client.get(f"{PAGES}{page.pk}/").status_code == 200, page
    assert client.get(PAGES).json()["count"] == len(site.shown)
    assert client.get(f"{PAGES}?search=heldback").json()["count"] == 0
    assert client.get(f"{PAGES}?search=orphan").json()["count"] == 1


@pytest.mark.parametrize("word", ["child_of", "descendant_of", "ancestor_of", "translation_of"])
def test_filter_by_a_hidden_page_is_as_by_none(client: Client, site: Any, word: str) -> None:
    unknown = client.get(f"{PAGES}?{word}=999999")
    for page in site.hidden:
        response = client.get(f"{PAGES}?{word}={page.pk}")
        assert (response.status_code, response.content) == (422, unknown.content), page


def test_a_parent_that_is_public_is_named(client: Client, site: Any) -> None:
    assert client.get(f"{PAGES}{site.orphan.pk}/").json()["meta"]["parent"] is None
    parent = client.get(f"{PAGES}{site.open.pk}/").json()["meta"]["parent"]
    assert parent["id"] == site.index.pk


def test_an_alias_names_its_source_while_that_is_public(client: Client, site: Any) -> None:
    alias = site.article.create_alias(parent=site.index, update_slug="news-too")
    url = f"{PAGES}{alias.pk}/"
    assert client.get(url).json()["meta"]["alias_of"]["id"] == site.article.pk
    type(site.article).objects.filter(pk=site.article.pk).update(live=False)
    assert client.get(url).json()["meta"]["alias_of"] is None


@pytest.mark.parametrize("name", ["summary", "body", "related_reviews", "documents"])
def test_stored_text_is_no_filter(client: Client, site: Any, name: str) -> None:
    """Else the id in a link that is not shown could be found by trying."""
    stored = str(type(site.open).objects.get(pk=site.open.pk).summary)
    for query in ({name: stored}, {"order": name}, {"order": ["title", f"-{name}"]}):
        response = client.get(PAGES, {"type": REVIEW, **query})
        assert response.status_code == 422, query
        assert response.json()["errors"][0]["loc"] == ["query", name]
    assert client.get(PAGES, {"type": REVIEW, "reference": ""}).json()["count"] == 2
    # What is no field of the type is Wagtail's to judge.
    assert client.get(PAGES, {name: stored}).status_code == 200


def test_redirects_to_public_pages_only(client: Client, site: Any) -> None:
    (found,) = client.get("/api/v3/redirects/").json()["items"]
    assert found["old_path"] == "/open-before"
    hidden = Redirect.objects.get(redirect_page=site.private.page_ptr)
    url = f"/api/v3/redirects/?old_path={hidden.old_path}"
    assert client.get(url).json()["count"] == 0
    assert client.get(f"/api/v3/redirects/{hidden.pk}/").status_code == 404
    headers = token_of(factories.superuser())
    assert client.get(url, headers=headers).json()["count"] == 1


def test_an_editor_sees_what_wagtail_shows_an_editor(client: Client, site: Any) -> None:
    headers = token_of(factories.superuser())
    for page in site.hidden:
        answer = client.get(f"{PAGES}{page.pk}/", headers=headers)
        assert answer.status_code == 200, page
    assert answer.json()["id"] == site.below_draft.pk
    orphan = client.get(f"{PAGES}{site.orphan.pk}/", headers=headers).json()
    assert orphan["meta"]["parent"]["id"] == site.below_draft.pk
    draft = client.get(f"{PAGES}{site.open.pk}/?version=draft", headers=headers).json()
    assert draft["title"] == "Heldback new title"


def test_a_page_of_another_site_is_unknown_as_wagtail_has_it(client: Client, site: Any) -> None:
    root = site.home.get_parent()
    other = root.add_child(instance=ArticlePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=other)
    url = reverse("wagtailapi_v3:detail_page", kwargs={"page_id": other.pk})
    assert client.get(url).status_code == 404
