"""A document's address is put together, and is the one that Django would work out."""

from __future__ import annotations

from django.urls import clear_script_prefix, reverse, set_script_prefix
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument


@settings(deadline=None)  # the first one loads all addresses
@given(name=st.text(min_size=1, max_size=60))
def test_address_is_the_one_that_django_works_out(name: str) -> None:
    version = DocumentVersion(document=ReviewDocument(title="x", collection_id=1), file_name=name)
    args = [version.document.uuid, version.public_name]
    for prefix in ("/", "/below/"):
        set_script_prefix(prefix)
        try:
            assert version.get_url() == reverse("wagtail_safeguarding:document", args=args)
        finally:
            clear_script_prefix()
