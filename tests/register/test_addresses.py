"""Where people read a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Page, Site

from tests import factories
from wagtail_safeguarding.register.addresses import Addresses

pytestmark = pytest.mark.django_db


def test_a_host_that_another_process_changed_is_seen(django_assert_num_queries: Any) -> None:
    page = factories.review_index()
    site = Site.objects.get()
    first = Addresses()
    url = first.url(page.url_path)
    assert url == page.get_full_url()
    assert first.site_id(page.url_path) == site.pk
    with django_assert_num_queries(1):
        assert Addresses().url(page.url_path) == url
    # Without a signal: Wagtail's cache in this process still has the old one.
    Site.objects.update(hostname="reviews.example.org", port=443)
    assert Addresses().url(page.url_path) == f"https://reviews.example.org/{page.slug}/"
    assert Addresses().site_id(page.url_path) == site.pk


def test_a_root_page_that_was_moved_or_removed_is_seen() -> None:
    page = factories.review_index()
    assert Addresses().url(page.url_path)
    home = factories.home_page()
    Page.objects.filter(pk=home.pk).update(url_path="/elsewhere/")
    assert Addresses().url(page.url_path) is None
    assert Addresses().url("/elsewhere/below/").endswith("/below/")
    Site.objects.all()._raw_delete("default")
    assert Addresses().url("/elsewhere/below/") is None


def test_a_host_that_was_never_committed_is_in_no_record() -> None:
    page = factories.review(factories.review_index())
    site = Site.objects.get()
    right = Addresses().url(page.url_path)
    with transaction.atomic():
        site.hostname = "wrong.example.org"
        site.save()
        assert "wrong" in Page.objects.get(pk=page.pk).get_full_url()  # in Wagtail's cache now
        transaction.set_rollback(True)
    assert Addresses().url(page.url_path) == right
