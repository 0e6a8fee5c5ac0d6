"""Terms in the admin: keys are permanent, terms are deprecated and never deleted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories as f
from tests.admin.people import client_of, editor
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db

BASE = "safeguarding_vocabularies_modeladmin"


@pytest.fixture
def term():
    return Term.objects.get(scheme="review-type", key="learning-review")


def values(term, **changed):
    return {
        "scheme": term.scheme,
        "key": term.key,
        "label": term.label,
        "sort_order": term.sort_order,
        "translations-count": 0,
        **changed,
    }


def test_listing_filters_and_searches(term):
    client = client_of(f.superuser())
    url = reverse(f"{BASE}_index")
    rows = client.get(url, {"scheme__exact": "review-type"}).context["object_list"]
    assert {row.scheme for row in rows} == {"review-type"}
    rows = client.get(url, {"q": "learning review"}).context["object_list"]
    assert term in rows


def test_label_changes_and_key_and_scheme_stay(term):
    client = client_of(editor(models=("change_term",)))
    url = reverse(f"{BASE}_edit", args=[term.pk])
    form = client.get(url).context["form"]
    assert form.fields["key"].disabled
    assert form.fields["scheme"].disabled
    response = client.post(
        url, values(term, label="Local learning review", key="other", scheme="harm")
    )
    assert response.status_code == 302, response.context["form"].errors
    stored = Term.objects.get(pk=term.pk)
    assert (stored.scheme, stored.key) == ("review-type", "learning-review")
    assert stored.label == "Local learning review"


def test_new_term_chooses_its_key(term):
    client = client_of(editor(models=("add_term", "change_term")))
    url = reverse(f"{BASE}_create")
    response = client.post(url, values(term, key="rapid-look", label="Rapid look"))
    assert response.status_code == 302, response.context["form"].errors
    assert Term.objects.filter(scheme="review-type", key="rapid-look").exists()


def test_nobody_deletes_a_term(term):
    client = client_of(f.superuser())
    url = reverse(f"{BASE}_delete", args=[term.pk])
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 302
        assert answer.url == reverse("wagtailadmin_home")
    assert Term.objects.filter(pk=term.pk).exists()


def test_those_without_rights_are_refused(term):
    client = client_of(editor("nobody"))
    for name, args in (("index", []), ("create", []), ("edit", [term.pk]), ("history", [term.pk])):
        answer = client.get(reverse(f"{BASE}_{name}", args=args))
        assert answer.status_code == 302
        assert answer.url == reverse("wagtailadmin_home")
    changer = client_of(editor("changer", models=("change_term",)))
    assert changer.get(reverse(f"{BASE}_create")).status_code == 302
    assert changer.get(reverse(f"{BASE}_index")).status_code == 200
