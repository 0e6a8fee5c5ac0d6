"""An editor previews a draft in the front end; nobody else reads it.

Run in a process of its own (`python -m tests.headless.scenario`). The first thing that is not
as it should be ends it with a traceback.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import django

django.setup()

from django.core.management import call_command
from django.core.signing import TimestampSigner
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
from wagtail_headless_preview.models import PagePreview

from tests import factories
from tests.admin.forms import review_form, rich_text
from tests.admin.people import collection, editor
from tests.headless.models import HeadlessIndex, HeadlessReview
from wagtail_safeguarding.inspection import inside
from wagtail_safeguarding.preview import tokens

# The files here are no more than the beginning and the end of a PDF.
inside.WORKERS.clear()

API = "/api/v2/page_preview/"


def preview(client: Client, url: str, data: dict[str, str]) -> dict[str, str]:
    """What Wagtail's preview panel does: keep the form, then open the preview."""
    kept = client.post(url, data)
    assert kept.json() == {"is_valid": True, "is_available": True}, kept.content
    sent = client.get(url)
    assert sent.status_code == 302, sent.content
    place = urlsplit(sent["Location"])
    assert place.netloc == "www.example.org"
    return {name: values[0] for name, values in parse_qs(place.query).items()}


def read(query: dict[str, str], url: str = API) -> Any:
    response = Client().get(url, query)
    for name, value in {
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
    }.items():
        assert response[name] == value, response.headers
    return response


def main() -> None:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("check")
    index = factories.home_page().add_child(instance=HeadlessIndex(title="Reviews", slug="reviews"))
    files = collection("Reviews")
    ellen = editor("ellen", section=index, documents=files)
    version = factories.cleared_version("Overview report", collection=files)
    client = Client()
    client.force_login(ellen)
    form = review_form([(version.pk, "The overview")], summary="Unsaved words", title="Child M")
    form["summary"] = rich_text("Unsaved words")

    # A page that is being created, and one that is saved
    where = ["headless", "headlessreview", index.pk]
    query = preview(client, reverse("wagtailadmin_pages:preview_on_add", args=where), form)
    shown = read(query)
    assert shown.status_code == 200, shown.content
    assert shown.json()["title"] == "Child M"
    assert not HeadlessReview.objects.exists()

    page = index.add_child(
        instance=HeadlessReview(
            title="Saved", slug="mine", review_type="learning-review", live=False
        )
    )
    page.save_revision(user=ellen)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    query = preview(client, url, form)
    for address in (API, f"{API}{page.pk}/", f"{API}1/"):
        shown = read(query, address)
        assert shown.status_code == 200, shown.content
        body = shown.json()
        assert body["title"] == "Child M"
        assert "Unsaved words" in body["summary"]
        (row,) = body["documents"]
        # The words of the row; the file itself only when it is public.
        assert row["title"] == "The overview"
        assert row["status"] == "not available"
        assert row["url"] is row["sha256"] is row["id"] is None
    assert Client().get(version.get_url()).status_code == 404
    assert Client().get(f"/api/v2/pages/{page.pk}/").status_code == 404

    # Nobody without the signed token
    never = Client().get(API, {**query, "token": "x"})
    token = query["token"]
    stored = PagePreview.objects.latest("pk")
    other = TimestampSigner(salt="headlesspreview.token").sign(f"id={page.pk}")
    unsigned = PagePreview.objects.create(
        token="id=1:forged", content_type=stored.content_type, content_json=stored.content_json
    )
    for wrong in (
        {},
        {"token": token},
        {"content_type": query["content_type"]},
        *({**query, "token": text} for text in (unsigned.token, token[:-1], "", "a" * 4000)),
        *({**query, "token": token[:i] + "~" + token[i + 1 :]} for i in range(len(token))),
        *(
            {**query, "content_type": text}
            for text in (
                "headless.headlessindex",
                "wagtailcore.page",
                "auth.user",
                "nonsense",
                "a.b.c",
                "'",
                "",
            )
        ),
    ):
        refused = read(wrong)
        assert (refused.status_code, refused.content) == (404, never.content), wrong
    if other != token:
        assert read({**query, "token": other}).status_code == 404

    # The signature grows old: that package itself lets it live for ever
    later = dt.datetime.now(dt.UTC).timestamp() + 3601
    with mock.patch("django.core.signing.time.time", return_value=later):
        assert read(query).status_code == 404
    assert read(query).status_code == 200

    # The shared preview of the same type, with its file
    page.title = "Shared"
    page.documents = [("document", {"version": version, "title": ""})]
    shared = tokens.issue(page, page.save_revision(user=ellen), user=ellen, seconds=60)
    answer = Client().get(f"/safeguarding/preview/{shared}").json()
    assert answer["page"]["title"] == "Shared"
    assert Client().get(answer["files"][0]["url"]).status_code == 200

    page.delete()
    assert read(query).status_code == 404
    assert Client().get(f"/safeguarding/preview/{shared}").status_code == 404
    print("previewed")


if __name__ == "__main__":
    main()
