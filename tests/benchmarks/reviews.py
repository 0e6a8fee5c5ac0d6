"""The site that the register API is measured on: indexes of 25 publishers with reviews below them.

`python -m tests.benchmarks.reviews COUNT` makes the site with so many reviews of four documents
each; on the site that is there already it adds what is missing up to COUNT. Added to an empty
site, the reviews are whole and the register is written by `rebuild`. What is added later are
copies for reading: base pages (all that Wagtail is asked for by a reader) with records.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import hashlib
import json
import random
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django

django.setup()

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Collection, Locale, Page, Site

from tests import factories
from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import PracticeReviewPage, ReviewIndexPage
from wagtail_safeguarding.publication.drift import rebuild
from wagtail_safeguarding.register import indexing
from wagtail_safeguarding.register.clock import number_entries
from wagtail_safeguarding.register.models import Entry, Event, Record
from wagtail_safeguarding.register.passages import Passage
from wagtail_safeguarding.vocabularies.defaults import DEFAULT_TERMS, Scheme

PUBLISHERS = 25
DOCUMENTS = 4
BATCH = 500

COMMON, RARE = "safeguarding", "zephyrine"
"""Words of every record, and of ten."""

WORDS = [
    "agency",
    "assessment",
    "child",
    "conference",
    "core",
    "district",
    "family",
    "first",
    "group",
    "health",
    "housing",
    "learning",
    "lead",
    "meeting",
    "multi",
    "officer",
    "partner",
    "plan",
    "police",
    "practice",
    "practitioner",
    "professional",
    "protection",
    "record",
    "referral",
    "report",
    "response",
    "review",
    "risk",
    "school",
    "service",
    "social",
    "strategy",
    "support",
    "team",
    "threshold",
    "visit",
    "voice",
    "work",
    "worker",
    "young",
    "adult",
    "and",
    "for",
    "from",
    "had",
    "into",
    "not",
    "of",
    "that",
    "the",
    "their",
    "this",
    "to",
    "was",
    "were",
    "when",
    "with",
    "within",
    "without",
]

KEYS = {
    scheme: [
        term.key
        for term in DEFAULT_TERMS
        if term.scheme == scheme and term.key != "individual-management-review"
    ]
    for scheme in Scheme
}


@dataclass(frozen=True)
class Writer:
    """Writes the same text for the same number, in every run."""

    dice: random.Random

    def words(self, count: int) -> str:
        return " ".join(self.dice.choices(WORDS, k=count)).capitalize() + "."

    def some(self, scheme: Scheme, most: int) -> list[str]:
        return self.dice.sample(KEYS[scheme], self.dice.randint(1, most))

    def one(self, scheme: Scheme) -> str:
        return self.dice.choice(KEYS[scheme])

    def date(self) -> str:
        text = f"{self.dice.randint(2004, 2023)}-{self.dice.randint(1, 12):02}"
        text += f"-{self.dice.randint(1, 28):02}"
        return text[: self.dice.choice((4, 7, 7, 10, 10, 10))]


def fields(number: int, versions: list[int]) -> dict[str, Any]:
    """The fields of a review page, its lists as they are stored."""
    write = Writer(random.Random(number))
    rare = f" {RARE}" if number % 100 == 7 and number < 1000 else ""
    return {
        "title": f"Review {number}: {write.words(6)}",
        "review_type": write.one(Scheme.REVIEW_TYPE),
        "reference": f"CSP-{number:06}",
        "review_date": write.date() if number % 50 else None,
        "summary": f"<p>{COMMON.capitalize()}{rare}: {write.words(90)}</p>",
        "outcome": write.one(Scheme.OUTCOME),
        "age_band": write.one(Scheme.AGE_BAND),
        "harms": write.some(Scheme.HARM, 3),
        "themes": write.some(Scheme.THEME, 5),
        "subjects": stream("subject", [f"Child {chr(65 + number % 26)}"]),
        "body": json.dumps(
            [
                item(kind, value)
                for _section in range(3)
                for kind, value in (
                    ("heading", write.words(4)),
                    ("paragraph", f"<p>{write.words(60)}</p><p>{write.words(60)}</p>"),
                )
            ]
        ),
        "learning_points": stream(
            "learning_point",
            [
                {
                    "title": write.words(6),
                    "text": f"<p>{write.words(30)}</p>",
                    "themes": write.some(Scheme.THEME, 2),
                }
                for _point in range(2)
            ],
        ),
        "recommendations": stream(
            "recommendation",
            [
                {
                    "text": write.words(25),
                    "owner": write.words(3),
                    "status": write.one(Scheme.RECOMMENDATION_STATUS),
                    "due": "2024-06",
                    "updated": None,
                }
                for _recommendation in range(3)
            ],
        ),
        "documents": stream(
            "document",
            [
                {
                    "version": pk,
                    "title": write.words(5),
                    "role": write.one(Scheme.DOCUMENT_ROLE),
                    "audience": write.some(Scheme.AUDIENCE, 2),
                    "language": "en",
                    "date": "2023-05",
                    "description": write.words(12),
                }
                for pk in versions
            ],
        ),
    }


def stream(kind: str, values: list[Any]) -> str:
    return json.dumps([item(kind, value) for value in values])


def item(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def add_versions(count: int) -> list[int]:
    """Cleared versions without bytes: nothing here reads a file."""
    collection = Collection.get_first_root_node()
    documents = ReviewDocument.objects.bulk_create(
        [
            ReviewDocument(title=f"Report {number}", collection=collection, audience=[])
            for number in range(count)
        ],
        BATCH,
    )
    versions = DocumentVersion.objects.bulk_create(
        [
            DocumentVersion(
                document=document,
                number=1,
                file_name=f"report-{document.pk}.pdf",
                storage_key=f"versions/bench/{document.pk}",
                sha256=hashlib.sha256(str(document.pk).encode()).hexdigest(),
                size=1_500_000,
                media_type="application/pdf",
                pages=48,
                state=VersionState.CLEARED,
            )
            for document in documents
        ],
        BATCH,
    )
    return [version.pk for version in versions]


def add_site() -> None:
    """A home page with the indexes of the publishers, who are told by their index."""
    home = factories.home_page()
    SafeguardingSiteSettings.objects.create(
        site=Site.objects.get(is_default_site=True),
        publisher="A council",
        emergency_lines=[("line", {"text": "In an emergency call 999.", "number": "999"})],
        alternative_format_contact="formats@council.example",
    )
    for number in range(PUBLISHERS):
        home.add_child(
            instance=ReviewIndexPage(
                title=f"Reviews of partnership {number}",
                slug=f"partnership-{number}",
                publisher=f"Safeguarding partnership {number}",
            )
        )


def new_pages(numbers: range) -> Iterator[Page]:
    """Base pages below the indexes, as Wagtail stores them."""
    now = timezone.now()
    shared = {
        "content_type": ContentType.objects.get_for_model(PracticeReviewPage),
        "locale": Locale.get_default(),
        "live": True,
        "has_unpublished_changes": False,
        "first_published_at": now,
        "last_published_at": now,
        "latest_revision_created_at": now,
    }
    indexes = list(ReviewIndexPage.objects.order_by("path"))
    for number in numbers:
        index = indexes[number % PUBLISHERS]
        slug = f"review-{number}"
        yield Page(
            **shared,
            path=Page._get_path(index.path, index.depth + 1, number // PUBLISHERS + 1),
            depth=index.depth + 1,
            slug=slug,
            url_path=f"{index.url_path}{slug}/",
            translation_key=uuid.uuid4(),
        )


def add_reviews(count: int) -> None:
    """Whole pages; the register does not know of them yet."""
    versions = add_versions(count * DOCUMENTS)
    pages, reviews = [], []
    for number, page in enumerate(new_pages(range(count))):
        own = fields(number, versions[number * DOCUMENTS : (number + 1) * DOCUMENTS])
        page.title = page.draft_title = own.pop("title")
        pages.append(page)
        reviews.append(own)
    pages = Page.objects.bulk_create(pages, BATCH)
    # Django has no bulk_create() for a table that continues another one.
    table = PracticeReviewPage._base_manager.all()
    table._for_write = True
    table._batched_insert(
        [
            PracticeReviewPage(page_ptr_id=page.pk, **own)
            for page, own in zip(pages, reviews, strict=True)
        ],
        PracticeReviewPage._meta.local_concrete_fields,
        BATCH,
    )
    _count_children()


def _count_children() -> None:
    for index in ReviewIndexPage.objects.all():
        below = Page.objects.filter(path__startswith=index.path, depth=index.depth + 1)
        Page.objects.filter(pk=index.pk).update(numchild=below.count())


def add_copies(first: int, count: int) -> None:
    """Base pages and public records, for reading: the same content under other ids and dates."""
    templates = list(Record.objects.filter(kind="review").order_by("pk")[:first])
    clean = [one for one in templates if RARE not in bytes(one.payload).decode()]
    texts_of: dict[int, list[str]] = {one.pk: [] for one in clean}
    for pk, text in Passage.objects.filter(record__in=clean).values_list("record", "text"):
        texts_of[pk].append(text)
    now = timezone.now()

    pages = list(new_pages(range(first, count)))
    for start in range(0, len(pages), BATCH * 4):
        part = pages[start : start + BATCH * 4]
        for number, page in enumerate(part, start):
            page.title = page.draft_title = clean[number % len(clean)].title
        Page.objects.bulk_create(part, BATCH)
        records = Record.objects.bulk_create(
            [
                _copy(clean[number % len(clean)], page, now)
                for number, page in enumerate(part, start)
            ],
            BATCH,
        )
        Entry.objects.bulk_create(
            [
                Entry(record=one, event=Event.PUBLISHED, at=now, payload_hash=one.etag)
                for one in records
            ],
            BATCH,
        )
        texts = (
            texts_of[clean[number % len(clean)].pk] for number in range(start, start + len(part))
        )
        indexing.add(
            Passage.objects.bulk_create(
                [
                    Passage(record=record, number=number, text=text, public=True)
                    for record, own in zip(records, texts, strict=True)
                    for number, text in enumerate(own)
                ],
                BATCH,
            )
        )
    _count_children()
    number_entries()


def _copy(template: Record, page: Page, now: Any) -> Record:
    found = Record(
        page_id=page.pk,
        first_public_at=now,
        changed_at=now,
        address=f"http://localhost{page.url_path}",
        **{
            name: getattr(template, name)
            for name in ("kind", "state", "title", "date", "facets", "etag", "site_id")
        },
    )
    found.payload = bytes(template.payload)
    found.item = template.item.replace(str(template.uuid), str(found.uuid), 1)
    return found


def count_rows() -> None:
    """What PostgreSQL does by itself, some time after many rows were written. SQLite counts no rows
    but those of the index, as we have it do for each file."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    indexing.update_statistics()


def main(count: int) -> None:
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    present = PracticeReviewPage.objects.count()
    if not present:
        with transaction.atomic():
            add_site()
            add_reviews(count)
        for _mended in rebuild():
            pass
    elif count > present:
        with transaction.atomic():
            add_copies(present, count)
    count_rows()


if __name__ == "__main__":
    main(int(sys.argv[1]))
