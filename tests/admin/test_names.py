"""The list of names in the admin: who may change it, and that it never shows a name."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter
from wagtail.models import Page, PageLogEntry, Revision

from tests import factories
from tests.admin.people import client_of, collection, editor, said
from wagtail_safeguarding.admin import names
from wagtail_safeguarding.publication.restricted import CHANGED, RestrictedList

pytestmark = pytest.mark.django_db

NAME = "Zebedee Quillfeather"


@pytest.fixture
def section() -> Page:
    return factories.review_index()


@pytest.fixture
def draft(section: Page) -> Any:
    page = factories.review(section, title="Child M", live=False)
    page.save_revision()
    return page


def keeper(name: str, section: Any, **values: Any) -> Any:
    return editor(
        name,
        section=section,
        documents=collection(f"of {name}"),
        models=("change_restrictedlist",),
        **values,
    )


@pytest.fixture
def client(section: Page) -> Client:
    return client_of(keeper("ellen", section))


def url(page: Any) -> str:
    return reverse("safeguarding_names", args=[page.pk])


def post(client: Client, page: Any, text: str = NAME, action: str = "replace") -> Any:
    return client.post(url(page), {"names": text, "action": action})


def test_names_are_set_added_replaced_and_cleared(client: Client, draft: Any) -> None:
    assert "There is no list yet" in client.get(url(draft)).content.decode()
    assert post(client, draft).status_code == 302
    assert "has 1 name" in said(client.get(url(draft)))
    post(client, draft, "Ann Other\n\nPat Doe\n", "add")
    assert RestrictedList.objects.get().names == 3
    assert "The list has 3 names" in client.get(url(draft)).content.decode()
    post(client, draft, "Ann Other", "replace")
    assert RestrictedList.objects.get().names == 1
    post(client, draft, "", "clear")
    assert not RestrictedList.objects.exists()


def test_no_answer_shows_a_name_again(client: Client, draft: Any) -> None:
    for text, action in (
        (NAME, "replace"),
        (f"{NAME}\n123", "replace"),
        (NAME, "nonsense"),
        (NAME * 20_000, "replace"),
        (f"{NAME}\x00", "add"),
    ):
        response = post(client, draft, text, action)
        assert response.status_code in {200, 302}
        assert "no-store" in response["Cache-Control"]
        assert "Zebedee" not in response.content.decode()
    page = client.get(url(draft)).content.decode()
    assert "Zebedee" not in page
    assert RestrictedList.objects.get().hashes[0] not in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter at least one name"),
        (f"{NAME}\n123", "Line 2 is no name"),
        ("x" * 130_000, "too long"),
        ("Ann Other\n" * 501, "more than 500 names"),
    ],
)
def test_a_wrong_list_is_refused_whole(client: Client, draft: Any, text: str, words: str) -> None:
    response = post(client, draft, text)
    assert words in response.content.decode()
    assert not RestrictedList.objects.exists()


def test_a_list_with_a_lost_key_can_only_be_replaced(
    client: Client, draft: Any, settings: Any
) -> None:
    post(client, draft)
    RestrictedList.objects.update(key_check="0" * 32)
    assert "does not have any" in client.get(url(draft)).content.decode()
    assert "could not be kept" in post(client, draft, "Ann Other", "add").content.decode()
    assert post(client, draft).status_code == 302
    assert "does not have any" not in client.get(url(draft)).content.decode()


def test_nothing_remembers_what_was_sent(
    client: Client, draft: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post(client, draft)
    draft.save_revision()
    (entry,) = PageLogEntry.objects.filter(action=CHANGED)
    assert entry.data == {"names": 1}
    assert entry.formatter.format_message(entry).endswith("it has 1 name")
    post(client, draft, action="clear")
    entry = PageLogEntry.objects.filter(action=CHANGED).latest("pk")
    assert "was cleared" in entry.formatter.format_message(entry)
    said_anywhere = [caplog.text, str(list(Revision.objects.values_list("content", flat=True)))]
    said_anywhere.append(str(list(PageLogEntry.objects.values())))
    said_anywhere.append(str(client.session.items()))
    assert "Zebedee" not in " ".join(said_anywhere)


def test_an_error_report_has_no_name(
    client: Client, draft: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """As Django mails it to the site's administrators."""
    settings.DEBUG = False
    reports: list[str] = []

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("something broke")

    def report(sender: Any, request: Any, **kwargs: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.append(reporter.get_traceback_text() + reporter.get_traceback_html())

    monkeypatch.setattr(names.messages, "success", fail)
    client.raise_request_exception = False
    got_request_exception.connect(report)
    try:
        assert post(client, draft).status_code == 500
    finally:
        got_request_exception.disconnect(report)
    assert "something broke" in reports[0]
    assert "keep_names" in reports[0]
    assert "Zebedee" not in reports[0]


@pytest.mark.parametrize("who", ["nobody", "editor", "elsewhere", "reader"])
def test_others_are_refused(draft: Any, section: Page, who: str) -> None:
    other = factories.review_index(slug="other", title="Other")
    client = {
        "nobody": lambda: Client(),
        "editor": lambda: client_of(editor("ed", section=section, documents=collection("a"))),
        "elsewhere": lambda: client_of(keeper("elsa", other)),
        "reader": lambda: client_of(keeper("rita", section, pages=())),
    }[who]()
    for response in (client.get(url(draft)), post(client, draft)):
        assert response.status_code in {302, 403}
        assert "names/" not in response.headers.get("Location", "").split("?")[0]
    assert not RestrictedList.objects.exists()


def test_pages_of_other_kinds_have_no_list(client: Client, section: Page) -> None:
    for pk in (factories.home_page().pk, 999_999):
        assert client.get(reverse("safeguarding_names", args=[pk])).status_code == 302


def test_the_editor_has_a_button_for_those_who_may(
    client: Client, draft: Any, section: Page
) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert url(draft) in client.get(edit).content.decode()
    other = client_of(editor("ed", section=section, documents=collection("a")))
    assert url(draft) not in other.get(edit).content.decode()


def test_the_right_can_be_given_to_a_group() -> None:
    (permission,) = names.names_permissions()
    assert permission.codename == "change_restrictedlist"
    admin = client_of(factories.superuser())
    groups = admin.get(reverse("wagtailusers_groups:add")).content.decode()
    assert "list of names that must not appear" in groups.lower()


def test_a_page_that_is_not_ready_says_so_in_the_editor(client: Client, draft: Any) -> None:
    post(client, draft)
    draft.summary = f"<p>{NAME}</p>"
    draft.save_revision()
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()
    assert "list of names" in edit
