"""Nonsense in the admin's addresses is refused, and never a server error (promise P7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

DOCUMENTS = "/admin/safeguarding/documents/"
VOCABULARIES = "/admin/safeguarding/vocabularies/"
CHOOSER = "/admin/safeguarding_document_chooser/"


REVIEWS = "/admin/safeguarding/reviews/safeguarding_pages/practicereviewpage/"


@pytest.mark.parametrize("key", ["abc", "_25", "9" * 40, "-1", "%C2%B2"])
@pytest.mark.parametrize(
    "address",
    [
        *(f"{DOCUMENTS}{view}/" for view in ("edit", "delete", "history")),
        *(f"{VOCABULARIES}{view}/" for view in ("edit", "history")),
        *(f"{REVIEWS}{view}/" for view in ("edit", "delete", "inspect")),
    ],
)
def test_address_without_a_key_is_not_found(client: Any, address: str, key: str) -> None:
    client.force_login(factories.superuser())
    assert client.get(f"{address}{key}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{DOCUMENTS}?q=%00", 400),
        (f"{DOCUMENTS}?q={'a+' * 100}", 400),
        (f"{DOCUMENTS}?q={'b' * 1000}", 400),
        (f"{DOCUMENTS}?q={'a+' * 20}", 200),
        (f"{DOCUMENTS}?created_by__password__startswith=x", 400),
        (f"{VOCABULARIES}?deprecated__exact=x", 400),
        (f"{VOCABULARIES}?deprecated__exact=5", 400),
        (f"{VOCABULARIES}?deprecated__exact=1", 200),
        (f"{VOCABULARIES}?scheme__exact=nothing", 200),
        (f"{CHOOSER}chosen/abc/", 302),
        (f"{CHOOSER}chosen/{'9' * 40}/", 302),
        (f"{CHOOSER}chosen-multiple/?id=abc&id=%00&id=", 200),
        (f"{CHOOSER}?q={'a+' * 300}", 200),
    ],
)
def test_nonsense_is_refused(client: Any, address: str, status: int) -> None:
    factories.review(factories.review_index(), versions=(factories.cleared_version(),))
    client.force_login(factories.superuser())
    assert client.get(address).status_code == status
