"""One page of each of our types with something in every field."""

from __future__ import annotations

from typing import Any

from tests import factories
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.pages.models import (
    ArticlePage,
    DocumentCollectionPage,
    FurtherInformationPage,
)

LINK = {"title": "A guide", "url": "https://example.org/guide", "organisation": "Org"}
LINE = {"text": "In danger? Call 999 now", "number": "999"}


def one_of_each_type() -> list[Any]:
    home = factories.home_page()
    version = factories.cleared_version("Overview report")
    ReviewDocument.objects.update(language="en-GB", audience=["police"], publication_date="2019")
    leaflet = factories.cleared_version("Leaflet", name="leaflet.pdf")
    index = factories.review_index(
        home,
        publisher="Vale partnership",
        emergency_lines=[("line", LINE)],
        introduction="<p>All.</p>",
        documents=[factories.document_value(leaflet)],
        comments_closed_on="2024-01-31",
    )
    links = home.add_child(
        instance=FurtherInformationPage(
            title="Links",
            introduction="<p>More.</p>",
            further_information=[("link", LINK), ("link", {"title": "Inside", "page": index})],
        )
    )
    older = factories.review(index, title="SCR Child W", review_date="2008")
    review = factories.review(
        index,
        versions=(version,),
        subjects=[("subject", "Child M")],
        reference="MV-2019-01",
        review_date=PartialDate(2019, 7),
        summary="<p>Short.</p>",
        body=[
            ("heading", "Context"),
            ("paragraph", "<p>Long.</p>"),
            ("quotation", "Said."),
            factories.document_value(leaflet, role="leaflet", date=PartialDate(2020)),
            ("document", {"title": "To come"}),
            ("link", LINK),
            ("link", {"title": "Inside", "page": links}),
        ],
        outcome="child-death",
        age_band="1-to-5",
        harms=["neglect"],
        themes=["information-sharing", "supervision"],
        learning_points=[
            (
                "learning_point",
                {"title": "Ask", "text": "<p>Why.</p>", "themes": ["supervision"]},
            )
        ],
        recommendations=[
            (
                "recommendation",
                {
                    "text": "Do it.",
                    "owner": "Police",
                    "status": "completed",
                    "due": PartialDate(2020, 3),
                    "updated": "2020-02-01",
                },
            ),
            ("recommendation", {"text": "And this."}),
        ],
        related_reviews=[("review", older)],
        related_documents=[factories.document_value(leaflet)],
        further_information_heading="More",
        further_information=[("link", LINK)],
    )
    collection = home.add_child(
        instance=DocumentCollectionPage(
            title="Protocols",
            introduction="<p>All.</p>",
            sections=[
                (
                    "section",
                    {
                        "heading": "Protocols",
                        "introduction": "<p>Which.</p>",
                        "documents": [factories.document_value(version, role="protocol")],
                    },
                )
            ],
        )
    )
    article = home.add_child(
        instance=ArticlePage(
            title="News",
            article_date="2024-05-03",
            summary="<p>Short.</p>",
            body=[("paragraph", "<p>Text</p>")],
            documents=[factories.document_value(version)],
            further_information=[("link", LINK)],
        )
    )
    return [index, review, older, collection, links, article]
