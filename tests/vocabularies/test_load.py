"""Loading the shipped terms adds what is missing and touches nothing that is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from wagtail_safeguarding.vocabularies.defaults import DEFAULT_TERMS, Scheme
from wagtail_safeguarding.vocabularies.load import load_after_migrate, load_default_terms
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db


def stored() -> list[tuple[Any, ...]]:
    return list(Term.objects.order_by("pk").values_list())


def test_a_migrated_database_has_every_shipped_term_as_shipped() -> None:
    assert Term.objects.count() == len(DEFAULT_TERMS)
    for default in DEFAULT_TERMS:
        term = Term.objects.get(scheme=default.scheme, key=default.key)
        assert (
            term.label,
            term.abbreviation,
            term.scope_note,
            term.formerly,
            term.jurisdiction,
            term.deprecated,
        ) == (
            default.label,
            default.abbreviation,
            default.scope_note,
            default.formerly,
            default.jurisdiction,
            False,
        )
        assert str(Scheme(term.scheme)) == term.scheme


def test_shipped_terms_are_valid_by_their_own_rules() -> None:
    for term in Term.objects.all():
        term.full_clean()


def test_terms_keep_the_shipped_order() -> None:
    keys = [t.key for t in DEFAULT_TERMS if t.scheme == Scheme.AGE_BAND]
    assert list(Term.objects.filter(scheme="age-band").values_list("key", flat=True)) == keys


def test_loading_again_changes_nothing() -> None:
    before = stored()
    assert load_default_terms() == 0
    assert stored() == before


def test_an_editors_change_is_never_overwritten() -> None:
    Term.objects.filter(scheme="harm", key="neglect").update(
        label="Our own words", scope_note="", deprecated=True, sort_order=900
    )
    before = stored()
    assert load_default_terms() == 0
    call_command("migrate", verbosity=0)
    assert stored() == before


def test_an_editors_own_term_with_a_shipped_key_stays() -> None:
    Term.objects.filter(scheme="harm", key="neglect").delete()
    own = Term.objects.create(scheme="harm", key="neglect", label="Ours")
    assert load_default_terms() == 0
    assert Term.objects.get(scheme="harm", key="neglect") == own


def test_missing_terms_are_added() -> None:
    Term.objects.filter(scheme="outcome").delete()
    assert load_default_terms() == 3
    assert Term.objects.filter(scheme="outcome").count() == 3


def test_the_same_key_in_two_schemes_is_two_terms() -> None:
    Term.objects.filter(scheme="outcome", key="other").delete()
    assert load_default_terms() == 1
    assert set(Term.objects.filter(key="other").values_list("scheme", flat=True)) >= {
        "outcome",
        "document-role",
    }


def test_migrating_brings_terms_along() -> None:
    Term.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert Term.objects.count() == len(DEFAULT_TERMS)


def test_a_plan_writes_nothing() -> None:
    Term.objects.all().delete()
    load_after_migrate(sender=None, using="default", plan_only=True)
    assert not Term.objects.exists()


def test_a_database_without_the_table_is_left_alone(settings: Any) -> None:
    class Elsewhere:
        def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
            return False if app_label == "wagtail_safeguarding" else None

    Term.objects.all().delete()
    settings.DATABASE_ROUTERS = [Elsewhere()]
    load_after_migrate(sender=None, using="default")
    assert not Term.objects.exists()
