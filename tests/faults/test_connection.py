"""The bucket does not answer, or answers into nothing: old state or new, and no file lost (P6)."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from tests import factories
from tests.faults.proxy import Fault, FaultyProxy, faulty_proxy
from tests.libraries import REPAIR, bucket_entry, folder_entry, keys, put
from tests.s3 import S3Server, s3_server
from wagtail_safeguarding.documents.inventory import STORAGE_ERRORS, StorageUnreadable
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.relocation import Relocation, storage_of
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.documents.verification import verify

pytestmark = [pytest.mark.needs("ministack"), pytest.mark.once, pytest.mark.django_db]

TRIES = 2
SECONDS = 1


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def proxy(server: S3Server) -> Iterator[FaultyProxy]:
    with faulty_proxy(server.endpoint) as proxy:
        yield proxy


@pytest.fixture
def bucket(server: S3Server, proxy: FaultyProxy, settings: Any, tmp_path: Path) -> Any:
    """The site's storage, reached through the proxy, with little patience."""
    patience = Config(
        connect_timeout=SECONDS,
        read_timeout=SECONDS,
        retries={"mode": "standard", "total_max_attempts": TRIES},
    )
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": bucket_entry(server, proxy.endpoint, client_config=patience),
        "new": folder_entry(tmp_path / "new"),
    }
    return get_document_storage()


def upload() -> DocumentVersion:
    data = factories.pdf_bytes("x" * 10_000)
    return factories.inspected(
        add_version(ReviewDocument(title="New"), io.BytesIO(data), "new.pdf")
    )


def problems() -> list[str]:
    """What a repair finds."""
    return [finding.problem.value for finding in verify(REPAIR)]


def assert_nothing_on_record() -> None:
    assert not ReviewDocument.objects.exists()
    assert not DocumentVersion.objects.exists()


def test_without_faults_the_proxy_is_not_felt(bucket: Any, proxy: FaultyProxy) -> None:
    version = upload()
    assert version.state == "cleared"
    assert problems() == []
    assert "PUT" in proxy.seen


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER, Fault.STALL, Fault.STALL_AFTER])
def test_a_write_that_is_lost_once_is_repeated(
    bucket: Any, proxy: FaultyProxy, fault: Fault
) -> None:
    """Also when the first one arrived: the key is taken then, by the very same bytes."""
    proxy.fail("PUT", fault, times=1)
    version = upload()
    assert version.state == "cleared"
    assert proxy.seen.count("PUT") == 2
    assert keys(bucket) == [version.storage_key]
    assert problems() == []


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.AFTER, Fault.STALL, Fault.STALL_AFTER])
def test_a_write_that_stays_lost_leaves_nothing(
    bucket: Any, proxy: FaultyProxy, fault: Fault
) -> None:
    proxy.fail("PUT", fault)
    begin = time.monotonic()
    with pytest.raises(BotoCoreError):
        upload()
    assert time.monotonic() - begin < TRIES * SECONDS + 8
    assert_nothing_on_record()
    assert keys(bucket) == []
    proxy.heal()
    assert upload().state == "cleared"


def test_a_connection_that_is_gone_for_good_leaves_an_orphan_that_is_found(
    bucket: Any, proxy: FaultyProxy
) -> None:
    proxy.fail("PUT", Fault.AFTER)
    proxy.fail("DELETE", Fault.BEFORE)
    with pytest.raises(BotoCoreError):
        upload()
    assert_nothing_on_record()
    proxy.heal()
    assert len(keys(bucket)) == 1
    kept = upload().storage_key  # beside none on record it would be the wrong database's
    assert problems() == ["orphaned"]
    assert keys(bucket) == [kept]


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.HALF])
def test_an_inspection_that_cannot_read_leaves_the_file_closed_and_is_taken_up(
    bucket: Any, proxy: FaultyProxy, fault: Fault
) -> None:
    proxy.fail("GET", fault)
    with pytest.raises(STORAGE_ERRORS):
        upload()
    assert DocumentVersion.objects.get().state == "inspecting"
    proxy.heal()
    call_command("documents", "inspect", "--grace", "0")
    assert DocumentVersion.objects.get().state == "cleared"
    assert problems() == []


def test_a_deletion_whose_reply_is_lost_is_repeated(bucket: Any, proxy: FaultyProxy) -> None:
    bucket.delete(upload().storage_key)
    proxy.fail("DELETE", Fault.AFTER, times=1)
    key = upload().storage_key
    bucket.delete(key)
    assert keys(bucket) == []


@pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.HALF, Fault.STALL])
def test_a_bucket_that_does_not_answer_is_not_an_empty_one(
    bucket: Any, proxy: FaultyProxy, fault: Fault
) -> None:
    """Nothing is called missing, and nothing repaired, because of a broken line."""
    version = upload()
    proxy.fail("GET", fault)
    with pytest.raises(StorageUnreadable):
        problems()
    with pytest.raises(CommandError, match="The storage cannot be read") as caught:
        call_command("documents", "verify", "--repair", "--grace", "0")
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
    version.refresh_from_db()
    assert version.state == "cleared"


def test_a_file_that_breaks_off_half_way_is_not_called_altered(
    bucket: Any, proxy: FaultyProxy
) -> None:
    version = upload()
    proxy.fail("GET", Fault.HALF, after=1)  # the listing comes through
    with pytest.raises(StorageUnreadable):
        problems()
    version.refresh_from_db()
    assert version.state == "cleared"
    proxy.heal()
    assert problems() == []


def test_closing_an_altered_file_survives_a_broken_line(bucket: Any, proxy: FaultyProxy) -> None:
    """It is closed first and inspected then, so it stays closed when that breaks."""
    version = upload()
    put(bucket, version.storage_key, factories.pdf_bytes("y" * 10_000))
    proxy.fail("GET", Fault.HALF, after=2)  # the listing and the comparison come through
    found = verify(REPAIR)
    assert next(found).problem == "altered"
    version.refresh_from_db()
    assert version.state == "inspecting"
    proxy.heal()
    assert list(found) == []
    # The next run takes up what was begun and not finished.
    assert problems() == ["altered"]
    version.refresh_from_db()
    assert version.state == "blocked"
    assert problems() == ["altered"]


def test_a_move_that_lost_the_bucket_is_taken_up_again(bucket: Any, proxy: FaultyProxy) -> None:
    for _ in range(3):
        upload()

    def move() -> list[str]:
        steps = Relocation(storage_of("safeguarding"), storage_of("new")).copy()
        return [step.outcome.value for step in steps]

    proxy.fail("GET", Fault.HALF, after=1)
    with pytest.raises(StorageUnreadable):
        move()
    assert len(keys(storages["new"])) == 1
    proxy.heal()
    assert move() == ["present", "copied", "copied"]


def test_a_repair_that_cannot_delete_says_so_and_can_be_repeated(
    bucket: Any, proxy: FaultyProxy
) -> None:
    kept, version = upload().storage_key, upload()
    DocumentVersion.objects.filter(pk=version.pk).update(storage_key="versions/00/elsewhere")
    proxy.fail("DELETE", Fault.BEFORE)
    with pytest.raises(CommandError) as caught:
        call_command("documents", "verify", "--repair", "--grace", "0", stdout=io.StringIO())
    assert caught.value.returncode == 2
    proxy.heal()
    assert sorted(problems()) == ["missing", "orphaned"]
    assert keys(bucket) == [kept]
