"""Sharing a draft in the admin: who may, what they are shown, and how they end it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from tests import factories
from tests.admin.people import client_of, collection, editor, said
from wagtail_safeguarding.preview.models import PreviewToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def section() -> Page:
    return factories.review_index()


@pytest.fixture
def ellen(section: Page) -> Any:
    return editor("ellen", section=section, documents=collection("Reviews"))


@pytest.fixture
def draft(section: Page, ellen: Any) -> Any:
    page = factories.review(section, title="Child M", live=False)
    page.save_revision(user=ellen)
    return page


def share_url(page: Any) -> str:
    return reverse("safeguarding_preview", args=[page.pk])


def revoke_url(page: Any, token: PreviewToken) -> str:
    return reverse("safeguarding_preview_revoke", args=[page.pk, token.pk])


def post(client: Client, page: Any, **values: Any) -> Any:
    data = {"seconds": "3600", "revision": str(page.latest_revision_id), **values}
    return client.post(share_url(page), data)


def shown_address(response: Any) -> str | None:
    found = re.search(r'value="(http[^"]*)"', response.content.decode())
    return found.group(1) if found else None


def test_the_editor_is_shown_the_address_once(draft: Any, ellen: Any) -> None:
    client = client_of(ellen)
    response = post(client, draft)
    address = shown_address(response)
    assert address is not None
    assert address.startswith("http://testserver/safeguarding/preview/")
    assert "no-store" in response["Cache-Control"]
    assert Client().get(address).json()["page"]["title"] == "Child M"
    again = client.get(share_url(draft))
    assert shown_address(again) is None
    assert address.rsplit("/", 1)[1] not in again.content.decode()
    assert "ellen" in again.content.decode()


def test_the_address_is_that_of_the_front_end(draft: Any, ellen: Any, settings: Any) -> None:
    settings.SAFEGUARDING = {"PREVIEW_URL": "https://www.example.org/preview#{token}"}
    address = shown_address(post(client_of(ellen), draft))
    assert address is not None
    assert address.startswith("https://www.example.org/preview#")
    token = address.partition("#")[2]
    assert Client().get(f"/safeguarding/preview/{token}").status_code == 200


def test_the_editor_chooses_how_long_up_to_what_the_site_allows(
    draft: Any, ellen: Any, settings: Any
) -> None:
    settings.SAFEGUARDING = {"PREVIEW_SECONDS": 2 * 3600}
    client = client_of(ellen)
    form = client.get(share_url(draft)).content.decode()
    assert re.findall(r'<option value="(\d+)"', form) == ["3600", "7200"]
    for wrong in ("86400", "0", "-1", "soon", ""):
        response = post(client, draft, seconds=wrong)
        assert response.status_code == 302
        assert not PreviewToken.objects.exists()
    post(client, draft, seconds="7200")
    token = PreviewToken.objects.get()
    assert (token.expires_at - token.created_at).total_seconds() == 7200


def test_a_draft_that_was_saved_in_the_meantime_is_not_shared_unseen(
    draft: Any, ellen: Any
) -> None:
    seen = draft.latest_revision_id
    draft.get_latest_revision_as_object().save_revision()
    client = client_of(ellen)
    for revision in (str(seen), "", "x", "999999"):
        response = post(client, draft, revision=revision)
        assert response.status_code == 302
    assert "newer draft was saved" in said(client.get(share_url(draft)))
    assert not PreviewToken.objects.exists()


def test_a_page_without_a_draft_says_so(section: Page, ellen: Any) -> None:
    page = factories.review(section, title="Never saved in the editor", live=False)
    client = client_of(ellen)
    assert "Save the page as a draft first" in client.get(share_url(page)).content.decode()
    assert post(client, page).status_code == 302
    assert not PreviewToken.objects.exists()


def test_ending_it_closes_the_address_at_once(draft: Any, ellen: Any) -> None:
    client = client_of(ellen)
    address = shown_address(post(client, draft))
    token = PreviewToken.objects.get()
    assert Client().get(address).status_code == 200
    assert client.get(revoke_url(draft, token)).status_code == 405
    assert Client().get(address).status_code == 200
    assert client.post(revoke_url(draft, token)).status_code == 302
    assert Client().get(address).status_code == 404
    token.refresh_from_db()
    assert token.revoked_by == ellen
    again = client.post(revoke_url(draft, token))
    assert "had ended before" in said(again)


def test_another_editor_of_the_page_may_end_it(draft: Any, section: Page, ellen: Any) -> None:
    address = shown_address(post(client_of(ellen), draft))
    colleague = editor("carys", section=section)
    client_of(colleague).post(revoke_url(draft, PreviewToken.objects.get()))
    assert Client().get(address).status_code == 404


# A denial beside every grant


def stranger(section: Page) -> Any:
    elsewhere = factories.review_index(title="Elsewhere", slug="elsewhere")
    return editor("outsider", section=elsewhere, documents=collection("Elsewhere"))


def test_who_may_not_edit_the_page_is_refused_like_for_an_unknown_page(
    draft: Any, section: Page, ellen: Any
) -> None:
    post(client_of(ellen), draft)
    token = PreviewToken.objects.get()
    publisher = editor("pub", section=section, pages=("publish",))
    for user in (stranger(section), publisher):
        client = client_of(user)
        unknown = client.get(reverse("safeguarding_preview", args=[999999]))
        for response in (
            client.get(share_url(draft)),
            post(client, draft),
            client.post(revoke_url(draft, token)),
        ):
            assert response.status_code == unknown.status_code == 302
            assert response["Location"] == unknown["Location"] == reverse("wagtailadmin_home")
    assert PreviewToken.objects.active().count() == 1


def test_a_token_is_ended_through_its_own_page_only(draft: Any, section: Page, ellen: Any) -> None:
    """The rights that are asked are those of the page in the address."""
    post(client_of(ellen), draft)
    user = stranger(section)
    own = factories.review(Page.objects.get(slug="elsewhere"), title="Own", live=False)
    response = client_of(user).post(revoke_url(own, PreviewToken.objects.get()))
    assert response.status_code == 404
    assert PreviewToken.objects.active().count() == 1


def test_visitors_are_sent_to_the_login(draft: Any) -> None:
    for response in (Client().get(share_url(draft)), post(Client(), draft)):
        assert response.status_code == 302
        assert reverse("wagtailadmin_login") in response["Location"]
    assert not PreviewToken.objects.exists()


def test_forged_forms_are_refused(draft: Any, ellen: Any) -> None:
    post(client_of(ellen), draft)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ellen)
    assert post(client, draft).status_code == 403
    assert client.post(revoke_url(draft, PreviewToken.objects.get())).status_code == 403
    assert PreviewToken.objects.active().count() == 1


def test_pages_of_others_are_not_shared(section: Page) -> None:
    admin = factories.superuser()
    home = factories.home_page()
    home.save_revision()
    response = client_of(admin).get(share_url(home))
    assert response.status_code == 302
    assert response["Location"] == reverse("wagtailadmin_home")


def test_the_page_editor_offers_it_to_who_may(draft: Any, section: Page, ellen: Any) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert share_url(draft) in client_of(ellen).get(edit).content.decode()
    history = reverse("wagtailadmin_pages:history", args=[draft.pk])
    reader = client_of(editor("pub", section=section, pages=("publish",)))
    assert share_url(draft) not in reader.get(history).content.decode()
    home = factories.home_page()
    edit = reverse("wagtailadmin_pages:edit", args=[home.pk])
    assert share_url(home) not in client_of(factories.superuser()).get(edit).content.decode()
