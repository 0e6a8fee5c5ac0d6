"""Pages of our five types with something in every field, for listings of any length."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wagtail.models import Site

from tests import factories
from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.pages.models import (
    ArticlePage,
    DocumentCollectionPage,
    FurtherInformationPage,
)

TYPES = (
    "PracticeReviewPage",
    "ReviewIndexPage",
    "DocumentCollectionPage",
    "FurtherInformationPage",
    "ArticlePage",
)


def site_settings() -> None:
    settings = SafeguardingSiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.publisher = "Vale partnership"
    settings.emergency_lines = [("line", {"text": "In danger? Call 999 now", "number": "999"})]
    settings.save()


def links(page: Any) -> list[tuple[str, Any]]:
    return [
        ("link", {"title": "A guide", "url": "https://example.org/guide"}),
        ("link", {"title": "Inside", "page": page}),
    ]


def full_review(
    parent: Any, number: int, versions: list[DocumentVersion], related: Any, **values: Any
) -> Any:
    """A review with four documents, links to ``related``, and text in every field."""
    to_related = f'<p>See <a linktype="page" id="{related.pk}">the other one</a>.</p>'
    values = {
        "title": f"Learning Review Child {number}",
        "slug": f"review-{number}",
        "subjects": [("subject", f"Child {number}")],
        "reference": f"MV-{number}",
        "review_date": f"{2000 + number % 25}-0{1 + number % 9}",
        "summary": to_related,
        "body": [
            ("heading", "Context"),
            ("paragraph", to_related),
            ("document", {"version": versions[0], "title": "Within the text"}),
            ("link", {"title": "Inside", "page": related}),
        ],
        "outcome": "child-death",
        "age_band": "1-to-5",
        "harms": ["neglect"],
        "themes": ["information-sharing", "supervision"],
        "learning_points": [
            ("learning_point", {"title": "Ask", "text": to_related, "themes": ["supervision"]})
        ],
        "recommendations": [
            (
                "recommendation",
                {"text": "Train staff", "status": "completed", "updated": dt.date(2020, 2, 1)},
            )
        ],
        "documents": [
            factories.document_value(version, role="overview-report") for version in versions[:3]
        ],
        "related_reviews": [("review", related)],
        "related_documents": [factories.document_value(versions[3], title="For parents")],
        "further_information": links(related),
        **values,
    }
    return factories.review(parent, **values)


def page_of(kind: str, parent: Any, number: int, versions: list[DocumentVersion], to: Any) -> Any:
    """One page of the type, with everything that its type can name."""
    common = {"title": f"{kind} {number}", "slug": f"{kind.lower()}-{number}"}
    documents = [factories.document_value(version) for version in versions]
    if kind == "PracticeReviewPage":
        return full_review(parent, number, versions, to)
    if kind == "ReviewIndexPage":
        index = factories.review_index(
            parent, documents=documents, further_information=links(to), **common
        )
        factories.review(index, title=f"Below {number}", slug=f"below-{number}")
        return index
    if kind == "DocumentCollectionPage":
        section = {"heading": "All", "introduction": "<p>Which.</p>", "documents": documents}
        return parent.add_child(
            instance=DocumentCollectionPage(
                sections=[("section", section)], further_information=links(to), **common
            )
        )
    if kind == "FurtherInformationPage":
        return parent.add_child(
            instance=FurtherInformationPage(further_information=links(to), **common)
        )
    return parent.add_child(
        instance=ArticlePage(
            body=[("paragraph", "<p>Text</p>"), ("link", links(to)[1][1])],
            documents=documents,
            further_information=links(to),
            article_date="2024",
            **common,
        )
    )
