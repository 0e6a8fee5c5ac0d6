"""The text of pages is inspected as files are: identifiers, and where they stand."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.test.utils import isolate_apps
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from tests import factories
from wagtail_safeguarding.content.inspected import text_problems
from wagtail_safeguarding.content.texts import plain_words, texts_of
from wagtail_safeguarding.publication.readiness import Level, NotReady

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Any:
    return factories.review(factories.review_index(), live=False)


def levels(review: Any) -> dict[str, Level]:
    return {problem.code: problem.level for problem in text_problems(review)}


def test_an_ordinary_page_has_no_problem(review: Any) -> None:
    review.summary = (
        "<p>Child M, aged four, died in March 2019. Write to info@example.org or call "
        "0344 800 8020 (Norfolk County Council, Norwich NR1 2DH).</p>"
    )
    assert text_problems(review) == []


def test_an_nhs_number_stops_a_page(review: Any) -> None:
    review.summary = "<p>NHS number <b>943 476</b> 5919</p>"
    (problem,) = text_problems(review)
    assert (problem.level, problem.field) == (Level.BLOCKER, "summary")
    assert "Summary" in problem.message
    assert "5919" not in problem.message
    with pytest.raises(NotReady, match="NHS number"):
        review.save_revision().publish()


def test_what_may_identify_somebody_is_a_warning_and_stops_nothing(review: Any) -> None:
    review.summary = (
        "<p>She was born on 12 March 2010. They lived at 4 Acacia Road, NR3 1AB and had "
        "07700 900123. She went to Oakfield Primary School.</p>"
    )
    review.body = [("paragraph", "<p>He died on 3 May 2019, aged 4.</p>")]
    assert levels(review) == {
        "date-of-birth": Level.WARNING,
        "postcode": Level.WARNING,
        "telephone": Level.WARNING,
        "school-name": Level.WARNING,
        "exact-date-near-age": Level.WARNING,
    }
    assert {"postcode", "exact-date-near-age"} <= {one.code for one in review.get_problems()}
    review.save_revision().publish()


def test_a_live_page_that_has_one_already_can_be_saved(review: Any) -> None:
    review.save_revision().publish()
    review.refresh_from_db()
    type(review).objects.filter(pk=review.pk).update(summary="943 476 5919")
    stored = type(review).objects.get(pk=review.pk)
    stored.save()
    stored.reference = "401 023 2137"
    with pytest.raises(NotReady, match="Reference"):
        stored.save()


def test_text_is_read_from_every_kind_of_field(review: Any) -> None:
    review.slug = "the-slug"
    review.summary = '<p>One</p><p>two<a href="https://example.org/three">four</a></p>'
    review.body = [("paragraph", '<p><embed alt="five" embedtype="image" id="1"/></p>')]
    review.documents = [factories.document_value(None, title="six")]
    said = {text.where: text.text for text in texts_of(review)}
    assert said["slug"] == "the-slug"
    assert said["title"] == review.title
    assert said["summary"].split() == ["One", "twofour", "https://example.org/three"]
    assert "five" in said["body"]
    assert "six" in said["documents"]
    assert not {"path", "url_path", "draft_title", "translation_key"} & set(said)


@isolate_apps("tests.council")
def test_rows_that_are_edited_with_a_page_are_read_too() -> None:
    class Report(ClusterableModel):
        class Meta:
            app_label = "council"

    class Row(models.Model):
        report = ParentalKey(Report, on_delete=models.CASCADE)
        words = models.TextField()

        class Meta:
            app_label = "council"

        def __str__(self) -> str:
            return self.words

    report = Report()
    report.row_set = [Row(words="seven"), Row(words="<b>eight</b>")]
    assert [text.text for text in texts_of(report)] == ["seven\neight"]


def test_text_that_is_no_html_stays_as_it_is() -> None:
    assert plain_words("a & b\nc") == "a & b\nc"
    assert plain_words("a <b>c</b>d<p>e</p>f").split() == ["a", "cd", "e", "f"]
