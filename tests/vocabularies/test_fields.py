"""Fields of terms on a page: unknown keys are refused on publishing, old ones stay valid."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from tests import factories
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.fields import TermField, TermsField
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db


def deprecate(scheme: str, key: str) -> None:
    Term.objects.filter(scheme=scheme, key=key).update(deprecated=True)


def page_form(**data: Any) -> forms.ModelForm:
    form_class = forms.modelform_factory(
        PracticeReviewPage, fields=["review_type", "outcome", "harms"]
    )
    return form_class(data)


def stored_review(**values: Any) -> PracticeReviewPage:
    return PracticeReviewPage.objects.get(pk=factories.review(**values).pk)


@pytest.mark.parametrize(
    ("name", "value"),
    [("review_type", "made-up"), ("outcome", "made-up"), ("harms", ["neglect", "made-up"])],
)
def test_unknown_key_is_refused_by_the_model(name: str, value: Any) -> None:
    page = stored_review()
    setattr(page, name, value)
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    assert set(caught.value.message_dict) == {name}
    assert "made-up" in str(caught.value.message_dict[name])


@pytest.mark.parametrize(
    ("name", "value"), [("review_type", "made-up"), ("harms", ["neglect", "made-up"])]
)
def test_unknown_key_of_a_draft_is_refused_when_it_is_published(name: str, value: Any) -> None:
    page = stored_review(live=False)
    setattr(page, name, value)
    revision = page.save_revision(clean=False)
    with pytest.raises(ValidationError):
        revision.publish()
    page.refresh_from_db()
    assert not page.live


@pytest.mark.parametrize("value", ["neglect", {"neglect": True}, [1], [["neglect"]], [None]])
def test_terms_are_a_list_of_keys(value: Any) -> None:
    field = TermsField(scheme=Scheme.HARM)
    with pytest.raises(ValidationError, match="A list of terms is needed"):
        field.validate(value, None)


def test_no_terms_need_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        TermsField(scheme=Scheme.HARM).validate([], None)
        TermField(scheme=Scheme.HARM, blank=True).validate("", None)


def test_deprecated_terms_stay_valid_on_an_old_page() -> None:
    page = stored_review(harms=["neglect"])
    deprecate("harm", "neglect")
    deprecate("review-type", "learning-review")
    page.full_clean()
    page.save_revision().publish()
    page.refresh_from_db()
    assert (page.review_type, page.harms) == ("learning-review", ["neglect"])


def test_deprecated_terms_are_marked_in_the_form() -> None:
    deprecate("outcome", "serious-harm")
    labels = dict(page_form().fields["outcome"].choices)
    assert labels[""] == "---------"
    assert "no longer used" in labels["serious-harm"]
    assert "no longer used" not in labels["child-death"]


def test_form_takes_known_keys_and_refuses_others() -> None:
    good = page_form(review_type="learning-review", outcome="", harms=["neglect"])
    assert good.is_valid(), good.errors
    assert good.cleaned_data["harms"] == ["neglect"]
    bad = page_form(review_type="made-up", outcome="made-up", harms=["made-up"])
    assert set(bad.errors) == {"review_type", "outcome", "harms"}
    assert "review_type" in page_form(harms=[]).errors
    assert "outcome" not in page_form(harms=[]).errors


def test_form_reads_its_choices_when_it_is_made() -> None:
    Term.objects.create(scheme="harm", key="new-harm", label="New harm")
    assert "new-harm" in dict(page_form().fields["harms"].choices)


def test_terms_are_stored_in_the_order_given_and_come_back() -> None:
    page = stored_review(harms=["suicide", "neglect"])
    assert page.harms == ["suicide", "neglect"]
    assert stored_review(slug="second").harms == []


def test_deconstruct_names_the_vocabulary_and_no_choices() -> None:
    _name, path, args, kwargs = TermField("type", scheme=Scheme.REVIEW_TYPE).deconstruct()
    assert path == "wagtail_safeguarding.vocabularies.fields.TermField"
    assert (args, kwargs["scheme"]) == ([], "review-type")
    assert type(kwargs["scheme"]) is str
    assert "choices" not in kwargs
    assert TermField(**kwargs).scheme == "review-type"

    _name, _path, _args, kwargs = TermsField(scheme=Scheme.HARM).deconstruct()
    assert kwargs == {"scheme": "harm"}
    again = TermsField(**kwargs)
    assert again.default is list
    assert again.blank
