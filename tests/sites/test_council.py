"""A council's own base page beside our mixins: what was theirs is still there."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import select_template
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests import factories
from tests.council.models import (
    CouncilArticle,
    CouncilAudit,
    CouncilAuditForm,
    CouncilCollection,
    CouncilFurtherInformation,
    CouncilIndex,
    CouncilPage,
    CouncilPageForm,
    CouncilReview,
)
from wagtail_safeguarding.publication.forms import ReadinessFormMixin

TYPES = [
    CouncilIndex,
    CouncilReview,
    CouncilCollection,
    CouncilFurtherInformation,
    CouncilArticle,
    CouncilAudit,
]
every_type = pytest.mark.parametrize("model", TYPES, ids=lambda model: model.__name__)


def field_names(panels: list[Any]) -> list[str]:
    names: list[str] = []
    for panel in panels:
        if hasattr(panel, "field_name"):
            names.append(panel.field_name)
        names += field_names(getattr(panel, "children", []))
    return names


def search_names(model: type[Page]) -> list[str]:
    return [field.field_name for field in model.search_fields]


def api_names(model: type[Page]) -> list[str]:
    return [field.name for field in model.api_fields]


# What the site set on its base page survives, and ours stands behind it


@every_type
def test_panels_are_theirs_and_then_ours(model: type[Page]) -> None:
    tabs = {str(tab.heading): field_names([tab]) for tab in model.get_edit_handler().children}
    content, promote = tabs["Content"], tabs["Promote"]
    assert content[:2] == ["title", "standfirst"]
    assert "further_information" in content[2:]
    assert "contact_team" in promote
    assert len(content) == len(set(content))


@every_type
def test_api_fields_are_theirs_and_then_ours(model: type[Page]) -> None:
    names = api_names(model)
    assert names[0] == "standfirst"
    assert "uuid" in names[1:]
    assert len(names) == len(set(names))


@every_type
def test_search_fields_are_theirs_and_then_ours(model: type[Page]) -> None:
    names = search_names(model)
    assert names[: len(CouncilPage.search_fields)] == search_names(CouncilPage)
    assert "standfirst" in names
    assert model.check() == []


def test_our_search_fields_are_there() -> None:
    assert {"reference", "body", "review_type"} <= set(search_names(CouncilReview))
    assert {"introduction", "publisher"} <= set(search_names(CouncilIndex))


def test_base_page_itself_is_untouched() -> None:
    assert CouncilPage.base_form_class is CouncilPageForm
    assert api_names(CouncilPage) == ["standfirst"]
    assert "reference" not in field_names([CouncilPage.get_edit_handler()])
    assert "reference" not in search_names(CouncilPage)


@every_type
def test_form_is_theirs_with_our_check_in_front(model: type[Page]) -> None:
    form = model.base_form_class
    assert issubclass(form, CouncilPageForm)
    assert issubclass(form, ReadinessFormMixin)
    assert issubclass(model.get_edit_handler().get_form_class(), form)


def test_form_set_on_the_page_type_itself_is_composed_too() -> None:
    assert issubclass(CouncilAudit.base_form_class, CouncilAuditForm)
    assert issubclass(CouncilAudit.base_form_class, ReadinessFormMixin)
    assert not issubclass(CouncilReview.base_form_class, CouncilAuditForm)


# The editor's views

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Any) -> Any:
    client.force_login(factories.superuser())
    return client


def review_form(version: Any = None, **values: Any) -> dict[str, Any]:
    row = {
        "version": version.pk if version else "",
        "title": "",
        "role": "overview-report",
        "language": "",
        "date": "",
        "description": "",
    }
    empty = streamfield([])
    data: dict[str, Any] = nested_form_data(
        {
            "title": "Learning review Child T",
            "slug": "child-t",
            "standfirst": "In short",
            "contact_team": "Partnership team",
            "review_type": "learning-review",
            "review_date": "July 2019",
            "reference": "",
            "summary": rich_text("<p>What happened.</p>"),
            "outcome": "",
            "age_band": "",
            "documents": streamfield([("document", row)]) if version else empty,
            "further_information_heading": "",
            **dict.fromkeys(
                (
                    "subjects",
                    "body",
                    "learning_points",
                    "recommendations",
                    "related_reviews",
                    "related_documents",
                    "further_information",
                ),
                empty,
            ),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 1000},
            **values,
        }
    )
    # Boxes to tick; nested_form_data would read the list as a formset.
    data["harms"] = ["neglect"]
    return data


def add_url(name: str, parent: Page) -> str:
    return reverse("wagtailadmin_pages:add", args=["council", name, parent.pk])


def test_editor_creates_and_publishes_a_review_with_fields_of_both(editor: Any) -> None:
    version = factories.cleared_version()
    parent = factories.home_page()
    data = review_form(version, **{"action-publish": "yes"})
    response = editor.post(add_url("councilreview", parent), data)
    assert response.status_code == 302, response.context["form"].errors
    page = CouncilReview.objects.get()
    assert page.live
    assert (page.standfirst, page.contact_team) == ("In short", "Partnership team")
    assert (page.review_type, str(page.review_date), page.harms) == (
        "learning-review",
        "2019-07",
        ["neglect"],
    )
    editor.logout()
    assert editor.get(version.get_url()).status_code == 200


def test_editor_keeps_a_draft_that_opens_nothing(editor: Any) -> None:
    version = factories.cleared_version()
    response = editor.post(
        add_url("councilreview", factories.home_page()), review_form(version), follow=True
    )
    assert response.status_code == 200
    assert not CouncilReview.objects.get().live
    editor.logout()
    assert editor.get(version.get_url()).status_code == 404


def test_draft_may_lack_its_type_and_a_publication_may_not(editor: Any) -> None:
    url = add_url("councilreview", factories.home_page())
    refused = editor.post(url, review_form(review_type="", **{"action-publish": "yes"}))
    assert "review_type" in refused.context["form"].errors
    assert not CouncilReview.objects.exists()
    saved = editor.post(url, review_form(review_type=""))
    assert saved.status_code == 302, saved.context["form"].errors
    page = CouncilReview.objects.get()
    assert (page.live, page.review_type) == (False, "")


def test_the_councils_own_rule_still_refuses(editor: Any) -> None:
    data = review_form(title="Untitled review", **{"action-publish": "yes"})
    response = editor.post(add_url("councilreview", factories.home_page()), data)
    assert response.status_code == 200
    assert response.context["form"].errors["title"] == ["The council wants a real title."]
    assert not CouncilReview.objects.exists()


def test_rule_of_the_page_types_own_form_refuses_beside_ours(editor: Any) -> None:
    parent = factories.home_page()
    url = add_url("councilaudit", parent)
    refused = editor.post(url, review_form(**{"action-publish": "yes"}))
    assert refused.context["form"].errors["reference"] == ["An audit has a reference."]
    assert not CouncilAudit.objects.exists()

    version = factories.cleared_version()
    version.move("withdrawn")
    data = review_form(version, reference="A 1", **{"action-publish": "yes"})
    refused = editor.post(url, data)
    assert "withdrawn" in str(refused.context["form"].errors)
    assert not CouncilAudit.objects.exists()

    accepted = editor.post(url, review_form(reference="A 1", **{"action-publish": "yes"}))
    assert accepted.status_code == 302, accepted.context["form"].errors
    assert CouncilAudit.objects.get().live


@every_type
def test_editor_form_of_every_type_opens(editor: Any, model: type[Page]) -> None:
    response = editor.get(add_url(model._meta.model_name, factories.home_page()))
    assert response.status_code == 200
    content = response.content.decode()
    assert 'name="standfirst"' in content
    assert 'name="further_information_heading"' in content


# What the public reads


def council_review(parent: Page, **values: Any) -> CouncilReview:
    values = {"title": "Child T", "review_type": "learning-review", **values}
    return parent.add_child(instance=CouncilReview(**values))


def api_items(client: Any, model: type[Page]) -> list[dict[str, Any]]:
    response = client.get(f"/api/v2/pages/?type={model._meta.label}&fields=*")
    assert response.status_code == 200, response.content
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def test_api_returns_their_fields_and_ours(client: Any) -> None:
    version = factories.cleared_version()
    page = council_review(
        factories.home_page(),
        standfirst="In short",
        review_date="2008",
        documents=[factories.document_value(version)],
    )
    (item,) = api_items(client, CouncilReview)
    assert item["id"] == page.pk
    assert item["standfirst"] == "In short"
    assert item["review_date"] == {"value": "2008", "precision": "year"}
    assert item["review_type"]["key"] == "learning-review"
    assert item["documents"][0]["sha256"] == version.sha256
    # As a review it is found under the council's base page too, with the council's fields.
    (found,) = api_items(client, CouncilPage)
    assert (found["title"], found["standfirst"]) == ("Child T", "In short")
    assert "review_type" not in found


def test_api_shows_no_draft(client: Any) -> None:
    council_review(factories.home_page(), live=False)
    assert api_items(client, CouncilReview) == []


def test_index_lists_the_councils_own_review_types(client: Any) -> None:
    home = factories.home_page()
    index = home.add_child(instance=CouncilIndex(title="Reviews", slug="reviews"))
    council_review(index, title="Older", slug="older", review_date="2008")
    audit = CouncilAudit(title="Newer", slug="newer", review_type="multi-agency-audit")
    audit.review_date = "2019-07"
    index.add_child(instance=audit)
    council_review(index, title="Hidden", slug="hidden", live=False)
    index.add_child(instance=CouncilArticle(title="No review", slug="no-review"))
    assert [page.title for page in index.get_reviews()] == ["Newer", "Older"]
    (item,) = api_items(client, CouncilIndex)
    assert [review["title"] for review in item["reviews"]] == ["Newer", "Older"]


def test_related_reviews_may_be_of_the_councils_types() -> None:
    block = CouncilReview._meta.get_field("related_reviews").stream_block.child_blocks["review"]
    assert {CouncilReview, CouncilAudit} <= set(block.target_models)
    assert CouncilArticle not in block.target_models


def test_files_open_and_close_with_the_councils_page(client: Any) -> None:
    version = factories.cleared_version()
    url = version.get_url()
    page = council_review(
        factories.home_page(), live=False, documents=[factories.document_value(version)]
    )
    assert client.get(url).status_code == 404
    page.save_revision().publish()
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == factories.pdf_bytes("Overview report")
    # Through the site's own class, which knows nothing of us.
    CouncilPage.objects.get(pk=page.pk).unpublish()
    assert client.get(url).status_code == 404
    CouncilReview.objects.get(pk=page.pk).get_latest_revision().publish()
    assert client.get(url).status_code == 200
    CouncilPage.objects.get(pk=page.pk).delete()
    assert client.get(url).status_code == 404


def test_comments_are_refused_on_the_councils_pages(client: Any) -> None:
    page = council_review(factories.home_page())
    refused = client.post(f"{page.url}comments/")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert client.post(page.url).status_code == 405


# Templates


def test_the_sites_template_wins_where_there_is_one(client: Any, rf: Any) -> None:
    page = council_review(factories.home_page(), standfirst="In short")
    offered = page.get_template(rf.get("/"))
    assert offered == [
        "council/council_review.html",
        "wagtail_safeguarding/practice_review.html",
    ]
    assert select_template(offered).template.name == "council/council_review.html"
    assert "The council's own template: In short" in client.get(page.url).content.decode()


def test_our_template_is_used_where_the_site_has_none(client: Any, rf: Any) -> None:
    article = factories.home_page().add_child(
        instance=CouncilArticle(title="News of the partnership", slug="news")
    )
    offered = article.get_template(rf.get("/"))
    assert offered == ["council/council_article.html", "wagtail_safeguarding/article.html"]
    assert select_template(offered).template.name == "wagtail_safeguarding/article.html"
    response = client.get(article.url)
    assert response.status_code == 200
    assert "News of the partnership" in response.content.decode()


@every_type
def test_every_type_has_a_template_to_fall_back_to(rf: Any, model: type[Page]) -> None:
    _theirs, ours = model().get_template(rf.get("/"))
    assert select_template([ours]).template.name == ours
