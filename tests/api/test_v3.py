"""Wagtail 8's API v3 reads our types and publishes only through the door."""

from __future__ import annotations

from typing import Any

import pytest
import wagtail

from tests import factories
from tests.admin.people import collection, editor
from tests.council.models import CouncilPage
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(wagtail.VERSION < (8, 0), reason="API v3 came with Wagtail 8.0"),
]


def token_of(user: Any) -> dict[str, str]:
    from wagtail.models import APIToken  # Wagtail >= 8.0 only

    token = APIToken.generate_token()
    APIToken.objects.create(user=user, name="test", key_hash=APIToken.hash_token(token))
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def headers() -> dict[str, str]:
    return token_of(factories.superuser())


@pytest.fixture
def draft() -> Any:
    version = factories.cleared_version("Overview report")
    page = factories.review(factories.review_index(), versions=(version,), live=False)
    page.save_revision()
    return page


def test_draft_is_unknown_and_a_published_page_is_read(client: Any, draft: Any) -> None:
    url = f"/api/v3/pages/{draft.pk}/"
    assert client.get(url).status_code == 404
    assert b"Overview report" not in client.get("/api/v3/pages/?fields=*").content
    draft.get_latest_revision().publish()
    body = client.get(url).json()
    (document,) = body["documents"]
    assert document["title"] == "Overview report"
    assert client.get(document["url"]).status_code == 200
    assert body["review_type"]["key"] == "learning-review"


def test_openapi_knows_our_fields(client: Any) -> None:
    schema = client.get("/api/v3/openapi.json")
    assert schema.status_code == 200
    assert b"review_date" in schema.content


def test_publish_and_unpublish_actions(client: Any, draft: Any, headers: Any) -> None:
    (version,) = draft.get_named_versions()
    url = f"/api/v3/pages/{draft.pk}/actions/"
    file_url = DocumentVersion.objects.get(pk=version).get_url()
    assert client.post(url + "publish/").status_code in {401, 403}
    assert client.get(file_url).status_code == 404
    response = client.post(url + "publish/", headers=headers)
    assert response.status_code == 200, response.content
    assert client.get(file_url).status_code == 200
    response = client.post(url + "unpublish/", {}, content_type="application/json", headers=headers)
    assert response.status_code == 200, response.content
    assert client.get(file_url).status_code == 404


def test_patch_publishes_through_the_door(client: Any, draft: Any, headers: Any) -> None:
    version = DocumentVersion.objects.get(pk=draft.get_named_versions()[0])
    data = {
        "title": "Learning Review Child N",
        "meta": {"type": "safeguarding_pages.PracticeReviewPage", "action": "publish"},
    }
    url = f"/api/v3/pages/{draft.pk}/"
    assert client.patch(url, data, content_type="application/json").status_code in {401, 403}
    assert client.get(version.get_url()).status_code == 404
    response = client.patch(url, data, content_type="application/json", headers=headers)
    assert response.status_code == 200, response.content
    assert client.get(version.get_url()).status_code == 200
    assert client.get(url).json()["title"] == "Learning Review Child N"


@pytest.mark.parametrize("rank", ["superuser", "editor"])
def test_documents_of_a_page_cannot_be_written(client: Any, draft: Any, rank: str) -> None:
    """Wagtail's own API v3 drops what it does not write, and writes the rest."""
    section = draft.get_parent().specific
    team = collection("Team")
    version = factories.cleared_version("Second", collection=team)
    user = factories.superuser() if rank == "superuser" else editor("ed", section, team)
    named = draft.get_named_versions()
    data = {
        "title": "Patched",
        "meta": {"type": "safeguarding_pages.PracticeReviewPage", "action": "publish"},
        "documents": [{"type": "document", "value": {"version": version.pk, "title": "Second"}}],
    }
    url = f"/api/v3/pages/{draft.pk}/"
    response = client.patch(url, data, content_type="application/json", headers=token_of(user))
    assert response.status_code == 422, response.content
    assert response["Content-Type"] == "application/problem+json"
    (error,) = response.json()["errors"]
    assert error["loc"] == ["body", "data", "documents"]
    page = type(draft).objects.get(pk=draft.pk)
    assert page.title == draft.title, "all or nothing"
    assert page.get_latest_revision_as_object().get_named_versions() == named
    assert client.get(version.get_url()).status_code == 404


def test_what_cannot_be_written_is_named(client: Any, draft: Any, headers: Any) -> None:
    kind = "safeguarding_pages.PracticeReviewPage"
    data = {
        "title": "New",
        "slug": "new",
        "summary": "<p>S</p>",
        "comments": {"state": "open"},
        "meta": {"type": kind, "parent_id": draft.get_parent().pk, "live": True},
    }
    post = client.post("/api/v3/pages/", data, content_type="application/json", headers=headers)
    assert post.status_code == 422, post.content
    assert [error["loc"][2:] for error in post.json()["errors"]] == [
        ["summary"],
        ["comments"],
        ["meta", "live"],
    ]
    assert not type(draft).objects.filter(slug="new").exists()
    for name in ("summary", "comments"):
        del data[name]
    del data["meta"]["live"]
    data["meta"]["action"] = "publish"
    post = client.post("/api/v3/pages/", data, content_type="application/json", headers=headers)
    assert post.status_code == 422, "a review needs its type, which API v3 cannot write"
    del data["meta"]["action"]
    post = client.post("/api/v3/pages/", data, content_type="application/json", headers=headers)
    assert post.status_code == 201, post.content
    assert not type(draft).objects.get(slug="new").live


def test_nothing_is_said_to_who_may_not_write(client: Any, draft: Any) -> None:
    url = f"/api/v3/pages/{draft.pk}/"
    response = client.patch(url, {"documents": []}, content_type="application/json")
    assert response.status_code == 401


def test_other_page_types_are_written_as_wagtail_does(client: Any, headers: Any) -> None:
    home = factories.home_page()
    page = home.add_child(instance=CouncilPage(title="Contact"))
    url = f"/api/v3/pages/{page.pk}/"
    data = {"title": "Contact us", "unknown": 1}
    response = client.patch(url, data, content_type="application/json", headers=headers)
    assert response.status_code == 200, response.content


def test_rich_text_in_the_format_that_is_asked_for(client: Any, draft: Any) -> None:
    draft.summary = "<p>Some <b>bold</b> words.</p>"
    draft.save_revision().publish()
    url = f"/api/v3/pages/{draft.pk}/"
    assert client.get(url).json()["summary"] == draft.summary
    markdown = client.get(f"{url}?rich_text_format=markdown").json()["summary"]
    assert markdown.strip() == "Some **bold** words."


def test_addresses_have_the_host_that_was_asked(client: Any, draft: Any, settings: Any) -> None:
    del settings.WAGTAILAPI_BASE_URL
    draft.get_latest_revision().publish()
    (document,) = client.get(f"/api/v3/pages/{draft.pk}/").json()["documents"]
    assert document["url"].startswith("http://localhost/")


def test_unready_page_is_a_422_that_names_it(client: Any, draft: Any, headers: Any) -> None:
    version = DocumentVersion.objects.get(pk=draft.get_named_versions()[0])
    version.move(VersionState.INSPECTING)
    response = client.post(f"/api/v3/pages/{draft.pk}/actions/publish/", headers=headers)
    assert response.status_code == 422, response.content
    assert b"Learning Review Child M" in response.content
    draft.refresh_from_db()
    assert not draft.live
