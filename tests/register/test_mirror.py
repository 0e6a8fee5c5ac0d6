"""Somebody who follows the log ends with an exact copy of what is public, whatever happens."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import PracticeReviewPage, ReviewIndexPage
from wagtail_safeguarding.publication import takedown
from wagtail_safeguarding.publication.drift import find_drift

pytestmark = pytest.mark.django_db

API = "/api/safeguarding/v1/"
STEPS = 40
JOINED = ("labels", "emergency_lines", "alternative_format_contact")
"""What is joined to a record when it is read, and is no part of it."""


def form_of(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in JOINED}


@dataclass
class Mirror:
    """Knows the API alone. Asks now and then, in parts, and keeps nothing that was taken down."""

    copies: dict[str, dict[str, Any]] = field(default_factory=dict)
    next: str = API + "changes?limit=3"
    client: Client = field(default_factory=Client)

    def follow(self) -> None:
        more = True
        while more:
            body = self.client.get(self.next).json()
            for change in body["items"]:
                self.copy(change["record"])
            self.next, more = body["next"], body["more"]

    def copy(self, uuid: str) -> None:
        response = self.client.get(f"{API}records/{uuid}")
        if response.status_code == 200:
            self.copies[uuid] = form_of(response.json())
        else:
            assert response.status_code == 410, uuid
            assert "tombstone" in response.json()
            self.copies.pop(uuid, None)


@dataclass
class Editors:
    """Do something at random, as it comes in a council."""

    chance: random.Random

    def page(self, **having: Any) -> Any:
        pages = list(PracticeReviewPage.objects.filter(**having).order_by("pk"))
        return self.chance.choice(pages) if pages else None

    def version(self) -> Any:
        return self.chance.choice(list(DocumentVersion.objects.order_by("pk")))

    def write(self) -> None:
        ready = [v for v in DocumentVersion.objects.order_by("pk") if v.state == "cleared"]
        number = self.chance.randrange(10**9)
        page = factories.review(
            self.chance.choice(list(ReviewIndexPage.objects.order_by("pk"))),
            title=f"Review {number}",
            slug=f"r{number}",
            live=False,
            review_date=str(self.chance.randrange(1990, 2026)),
            versions=tuple(self.chance.sample(ready, min(len(ready), 2))),
        )
        page.save_revision().publish()

    def edit(self) -> None:
        if page := self.page(live=True):
            page.summary = f"<p>{self.chance.random()}</p>"
            page.save_revision().publish()

    def save_a_draft(self) -> None:
        if page := self.page():
            page.title = "Only a draft"
            page.save_revision()

    def unpublish(self) -> None:
        if page := self.page(live=True):
            page.unpublish()

    def expire(self) -> None:
        if page := self.page(live=True):
            Page.objects.filter(pk=page.pk).update(expire_at=timezone.now())
            call_command("publish_scheduled")

    def publish_again(self) -> None:
        if page := self.page(live=False):
            page.get_latest_revision().publish()

    def delete(self) -> None:
        if page := self.page():
            page.delete()

    def move(self) -> None:
        if page := self.page():
            page.move(self.chance.choice(list(ReviewIndexPage.objects.all())), pos="last-child")

    def rename_a_section(self) -> None:
        index = self.chance.choice(list(ReviewIndexPage.objects.order_by("pk")))
        index.slug = f"s{self.chance.randrange(10**9)}"
        index.publisher = self.chance.choice(["", "Ashdown", "Brackley"])
        index.save_revision().publish()

    def rename_the_site(self) -> None:
        site = Site.objects.get(is_default_site=True)
        site.hostname = f"council{self.chance.randrange(99)}.example"
        site.save()

    def restrict_or_open(self) -> None:
        restriction = PageViewRestriction.objects.first()
        if restriction:
            restriction.delete()
        else:
            index = self.chance.choice(list(ReviewIndexPage.objects.order_by("pk")))
            PageViewRestriction.objects.create(page_id=index.pk, restriction_type="login")

    def follow_another_page(self) -> None:
        if page := self.page(alias_of=None):
            where = self.chance.choice(list(ReviewIndexPage.objects.all()))
            number = self.chance.randrange(10**9)
            alias = page.create_alias(parent=where, update_slug=f"a{number}")
            assert alias.pk

    def upload(self) -> None:
        factories.cleared_version(f"Document {self.chance.random()}")

    def withdraw(self) -> None:
        version = self.version()
        if version.state == VersionState.CLEARED:
            takedown.withdraw([version], reason="It names a street.", user=None)

    def edit_a_document(self) -> None:
        document = self.version().document
        document.licence = f"OGL {self.chance.random()}"
        document.save()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mirror_ends_with_an_exact_copy(
    seed: int, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    def commit() -> Any:
        return django_capture_on_commit_callbacks(execute=True)

    chance = random.Random(seed)
    editors, mirror = Editors(chance), Mirror()
    late = Mirror(next=API + "changes")
    with commit():
        factories.review_index()
        factories.review_index(title="Others", slug="others")
        for number in range(3):
            factories.cleared_version(f"Document {number}")
    deeds = [name for name in vars(Editors) if not name.startswith("_")]
    deeds = [name for name in deeds if name not in {"page", "version", "chance"}]
    for name in ["write"] * 4 + [chance.choice(deeds) for _ in range(STEPS)]:
        # What is not ready is refused, as it should be.
        with commit(), suppress(ValidationError), transaction.atomic():
            getattr(editors, name)()
        if chance.random() < 0.5:
            mirror.follow()
    assert list(find_drift()) == []
    for each in (mirror, late):
        each.follow()
        listed: dict[str, Any] = {}
        path = f"{API}records?limit=7&fields=*"
        while path:
            body = client.get(path).json()
            listed |= {item["uuid"]: item for item in body["items"]}
            path = body["next"]
        assert len(listed) == body["count"]
        assert each.copies == {uuid: form_of(record) for uuid, record in listed.items()}
        for uuid, record in each.copies.items():
            (*_earlier, last) = client.get(f"{API}records/{uuid}/history").json()["entries"]
            assert last["sha256"] == record["sha256"]
