"""Wagtail's own API v2 gives back every field of every type, in a form a front end can use."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import wagtail
from wagtail.models import PageViewRestriction, Site

from tests import factories
from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.pages.models import (
    ArticlePage,
    DocumentCollectionPage,
    FurtherInformationPage,
    PracticeReviewPage,
)

pytestmark = pytest.mark.django_db

LINK = ("link", {"title": "A guide", "url": "https://example.org/guide", "organisation": "Org"})


@pytest.fixture
def index() -> Any:
    return factories.review_index()


@pytest.fixture
def read(client: Any) -> Any:
    """The item of a page in the listing of its type, asked for with all fields."""

    def ask(page: Any) -> dict[str, Any]:
        label = page.specific._meta.label
        items = client.get(f"/api/v2/pages/?type={label}&fields=*&limit=20").json()["items"]
        (item,) = [item for item in items if item["id"] == page.pk]
        detail = client.get(f"/api/v2/pages/{page.pk}/").json()
        for name, value in item.items():
            if name != "meta":
                assert detail[name] == value
        return dict(item)

    return ask


def term(scheme: str, key: str, label: str, abbreviation: str = "") -> dict[str, str]:
    return {"scheme": scheme, "key": key, "label": label, "abbreviation": abbreviation}


def test_every_field_of_a_review(index: Any, read: Any) -> None:
    version = factories.cleared_version("Overview report")
    ReviewDocument.objects.update(language="en-GB", audience=["police"], publication_date="2019")
    leaflet = factories.cleared_version("Leaflet", name="leaflet.pdf")
    other = factories.review(index, title="SCR Child W", review_date="2008")
    page = factories.review(
        index,
        versions=(),
        subjects=[("subject", "Child M"), ("subject", "Child N")],
        reference="MV-2019-01",
        review_date=PartialDate(2019, 7),
        summary="<p>Short.</p>",
        body=[("heading", "Context"), ("paragraph", "<p>Long.</p>"), ("link", LINK[1])],
        outcome="child-death",
        age_band="1-to-5",
        harms=["neglect"],
        themes=["information-sharing", "supervision"],
        learning_points=[
            ("learning_point", {"title": "Ask", "text": "<p>Why.</p>", "themes": ["supervision"]})
        ],
        recommendations=[
            (
                "recommendation",
                {
                    "text": "Train staff",
                    "owner": "Health",
                    "status": "completed",
                    "due": PartialDate(2020, 3),
                    "updated": dt.date(2020, 2, 1),
                },
            )
        ],
        documents=[
            factories.document_value(version, role="overview-report"),
            factories.document_value(None, title="Action plan", role="action-plan"),
        ],
        related_reviews=[("review", other)],
        related_documents=[factories.document_value(leaflet, title="For parents")],
        further_information_heading="More",
        further_information=[LINK],
    )
    item = read(page)
    report, plan = item["documents"]
    assert report == {
        "title": "Overview report",
        "role": term("document-role", "overview-report", "Overview report"),
        "audience": [term("audience", "police", "Police")],
        "language": "en-GB",
        "date": {"value": "2019", "precision": "year"},
        "description": "",
        "status": "available",
        "id": str(version.document.uuid),
        "version": 1,
        "url": f"http://testserver{version.get_url()}",
        "file_name": "report.pdf",
        "media_type": "application/pdf",
        "bytes": version.size,
        "pages": None,
        "sha256": version.sha256,
    }
    assert (plan["title"], plan["status"], plan["url"]) == ("Action plan", "to be supplied", None)
    assert item["title"] == "Learning Review Child M"
    assert item["review_type"] == term("review-type", "learning-review", "Learning review")
    assert [subject["value"] for subject in item["subjects"]] == ["Child M", "Child N"]
    assert item["reference"] == "MV-2019-01"
    assert item["review_date"] == {"value": "2019-07", "precision": "month"}
    assert item["summary"] == "<p>Short.</p>"
    assert [block["type"] for block in item["body"]] == ["heading", "paragraph", "link"]
    assert item["body"][1]["value"] == "<p>Long.</p>"
    assert item["outcome"]["key"] == "child-death"
    assert item["age_band"]["key"] == "1-to-5"
    assert [harm["key"] for harm in item["harms"]] == ["neglect"]
    assert [theme["key"] for theme in item["themes"]] == ["information-sharing", "supervision"]
    (point,) = item["learning_points"]
    assert point["value"]["themes"][0]["label"] == "Supervision"
    (recommendation,) = item["recommendations"]
    assert recommendation["value"]["due"] == {"value": "2020-03", "precision": "month"}
    assert recommendation["value"]["updated"] == "2020-02-01"
    assert recommendation["value"]["status"]["key"] == "completed"
    (related,) = item["related_reviews"]
    assert (related["title"], related["review_date"]["value"]) == ("SCR Child W", "2008")
    (shared,) = item["related_documents"]
    assert (shared["title"], shared["file_name"]) == ("For parents", "leaflet.pdf")
    (link,) = item["further_information"]
    assert link["url"] == "https://example.org/guide"
    assert item["uuid"]


def test_review_index(index: Any, read: Any) -> None:
    dates = ["2008", None, "2019-07", "2009-04", "2019", "2008-05"]
    for number, date in enumerate(dates):
        factories.review(index, title=f"R{number}", review_date=date)
    factories.review(index, title="Draft", review_date="2026", live=False)
    private = factories.review(index, title="Private", review_date="2025")
    PageViewRestriction.objects.create(
        page=private.page_ptr, restriction_type=PageViewRestriction.LOGIN
    )
    settings = SafeguardingSiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.publisher = "Vale partnership"
    settings.emergency_lines = [("line", {"text": "In danger? Call 999 now", "number": "999"})]
    settings.save()
    item = read(index)
    assert [review["title"] for review in item["reviews"]] == ["R2", "R4", "R3", "R5", "R0", "R1"]
    assert item["publisher"] == "Vale partnership"
    (line,) = item["emergency_lines"]
    assert line["tel"] == "tel:999"
    assert (line["before"], line["after"]) == ("In danger? Call ", " now")
    assert item["comments"]["state"] == "closed"

    index.ordering = "manual"
    index.publisher = "Own publisher"
    index.emergency_lines = [("line", {"text": "Own line", "number": ""})]
    index.save_revision().publish()
    item = read(index)
    assert [review["title"] for review in item["reviews"]] == [f"R{n}" for n in range(6)]
    assert item["publisher"] == "Own publisher"
    assert [line["text"] for line in item["emergency_lines"]] == ["Own line"]


def test_collection_article_and_further_information(read: Any) -> None:
    home = factories.home_page()
    version = factories.cleared_version("Protocol")
    section = {
        "heading": "Protocols",
        "introduction": "<p>Which.</p>",
        "documents": [factories.document_value(version, role="protocol")],
    }
    collection = home.add_child(
        instance=DocumentCollectionPage(
            title="Protocols", introduction="<p>All.</p>", sections=[("section", section)]
        )
    )
    (found,) = read(collection)["sections"]
    assert found["value"]["heading"] == "Protocols"
    assert found["value"]["documents"][0]["sha256"] == version.sha256

    links = home.add_child(
        instance=FurtherInformationPage(
            title="Links",
            further_information=[LINK, ("link", {"title": "Inside", "page": collection})],
        )
    )
    outside, inside = read(links)["further_information"]
    assert (outside["internal"], inside["internal"]) == (False, True)
    assert inside["url"].endswith("/protocols/")
    collection.unpublish()
    assert read(links)["further_information"][1]["url"] is None

    article = home.add_child(
        instance=ArticlePage(
            title="News",
            article_date="2024-05-03",
            body=[("paragraph", "<p>Text</p>")],
            documents=[factories.document_value(version)],
        )
    )
    item = read(article)
    assert item["article_date"] == {"value": "2024-05-03", "precision": "day"}
    assert item["documents"][0]["status"] == "available"
    assert item["comments"]["message"]


def test_related_draft_is_not_named(index: Any, read: Any) -> None:
    draft = factories.review(index, title="Secret review", live=False)
    page = factories.review(index, title="SCR Child W", related_reviews=[("review", draft)])
    item = read(page)
    assert item["related_reviews"] == []
    assert "Secret review" not in str(item)


def test_review_survives_its_draft(index: Any) -> None:
    page = factories.review(index, review_date="2008", subjects=[("subject", "Child S")])
    page.save_revision()
    again = page.get_latest_revision().as_object()
    assert isinstance(again, PracticeReviewPage)
    assert again.review_date == PartialDate(2008)
    assert again.subject_names == ["Child S"]


@pytest.mark.parametrize("field", ["summary", "body", "learning_points"])
def test_rich_text_names_no_hidden_page(index: Any, client: Any, field: str) -> None:
    target = factories.review(index, title="Held back", slug="held-back", live=False)
    html = f'<p>See <a linktype="page" id="{target.pk}">the other review</a>.</p>'
    values: dict[str, Any] = {
        "summary": html,
        "body": [("paragraph", html)],
        "learning_points": [("learning_point", {"title": "Ask", "text": html})],
    }
    page = factories.review(index, title="SCR Child W", **{field: values[field]})
    for query in ("", "?rich_text_format=html"):
        answer = client.get(f"/api/v2/pages/{page.pk}/{query}").json()[field]
        assert "the other review" in str(answer)
        assert "<a" not in str(answer)
        assert "held-back" not in str(answer)
    target.live = True
    target.save()
    answer = client.get(f"/api/v2/pages/{page.pk}/").json()[field]
    assert f'id="{target.pk}"' in str(answer)


def test_rich_text_in_the_formats_that_wagtail_offers(index: Any, client: Any) -> None:
    page = factories.review(index, summary="<p>Some <b>bold</b> words.</p>")
    answers = {
        name: client.get(f"/api/v2/pages/{page.pk}/?rich_text_format={name}").json()["summary"]
        for name in ("db_html", "html", "markdown")
    }
    assert answers["db_html"] == "<p>Some <b>bold</b> words.</p>"
    if wagtail.VERSION >= (8, 0):
        assert answers["markdown"].strip() == "Some **bold** words."
        assert client.get(f"/api/v2/pages/{page.pk}/?rich_text_format=x").status_code == 400
