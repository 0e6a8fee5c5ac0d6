"""A site with a record of every kind, and the words of things that nobody is to see."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from tests import factories as f
from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import (
    ArticlePage,
    DocumentCollectionPage,
    FurtherInformationPage,
)
from wagtail_safeguarding.register.models import Record

API = "/api/safeguarding/v1/"
PUBLISHER = "Marlowe Vale Safeguarding Children Partnership"
SECRET = "Embargoed"
"""Stands in the title of everything that nobody is to see, and in its file's name."""


@dataclass
class RegisterSite:
    home: Any
    pages: dict[str, Any]
    """By kind."""
    report: DocumentVersion
    secrets: list[str] = field(default_factory=list)
    """Words, hashes and UUIDs that may be in no answer."""

    def record(self, kind: str) -> Record:
        return Record.objects.get(page_id=self.pages[kind].pk, page_deleted=False)

    def uuid(self, kind: str) -> str:
        return str(self.record(kind).uuid)


def get(path: str, **headers: str) -> Any:
    """Ask the API. The answer has its bytes, read and unpacked, in ``body``."""
    return asked("get", path, **headers)


def asked(method: str, path: str, **headers: str) -> Any:
    path = path if path.startswith("/") else API + path
    response: Any = getattr(Client(), method)(path, headers=headers)
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    response.body = gzip.decompress(raw) if response.get("Content-Encoding") == "gzip" else raw
    return response


def data(path: str) -> Any:
    response = get(path)
    assert response.status_code == 200, response.body
    return json.loads(response.body)


def publish_site() -> RegisterSite:
    home = f.home_page()
    settings = SafeguardingSiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.publisher = PUBLISHER
    settings.save()
    report = f.cleared_version("Child M report", "child-m.pdf")
    rows = [
        f.document_value(
            report,
            title="Overview report",
            role="overview-report",
            audience=["health"],
            language="en",
            date="2019-08",
            description="The whole report.",
        ),
        f.document_value(None, title="Action plan", role="action-plan"),
    ]
    index = f.review_index(home, introduction="<p>What we learned.</p>", documents=rows[1:])
    review = f.review(
        index,
        title="Learning Review Child M, July 2019",
        slug="review",
        review_date="2019-07",
        reference="LR-7",
        subjects=[("subject", "Child M")],
        summary="<p>What was <b>found</b> &amp; why.</p>",
        body=[("paragraph", "<p>How it was done.</p>"), ("heading", "What will change")],
        outcome="serious-harm",
        age_band="6-to-10",
        harms=["neglect"],
        themes=["information-sharing"],
        documents=rows,
        related_documents=[f.document_value(f.cleared_version("Protocol", "protocol.pdf"))],
    )
    section = {
        "heading": "Pathways",
        "introduction": "<p>In steps.</p>",
        "documents": [
            {
                "type": "document",
                "value": {"version": f.cleared_version("Pathway", "pathway.pdf").pk},
            }
        ],
    }
    pages = {
        "review": review,
        "index": index,
        "collection": index.add_child(
            instance=DocumentCollectionPage(
                title="Protocols",
                introduction="<p>How we act together.</p>",
                sections=[("section", section)],
            )
        ),
        "further-information": index.add_child(
            instance=FurtherInformationPage(
                title="Where to find out more", introduction="<p>Elsewhere.</p>"
            )
        ),
        "article": index.add_child(
            instance=ArticlePage(
                title="Was not brought",
                article_date="2026-04-20",
                summary="<p>Three words.</p>",
                body=[("paragraph", "<p>They do.</p>"), rows[0]],
            )
        ),
    }
    return RegisterSite(home, pages, report)


def secret_version(name: str, **values: Any) -> DocumentVersion:
    title = f"{SECRET} file {name}"
    return f.cleared_version(title, f"{SECRET.lower()}-{name}.pdf", **values)


def hidden_review(site: RegisterSite, name: str, *, live: bool = True, parent: Any = None) -> Any:
    version = secret_version(name)
    site.secrets += [version.sha256, str(version.document.uuid)]
    return f.review(
        parent or site.pages["index"],
        title=f"{SECRET} review {name}",
        slug=f"{SECRET.lower()}-{name}",
        summary=f"<p>{SECRET} words.</p>",
        review_date="1991",
        versions=(version,),
        live=live,
    )


def hide_silently(site: RegisterSite, page: Any) -> None:
    """Hide a page that was public in a way that tells nobody."""
    site.secrets += [SECRET, str(Record.objects.get(page_id=page.pk).uuid)]
    Page.objects.filter(pk=page.pk).update(live=False)


def hide_unpublished_things(site: RegisterSite) -> None:
    """One of each kind of thing that never was public."""
    hidden_review(site, "draft", live=False)
    scheduled = hidden_review(site, "scheduled", live=False)
    scheduled.go_live_at = timezone.now() + dt.timedelta(days=9)
    scheduled.save_revision().publish()
    private_index = f.review_index(
        site.home, title=f"{SECRET} index", slug=f"{SECRET.lower()}-index", live=False
    )
    PageViewRestriction.objects.create(
        page=private_index, restriction_type=PageViewRestriction.LOGIN
    )
    private_index.live = True
    private_index.save()
    hidden_review(site, "below-private", parent=private_index)
    # The draft of a page that is public.
    review = site.pages["review"]
    review.title = f"{SECRET} draft title"
    review.documents.append(f.document_value(secret_version("in-draft")))
    review.save_revision()
    review.refresh_from_db()
    # A file that no page may show: blocked, in a private collection, of a deleted document.
    blocked = secret_version("blocked")
    DocumentVersion.objects.filter(pk=blocked.pk).update(state=VersionState.BLOCKED)
    collection = Collection.get_first_root_node().add_child(name=f"{SECRET} collection")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    inside = secret_version("restricted", collection=collection)
    newer = secret_version("newer", document=site.report.document)
    site.secrets += [blocked.sha256, inside.sha256, newer.sha256, SECRET, SECRET.lower()]
