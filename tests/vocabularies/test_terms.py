"""A term: a key for ever, a label that may change, deprecated words that stay readable."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from wagtail_safeguarding.vocabularies.blocks import TermBlock, TermsBlock
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import Vocabulary, term_choices
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db


def term(key: str = "neglect", scheme: str = "harm") -> Term:
    return Term.objects.get(scheme=scheme, key=key)


def translate(key: str, **values: str) -> Term:
    found = term(key)
    found.translations = [("translation", {"scope_note": "", **values})]
    found.save()
    return term(key)


# Identity


@pytest.mark.parametrize("values", [{"key": "other-key"}, {"scheme": "theme"}])
def test_key_and_vocabulary_of_a_term_cannot_change(values: dict[str, str]) -> None:
    found = term()
    for name, value in values.items():
        setattr(found, name, value)
    with pytest.raises(ValidationError) as caught:
        found.full_clean()
    assert "cannot be changed" in str(caught.value.message_dict["key"])


def test_label_of_a_term_may_change() -> None:
    found = term()
    found.label = "Neglect of a child"
    found.full_clean()
    found.save()
    assert term().label == "Neglect of a child"


@pytest.mark.parametrize("key", ["", "two words", "a/b", "é", "x" * 81])
def test_keys_are_plain(key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Term(scheme="harm", key=key, label="L").full_clean()
    assert "key" in caught.value.message_dict


def test_new_term_with_a_taken_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        Term(scheme="harm", key="neglect", label="Again").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(scheme="harm", key="neglect", label="Again")
    Term(scheme="theme", key="neglect", label="In another vocabulary").full_clean()


def test_vocabulary_must_exist() -> None:
    with pytest.raises(ValidationError) as caught:
        Term(scheme="sex", key="x", label="L").full_clean()
    assert "scheme" in caught.value.message_dict


def test_words_for_people() -> None:
    assert str(Term(label="Serious case review", abbreviation="SCR")) == (
        "Serious case review (SCR)"
    )
    assert str(Term(label="Neglect")) == "Neglect"


# Languages


def test_welsh_label_is_used_in_welsh_and_the_main_one_elsewhere() -> None:
    found = translate("neglect", language="cy", label="Esgeulustod", scope_note="Nodyn")
    with override("cy"):
        assert found.get_label() == "Esgeulustod"
        assert found.get_scope_note() == "Nodyn"
        assert found.as_dict()["label"] == "Esgeulustod"
    with override("en-gb"):
        assert found.get_label() == "Neglect"
        assert found.get_scope_note() == found.scope_note
    assert found.get_label("cy") == "Esgeulustod"
    assert found.get_label("CY") == "Esgeulustod"
    assert found.get_label("cy-gb") == "Esgeulustod"


def test_regional_label_wins_over_the_general_one() -> None:
    found = term()
    found.translations = [
        ("translation", {"language": "en", "label": "General", "scope_note": ""}),
        ("translation", {"language": "en-GB", "label": "Regional", "scope_note": ""}),
    ]
    assert found.get_label("en-gb") == "Regional"
    assert found.get_label("en-us") == "General"


def test_translation_without_a_scope_note_keeps_the_main_one() -> None:
    found = translate("neglect", language="cy", label="Esgeulustod")
    found.scope_note = "The main note."
    assert found.get_scope_note("cy") == "The main note."


def test_label_without_any_language_active() -> None:
    found = translate("neglect", language="cy", label="Esgeulustod")
    from django.utils.translation import deactivate_all

    with override("en-gb"):
        deactivate_all()
        assert found.get_label() == "Neglect"


def test_key_is_the_same_in_every_language() -> None:
    found = translate("neglect", language="cy", label="Esgeulustod")
    assert found.as_dict("cy") == {
        "scheme": "harm",
        "key": "neglect",
        "label": "Esgeulustod",
        "abbreviation": "",
    }


# Look-up


def test_one_query_serves_every_field_of_a_request(rf: Any, django_assert_num_queries: Any) -> None:
    request = rf.get("/")
    with django_assert_num_queries(1):
        for _ in range(3):
            vocabulary = Vocabulary.for_request(request)
            assert vocabulary.get_label(Scheme.HARM, "neglect") == "Neglect"
            assert vocabulary.get_dicts("theme", ["supervision", "babies"])
            assert vocabulary.get_dict("review-type", "learning-review")


def test_another_request_reads_anew(rf: Any) -> None:
    assert Vocabulary.for_request(rf.get("/")).get_label("harm", "neglect") == "Neglect"
    Term.objects.filter(scheme="harm", key="neglect").update(label="Changed")
    assert Vocabulary.for_request(rf.get("/")).get_label("harm", "neglect") == "Changed"
    assert Vocabulary.for_request(None).get_label("harm", "neglect") == "Changed"


def test_key_without_a_term_is_sent_labelled_by_itself() -> None:
    vocabulary = Vocabulary.load()
    assert vocabulary.get_dict("harm", "lost-key") == {
        "scheme": "harm",
        "key": "lost-key",
        "label": "lost-key",
        "abbreviation": "",
    }
    assert vocabulary.get("harm", "lost-key") is None
    assert vocabulary.get("theme", "neglect") is None


@pytest.mark.parametrize("key", [None, ""])
def test_no_key_is_no_term(key: str | None) -> None:
    vocabulary = Vocabulary.load()
    assert vocabulary.get("harm", key) is None
    assert vocabulary.get_dict("harm", key) is None
    assert vocabulary.get_label("harm", key) == ""
    assert vocabulary.get_dicts("harm", ["", "neglect"]) == [term().as_dict()]


def test_deprecated_terms_are_offered_last_and_marked() -> None:
    before = [key for key, _label in term_choices("harm")]
    Term.objects.filter(scheme="harm", key=before[0]).update(deprecated=True)
    choices = term_choices("harm")
    assert [key for key, _label in choices] == [*before[1:], before[0]]
    assert choices[-1][1].endswith("– no longer used")
    assert not any("no longer used" in label for _key, label in choices[:-1])


def test_choices_hold_only_their_vocabulary(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        keys = dict(term_choices(Scheme.OUTCOME))
    assert list(keys) == ["child-death", "serious-harm", "other"]


# Blocks


def test_term_block_offers_the_terms_of_now_and_sends_an_object() -> None:
    block = TermBlock(Scheme.HARM, required=False)
    assert block.clean("neglect") == "neglect"
    with pytest.raises(ValidationError):
        block.clean("made-up")
    Term.objects.create(scheme="harm", key="made-up", label="Made up")
    assert block.clean("made-up") == "made-up"
    assert block.get_api_representation("neglect") == term().as_dict()
    assert block.get_api_representation("") is None


def test_terms_block_sends_a_list_of_objects(rf: Any) -> None:
    block = TermsBlock(Scheme.HARM, required=False)
    assert block.clean(["neglect", "suicide"]) == ["neglect", "suicide"]
    with pytest.raises(ValidationError):
        block.clean(["neglect", "made-up"])
    context = {"request": rf.get("/")}
    sent = block.get_api_representation(["neglect", "lost-key"], context)
    assert [item["label"] for item in sent] == ["Neglect", "lost-key"]
    assert block.get_api_representation([]) == []
    assert block.get_api_representation(None) == []


def test_block_keeps_a_deprecated_term_of_an_old_page() -> None:
    Term.objects.filter(scheme="harm", key="neglect").update(deprecated=True)
    assert TermBlock(Scheme.HARM).clean("neglect") == "neglect"
    assert TermsBlock(Scheme.HARM).clean(["neglect"]) == ["neglect"]


def test_blocks_stay_out_of_the_database_on_import(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        TermBlock(Scheme.HARM)
        TermsBlock(Scheme.HARM)
