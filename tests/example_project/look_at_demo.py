"""Look at a loaded demo site from outside, and print what is seen as JSON.

Run by ``test_load_demo.py`` in a process of its own: the example site has settings of its own.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "example_project.settings"
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.models import Page, PageLogEntry, Revision, Site  # noqa: E402

from wagtail_safeguarding.content.settings import SafeguardingSiteSettings  # noqa: E402
from wagtail_safeguarding.documents.models import DocumentVersion  # noqa: E402
from wagtail_safeguarding.pages.models import PracticeReviewPage, ReviewIndexPage  # noqa: E402
from wagtail_safeguarding.register.models import Entry, Record  # noqa: E402

HOST = "127.0.0.1"


def get(client: Client, url: str) -> Any:
    return client.get(url, headers={"host": HOST})


def file(client: Client, url: str) -> dict[str, Any]:
    response = get(client, url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return {
        "status": response.status_code,
        "type": response.headers.get("Content-Type", ""),
        "start": body[:5].decode("latin-1"),
        "bytes": len(body),
    }


def look() -> dict[str, Any]:
    visitor = Client()
    index = ReviewIndexPage.objects.get()
    draft = PracticeReviewPage.objects.get(live=False)
    draft_version = DocumentVersion.objects.get(
        document__title=draft.documents[0].value["version"].document.title
    )
    items = get(visitor, "/api/v2/pages/?fields=*&limit=20").json()["items"]
    paths = ["/", *(page.url for page in Page.objects.live().filter(depth__gt=2))]
    pages = {path: get(visitor, path) for path in paths}
    everything = json.dumps(items) + "".join(
        response.content.decode() for response in pages.values()
    )
    settings = SafeguardingSiteSettings.for_site(Site.objects.get())
    editor, admin = Client(), Client()
    return {
        "root_url": Site.objects.get().root_url,
        "publisher": settings.publisher,
        "emergency_numbers": [line.value["number"] for line in settings.emergency_lines],
        "pages": {path: response.status_code for path, response in pages.items()},
        "types": sorted({item["meta"]["type"] for item in items}),
        "html_urls": [item["meta"]["html_url"] for item in items],
        "reviews": [
            {
                "title": review.title,
                "files": [
                    file(visitor, version.get_url())
                    for row in review.documents
                    if (version := row.value["version"])
                ],
            }
            for review in index.get_reviews()
        ],
        "related": [review.get_related_reviews()[0].title for review in index.get_reviews()[:2]],
        "draft": {
            "title": draft.title,
            "state": draft_version.state,
            "page": get(visitor, f"{index.url}{draft.slug}/").status_code,
            "file": file(visitor, draft_version.get_url()),
            "unknown": get(
                visitor,
                "/safeguarding/documents/00000000-0000-4000-8000-000000000000/report.pdf",
            ).status_code,
            "seen": [
                text
                for text in (draft.title, draft.reference, draft_version.file_name)
                if text in everything
            ],
            "records": Record.objects.filter(page_id=draft.pk).count(),
        },
        "admin": {
            "login": admin.login(username="admin", password="safeguarding"),
            "home": get(admin, f"/admin/pages/{index.get_parent().pk}/edit/").status_code,
        },
        "editor": {
            "login": editor.login(username="editor", password="safeguarding"),
            "index": get(editor, f"/admin/pages/{index.pk}/edit/").status_code,
            "draft": get(editor, f"/admin/pages/{draft.pk}/edit/").status_code,
            "home": get(editor, f"/admin/pages/{index.get_parent().pk}/edit/").status_code,
            "users": get(editor, "/admin/users/").status_code,
            "chooser": get(editor, "/admin/safeguarding_document_chooser/").status_code,
        },
        "counts": {
            model.__name__: model.objects.count()
            for model in (
                Page,
                Revision,
                PageLogEntry,
                Record,
                Entry,
                DocumentVersion,
                User,
                Group,
            )
        },
    }


json.dump(look(), sys.stdout)
