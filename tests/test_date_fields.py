"""Partial dates in Django and Wagtail: stored, filtered, ordered, typed by editors."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.test_dates import partial_dates
from wagtail_safeguarding.date_fields import (
    PartialDateBlock,
    PartialDateField,
    PartialDateFormField,
    format_partial_date,
    partial_date_as_dict,
    read_partial_date,
)
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.pages.models import PracticeReviewPage

# What editors type


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2008", "2008"),
        (" 2008 ", "2008"),
        ("July 2019", "2019-07"),
        ("july  2019", "2019-07"),
        ("JULY, 2019", "2019-07"),
        ("Jul 2019", "2019-07"),
        ("Sept 2019", "2019-09"),
        ("Sept. 2019", "2019-09"),
        ("4 July 2019", "2019-07-04"),
        ("4th July 2019", "2019-07-04"),
        ("1st May 2016", "2016-05-01"),
        ("22nd may 2016", "2016-05-22"),
        ("04/07/2019", "2019-07-04"),
        ("4/7/2019", "2019-07-04"),
        ("7/2019", "2019-07"),
        ("2019-07", "2019-07"),
        ("2019-07-04", "2019-07-04"),
    ],
)
def test_editors_may_type_a_date_as_headings_say_it(text: str, iso: str) -> None:
    assert str(read_partial_date(text)) == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "30 February 2019",
        "31 April 2019",
        "0 July 2019",
        "32 July 2019",
        "31/02/2019",
        "0/2019",
        "13/2019",
        "07/13/2019",
        "Smarch 2019",
        "July 19",
        "July 0019",
        "2019-2020",
        "July 2019 or so",
        "²/7/2019",
    ],
)
def test_impossible_and_vague_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_partial_date(text)


@pytest.mark.parametrize(
    ("text", "iso"),
    [("Gorffennaf 2019", "2019-07"), ("4 Mai 2016", "2016-05-04"), ("July 2019", "2019-07")],
)
def test_welsh_months_are_read_in_the_welsh_admin_and_english_ones_too(text: str, iso: str) -> None:
    with override("cy"):
        assert str(read_partial_date(text)) == iso


def test_welsh_months_are_not_guessed_elsewhere() -> None:
    with override("en-gb"), pytest.raises(ValueError, match="not a month"):
        read_partial_date("Gorffennaf 2019")


def test_dates_are_written_in_the_active_language() -> None:
    with override("en-gb"):
        assert format_partial_date(PartialDate(2019, 7)) == "July 2019"
        assert format_partial_date(PartialDate(2019, 7, 4)) == "4 July 2019"
        assert format_partial_date(PartialDate(2008)) == "2008"
        assert format_partial_date(None) == ""
    with override("cy"):
        assert format_partial_date(PartialDate(2019, 7)) == "Gorffennaf 2019"


@given(partial_dates(), st.sampled_from(["en-gb", "cy"]))
def test_what_the_form_shows_it_reads_back(value: PartialDate, language: str) -> None:
    with override(language):
        assert read_partial_date(format_partial_date(value)) == value


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_form_error(text: str) -> None:
    try:
        value = PartialDateFormField(required=False).clean(text)
    except ValidationError:
        return
    assert value is None or isinstance(value, PartialDate)


# The form field


class DateForm(forms.Form):
    date = PartialDateFormField(required=False)


def test_form_gives_a_partial_date_or_nothing() -> None:
    form = DateForm({"date": "July 2019"})
    assert form.is_valid()
    assert form.cleaned_data["date"] == PartialDate(2019, 7)
    form = DateForm({"date": "  "})
    assert form.is_valid()
    assert form.cleaned_data["date"] is None


def test_form_shows_words_and_keeps_what_was_typed_wrongly() -> None:
    shown = str(DateForm(initial={"date": PartialDate(2019, 7)})["date"])
    assert 'value="July 2019"' in shown
    form = DateForm({"date": "30 February 2019"})
    assert form.errors["date"] == [
        "Enter a year, a month and year, or a full date, for example 2008 or July 2019."
    ]
    assert 'value="30 February 2019"' in str(form["date"])


def test_required_form_field_refuses_nothing_at_all() -> None:
    with pytest.raises(ValidationError):
        PartialDateFormField().clean("")


@pytest.mark.parametrize(
    ("initial", "data", "changed"),
    [
        (PartialDate(2019, 7), "July 2019", False),
        (PartialDate(2019, 7), "2019-07", False),
        (PartialDate(2019, 7), "2019", True),
        (None, "", False),
        (None, "2019", True),
        (PartialDate(2019), "nonsense", True),
    ],
)
def test_form_knows_whether_the_date_changed(initial: Any, data: str, changed: bool) -> None:
    assert PartialDateFormField().has_changed(initial, data) is changed


# The block


def test_block_stores_iso_text_and_gives_a_partial_date() -> None:
    block = PartialDateBlock(required=False)
    value = block.to_python("2019-07")
    assert value == PartialDate(2019, 7)
    assert block.get_prep_value(value) == "2019-07"
    assert block.get_api_representation(value) == {"value": "2019-07", "precision": "month"}
    assert block.value_for_form(value) == "July 2019"
    assert block.get_form_state(value) == "July 2019"
    assert block.get_prep_value(None) is None
    assert block.get_api_representation(None) is None


@pytest.mark.parametrize("stored", [None, "", "nonsense", "2019-13"])
def test_block_shows_nothing_for_a_stored_value_it_cannot_read(stored: Any) -> None:
    assert PartialDateBlock(required=False).to_python(stored) is None


def test_block_cleans_what_was_typed() -> None:
    block = PartialDateBlock()
    assert block.clean(block.value_from_form("4 July 2019")) == PartialDate(2019, 7, 4)
    for wrong in ("", "31 April 2019"):
        with pytest.raises(ValidationError):
            block.clean(wrong)


def test_api_form() -> None:
    assert partial_date_as_dict(PartialDate(2008)) == {"value": "2008", "precision": "year"}
    assert partial_date_as_dict(None) is None


# The model field


def test_assigned_text_and_dates_become_partial_dates_at_once(db: Any) -> None:
    document = ReviewDocument(publication_date="2019-07")
    assert document.publication_date == PartialDate(2019, 7)
    document.publication_date = dt.date(2019, 7, 4)
    assert document.publication_date == PartialDate(2019, 7, 4)
    document.publication_date = ""
    assert document.publication_date is None


def test_nonsense_is_a_validation_error_and_never_stored(db: Any) -> None:
    document = ReviewDocument(title="T", publication_date="last summer")
    with pytest.raises(ValidationError) as caught:
        document.full_clean(exclude=["collection"])
    assert "publication_date" in caught.value.message_dict
    with pytest.raises(ValidationError), transaction.atomic():
        document.save()
    assert not ReviewDocument.objects.exists()


def test_update_with_nonsense_is_refused(db: Any) -> None:
    document = ReviewDocument.objects.create(title="T", publication_date="2008")
    with pytest.raises(ValidationError), transaction.atomic():
        ReviewDocument.objects.filter(pk=document.pk).update(publication_date="2008-00")
    document.refresh_from_db()
    assert document.publication_date == PartialDate(2008)


def test_deconstruct_names_only_what_a_site_chose() -> None:
    _name, path, args, kwargs = PartialDateField("date of it").deconstruct()
    assert path == "wagtail_safeguarding.date_fields.PartialDateField"
    assert args == []
    assert kwargs == {"verbose_name": "date of it", "null": True, "blank": True}
    again = PartialDateField(**kwargs)
    assert again.max_length == 10


@pytest.mark.parametrize("value", [None, "2008", "2019-07", "2019-07-04"])
def test_saved_dates_come_back(db: Any, value: str | None) -> None:
    document = ReviewDocument.objects.create(title="T", publication_date=value)
    expected = PartialDate.parse(value) if value else None
    assert document.publication_date == expected
    assert ReviewDocument.objects.get().publication_date == expected
    (listed,) = ReviewDocument.objects.values_list("publication_date", flat=True)
    assert listed == expected
    with connection.cursor() as cursor:
        cursor.execute("SELECT publication_date FROM wagtail_safeguarding_reviewdocument")
        assert cursor.fetchone() == (value,)


def test_deferred_date_is_read_when_it_is_asked_for(db: Any) -> None:
    ReviewDocument.objects.create(title="T", publication_date="2008")
    document = ReviewDocument.objects.defer("publication_date").get()
    assert document.publication_date == PartialDate(2008)


@pytest.fixture
def dated(db: Any) -> list[str]:
    """Documents titled by their dates, stored in no order; the titles in date order."""
    ordered = ["2007-12-31", "2008", "2008-01", "2008-05", "2008-05-01", "2009", "2010-02-01"]
    for text in sorted(ordered, key=lambda text: text[::-1]):
        ReviewDocument.objects.create(title=text, publication_date=text)
    ReviewDocument.objects.create(title="undated")
    return ordered


def titles(queryset: Any) -> list[str]:
    return list(queryset.values_list("title", flat=True))


def test_database_orders_by_what_is_known(dated: list[str]) -> None:
    known = ReviewDocument.objects.exclude(publication_date=None)
    assert titles(known.order_by("publication_date")) == dated
    assert titles(known.order_by("-publication_date")) == dated[::-1]


def test_database_filters(dated: list[str]) -> None:
    objects = ReviewDocument.objects.order_by("publication_date")
    assert titles(objects.filter(publication_date="2008")) == ["2008"]
    assert titles(objects.filter(publication_date=PartialDate(2008, 5))) == ["2008-05"]
    assert titles(objects.filter(publication_date=dt.date(2007, 12, 31))) == ["2007-12-31"]
    assert titles(objects.filter(publication_date__gte="2008-05")) == dated[3:]
    assert titles(objects.filter(publication_date__lt=PartialDate(2008, 5))) == dated[:3]
    assert titles(objects.filter(publication_date__startswith="2008")) == dated[1:5]
    assert titles(objects.filter(publication_date__in=["2008", PartialDate(2009)])) == [
        "2008",
        "2009",
    ]
    assert titles(objects.filter(publication_date__isnull=True)) == ["undated"]
    assert titles(objects.filter(publication_date="nonsense")) == []


def test_draft_keeps_its_date_through_a_revision(db: Any) -> None:
    page = factories.review(review_date="2019-07")
    data = page.serializable_data()
    assert data["review_date"] == "2019-07"
    again = PracticeReviewPage.from_serializable_data(data)
    assert again.review_date == PartialDate(2019, 7)

    page.review_date = PartialDate(2020)
    page.save_revision()
    stored = PracticeReviewPage.objects.get(pk=page.pk)
    assert stored.review_date == PartialDate(2019, 7)
    assert stored.get_latest_revision_as_object().review_date == PartialDate(2020)
    stored.get_latest_revision().publish()
    stored.refresh_from_db()
    assert stored.review_date == PartialDate(2020)


def test_draft_without_a_date_has_none_after_a_revision(db: Any) -> None:
    page = factories.review(review_date=None, live=False)
    page.save_revision().publish()
    assert PracticeReviewPage.objects.get().review_date is None


def test_model_form_field_reads_words(db: Any) -> None:
    form_class = forms.modelform_factory(ReviewDocument, fields=["title", "publication_date"])
    form = form_class({"title": "T", "publication_date": "July 2019"})
    assert form.is_valid(), form.errors
    assert form.save(commit=False).publication_date == PartialDate(2019, 7)
    wrong = form_class({"title": "T", "publication_date": "31 June 2019"})
    assert "publication_date" in wrong.errors


def test_dates_survive_dumpdata_and_loaddata(db: Any) -> None:
    ReviewDocument.objects.create(title="Dated", publication_date="2019-07")
    ReviewDocument.objects.create(title="Undated")
    dumped = serializers.serialize("json", ReviewDocument.objects.all())
    ReviewDocument.objects.all().delete()
    for item in serializers.deserialize("json", dumped):
        item.save()
    assert dict(ReviewDocument.objects.values_list("title", "publication_date")) == {
        "Dated": PartialDate(2019, 7),
        "Undated": None,
    }


def test_lookup_may_be_another_column(db: Any) -> None:
    ReviewDocument.objects.create(title="2019-07", publication_date="2008")
    ReviewDocument.objects.update(publication_date=F("title"))
    assert ReviewDocument.objects.get().publication_date == PartialDate(2019, 7)
