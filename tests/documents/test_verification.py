"""What lies in the storage and what is on record are compared, and mended where that is safe."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests import factories
from tests.documents.flaky import FlakyStorage
from tests.libraries import NOW, REPAIR, bucket_entry, folder_entry, keys, problems, put
from tests.s3 import S3Server, s3_server
from wagtail_safeguarding.documents import verification
from wagtail_safeguarding.documents.inspections import inspect_version
from wagtail_safeguarding.documents.inventory import (
    StorageUnreadable,
    StoredObject,
    chunks,
    delete_object,
    digest,
)
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage, new_storage_key
from wagtail_safeguarding.documents.verification import Finding, Options, Problem, verify
from wagtail_safeguarding.register.visibility import publicly_named

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture(
    params=[
        "folder",
        pytest.param("s3", marks=[pytest.mark.needs("ministack"), pytest.mark.once]),
    ]
)
def storage(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Any:
    if request.param == "folder":
        entry = folder_entry(tmp_path / "private")
    else:
        entry = bucket_entry(request.getfixturevalue("server"))
    settings.STORAGES = {**settings.STORAGES, "safeguarding": entry}
    return get_document_storage()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": folder_entry(tmp_path / "private"),
    }
    return get_document_storage()


@pytest.fixture
def bucket(request: pytest.FixtureRequest, settings: Any) -> Any:
    entry = bucket_entry(request.getfixturevalue("server"))
    settings.STORAGES = {**settings.STORAGES, "safeguarding": entry}
    return get_document_storage()


def only(options: Options = NOW) -> Finding:
    (finding,) = verify(options)
    return finding


def revoke(bucket: Any, server: S3Server) -> None:
    """Take every right from the site's user (it has the bucket's name)."""
    iam = server.client("iam")
    for policy in iam.list_user_policies(UserName=bucket.bucket_name)["PolicyNames"]:
        iam.delete_user_policy(UserName=bucket.bucket_name, PolicyName=policy)


# Nothing wrong


def test_a_site_that_has_stored_nothing_is_in_order(storage: Any) -> None:
    assert problems() == []
    assert problems(REPAIR) == []


def test_a_library_in_order_has_no_finding(storage: Any) -> None:
    first = factories.cleared_version("One")
    factories.cleared_version("Two", document=first.document)
    factories.cleared_version("Three").move(VersionState.WITHDRAWN, reason="x")
    for options in (NOW, REPAIR, replace(NOW, quick=True)):
        assert problems(options) == []
    assert len(keys(storage)) == 3


def test_each_version_is_told_once_to_the_progress_bar(storage: Any) -> None:
    factories.cleared_version("One")
    storage.delete(factories.cleared_version("Two").storage_key)
    told: list[int] = []
    list(verify(replace(NOW, tick=lambda: told.append(1))))
    assert len(told) == 2


# Missing


def test_missing_object_is_told_and_never_repaired(storage: Any) -> None:
    version = factories.cleared_version()
    storage.delete(version.storage_key)
    for options in (NOW, REPAIR, replace(NOW, quick=True)):
        finding = only(options)
        assert finding.problem is Problem.MISSING
        assert (finding.document, finding.version) == (str(version.document.uuid), 1)
        assert finding.key == version.storage_key
        assert finding.remains
        assert not finding.public
        assert "same key" in finding.advice
    version.refresh_from_db()
    assert version.state == VersionState.CLEARED


def test_finding_says_whether_the_version_is_public_now(storage: Any) -> None:
    version = factories.cleared_version()
    factories.review(versions=(version,))
    storage.delete(version.storage_key)
    options = replace(NOW, is_public=lambda v: bool(publicly_named([v.pk])))
    assert only(options).public


def test_a_version_stored_after_the_listing_is_not_missing(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.cleared_version()
    monkeypatch.setattr(verification, "stored_objects", lambda storage: iter(()))
    assert problems() == []


# Altered


def test_altered_bytes_are_told(storage: Any) -> None:
    version = factories.cleared_version("One")
    put(storage, version.storage_key, factories.pdf_bytes("Two"))  # of the same size
    assert problems() == [("altered", version.storage_key)]
    assert problems(replace(NOW, quick=True)) == []
    put(storage, version.storage_key, factories.pdf_bytes("longer"))
    assert problems(replace(NOW, quick=True)) == [("altered", version.storage_key)]


def test_quick_reads_no_bytes(storage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> Any:
        raise AssertionError("read")

    factories.cleared_version("One")
    monkeypatch.setattr(verification, "digest", fail)
    assert problems(replace(NOW, quick=True)) == []


def test_repair_closes_an_altered_version_everywhere(storage: Any, client: Any) -> None:
    version = factories.cleared_version("One")
    page = factories.review(versions=(version,))
    assert publicly_named([version.pk])
    put(storage, version.storage_key, factories.pdf_bytes("Two"))
    finding = only(replace(REPAIR, is_public=lambda v: bool(publicly_named([v.pk]))))
    assert (finding.problem, finding.state) == (Problem.ALTERED, "blocked")
    assert finding.remains
    assert not finding.public
    assert version.sha256 in finding.advice
    version.refresh_from_db()
    assert version.state == VersionState.BLOCKED
    assert client.get(version.get_url()).status_code == 404
    assert not page.__class__.objects.get(pk=page.pk).live or not publicly_named([version.pk])
    # It is told again and not inspected again: a nightly run would fill the audit log.
    inspected = version.inspection
    assert only(REPAIR).problem is Problem.ALTERED
    version.refresh_from_db()
    assert version.inspection == inspected


def test_restored_bytes_open_a_closed_version_again(storage: Any) -> None:
    version = factories.cleared_version("One")
    factories.review(versions=(version,))
    put(storage, version.storage_key, factories.pdf_bytes("Two"))
    list(verify(REPAIR))
    assert not publicly_named([version.pk])
    put(storage, version.storage_key, factories.pdf_bytes("One"))
    assert problems() == [("restored", version.storage_key)]
    assert only().remains
    assert problems(replace(NOW, quick=True)) == []  # it has not looked at the bytes
    assert only(REPAIR).repaired
    version.refresh_from_db()
    assert version.state == VersionState.CLEARED
    assert problems() == []


def test_a_version_that_is_blocked_for_what_it_is_stays_blocked(
    storage: Any, settings: Any
) -> None:
    version = factories.cleared_version("One")
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTES": 5}
    inspect_version(version)
    assert version.state == VersionState.BLOCKED
    assert problems(REPAIR) == []
    version.refresh_from_db()
    assert version.state == VersionState.BLOCKED


def test_a_fault_while_closing_an_altered_version_leaves_it_closed(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.cleared_version("One")
    page = factories.review(versions=(version,))
    put(folder, version.storage_key, factories.pdf_bytes("Two"))

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OSError("gone")

    monkeypatch.setattr("wagtail_safeguarding.documents.inspections.inspect_file", fail)
    assert only(REPAIR).remains
    version.refresh_from_db()
    assert version.state == VersionState.INSPECTING
    assert not publicly_named([version.pk])
    assert page.pk


def test_withdrawn_version_is_left_as_it_is(storage: Any) -> None:
    version = factories.cleared_version("One")
    version.move(VersionState.WITHDRAWN, reason="x")
    put(storage, version.storage_key, factories.pdf_bytes("Two"))
    assert only(REPAIR).state == "withdrawn"


def test_a_file_that_the_server_cannot_read_is_told(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = factories.cleared_version("One"), factories.cleared_version("Two")
    real = verification.digest

    def fail(storage: Any, key: str) -> str:
        if key == bad.storage_key:
            raise OSError("Input/output error")
        return real(storage, key)

    monkeypatch.setattr(verification, "digest", fail)
    put(folder, good.storage_key, b"other")
    assert problems(REPAIR) == sorted(
        [("altered", good.storage_key), ("unreadable", bad.storage_key)]
    )


# Orphaned and foreign


def test_orphan_is_told_and_deleted_by_repair(storage: Any) -> None:
    kept = factories.cleared_version()
    orphan = new_storage_key()
    put(storage, orphan, b"x")
    assert only().remains
    finding = only(REPAIR)
    assert (finding.problem, finding.key) == (Problem.ORPHANED, orphan)
    assert finding.repaired
    assert not finding.remains
    assert keys(storage) == [kept.storage_key]
    assert problems() == []


def test_an_upload_under_way_is_left_alone(storage: Any) -> None:
    orphan = new_storage_key()
    put(storage, orphan, b"x")
    assert problems(Options(repair=True)) == []
    assert keys(storage) == [orphan]


def test_grace_goes_by_the_age_of_the_object(folder: Any) -> None:
    kept = factories.cleared_version().storage_key
    old, young = new_storage_key(), new_storage_key()
    put(folder, old, b"x", age=3 * 3600)
    put(folder, young, b"x", age=1 * 3600)
    options = Options(repair=True, grace=dt.timedelta(hours=2))
    assert problems(options) == [("orphaned", old)]
    assert keys(folder) == sorted([kept, young])


def test_a_row_that_is_written_meanwhile_saves_its_object(storage: Any) -> None:
    """The row is asked for again at the moment of deletion."""
    first, second = sorted([new_storage_key(), new_storage_key()])
    put(storage, first, b"x")
    put(storage, second, b"x")
    document = factories.cleared_version().document
    found = verify(REPAIR)
    deleted = next(found)
    left = ({first, second} - {deleted.key}).pop()
    DocumentVersion.objects.create(
        document=document, number=9, storage_key=left, sha256="0" * 64, size=1, media_type="x"
    )
    assert left not in {finding.key for finding in found if finding.problem == Problem.ORPHANED}
    assert storage.exists(left)


def test_too_many_orphans_look_like_the_wrong_database(storage: Any) -> None:
    for _ in range(4):
        put(storage, new_storage_key(), b"x")
    before = keys(storage)
    found = list(verify(replace(REPAIR, max_orphans=3)))
    assert [finding.problem for finding in found] == [Problem.ORPHANED] * 4
    assert all(finding.remains and "--max-orphans" in finding.advice for finding in found)
    assert keys(storage) == before
    assert all(finding.repaired for finding in verify(replace(REPAIR, max_orphans=4)))
    assert keys(storage) == []


def test_a_small_library_and_a_database_that_knows_none_of_it(storage: Any) -> None:
    """The number of orphans says nothing by itself: it is the whole library."""
    for _ in range(5):
        put(storage, new_storage_key(), b"x")
    before = keys(storage)
    for _ in range(2):
        found = list(verify(REPAIR))
        assert [finding.problem for finding in found if finding.key in before] == ["orphaned"] * 5
        assert not any(finding.repaired for finding in found)
        assert keys(storage) == before
        # Nor when versions are on record, and none of them is here.
        storage.delete(factories.cleared_version().storage_key)


@pytest.mark.parametrize(
    ("versions", "orphans", "deleted"),
    [(1, 3, True), (1, 4, False), (9, 4, False), (40, 4, True), (40, 5, False)],
)
def test_orphans_are_few_beside_what_is_on_record(
    folder: Any, versions: int, orphans: int, deleted: bool
) -> None:
    document = factories.cleared_version().document
    for number in range(2, versions + 1):
        put(folder, key := new_storage_key(), b"x")
        DocumentVersion.objects.create(
            document=document,
            number=number,
            storage_key=key,
            sha256="0" * 64,
            size=1,
            state=VersionState.CLEARED,
        )
    for _ in range(orphans):
        put(folder, new_storage_key(), b"x")
    found = list(verify(replace(REPAIR, quick=True)))
    assert [finding.repaired for finding in found] == [deleted] * orphans
    assert len(keys(folder)) == versions + (0 if deleted else orphans)
    assert deleted or all("--max-orphans" in finding.advice for finding in found)


def test_what_is_named_otherwise_than_ours_is_foreign(folder: Any) -> None:
    kept = factories.cleared_version().storage_key
    token = kept.rpartition("/")[2]
    other = "0" if token[0] != "0" else "1"
    names = [
        "versions/readme",
        f"versions/{token}",
        f"versions/{other}{token[1]}/{token}",  # not its folder
        f"{kept}0",
        f"{kept}.pdf",
        f"versions/AA/AA{token[2:]}",
        f"old/{new_storage_key()}",
        "versions/line\nVersions: 1. No difference.",
        os.fsdecode(b"versions/\xff"),  # no database takes this one
    ]
    for name in names:
        put(folder, name, b"x", age=9e6)
    assert problems(REPAIR) == sorted(("foreign", name) for name in names)
    assert keys(folder) == sorted([kept, *names])


@pytest.mark.needs("ministack")
@pytest.mark.once
@pytest.mark.parametrize("location", ["", "council"])
def test_a_key_that_seems_to_lead_to_another_object_deletes_none(
    server: S3Server, settings: Any, location: str
) -> None:
    """A bucket takes any key; django-storages tidies it, and would delete the live file."""
    entry = bucket_entry(server, location=location)
    settings.STORAGES = {**settings.STORAGES, "safeguarding": entry}
    storage: Any = get_document_storage()
    live = factories.cleared_version().storage_key
    names = [
        f"versions/../{live}",
        "versions/../../elsewhere/x",
        "versions/x//y",
        "versions/",
        live.replace("/", "//"),
        live.replace("/", "\\"),
    ]
    root = f"{location}/" if location else ""
    for name in names:
        server.client("s3").put_object(Bucket=storage.bucket_name, Key=root + name, Body=b"x")
    put(storage, root + (orphan := new_storage_key()), b"x")
    assert problems(REPAIR) == sorted(
        [("orphaned", orphan), *(("foreign", name) for name in names)]
    )
    assert keys(storage) == sorted([live, *names])


def test_only_our_own_keys_are_deleted(folder: Any) -> None:
    put(folder, "readme", b"x")
    for key in ("readme", f"versions/../{new_storage_key()}", f"{new_storage_key()}\n"):
        with pytest.raises(ValueError, match="Not a key"):
            delete_object(folder, key)
    assert keys(folder) == ["readme"]


def test_foreign_object_is_told_and_never_deleted(storage: Any) -> None:
    put(storage, "readme.txt", b"x", age=9e6)
    put(storage, "versions-old/x", b"x", age=9e6)
    finding = next(iter(verify(REPAIR)))
    assert finding.problem is Problem.FOREIGN
    assert not finding.remains
    assert keys(storage) == ["readme.txt", "versions-old/x"]


# Unfinished


def test_an_inspection_that_nobody_finished_is_finished(storage: Any) -> None:
    stuck, new = factories.cleared_version("One"), factories.cleared_version("Two")
    never = factories.cleared_version("Three")
    long_ago = timezone.now() - dt.timedelta(days=3)
    stuck.move(VersionState.INSPECTING)
    new.move(VersionState.INSPECTING)
    DocumentVersion.objects.update(uploaded_at=long_ago)
    DocumentVersion.objects.filter(pk=never.pk).update(state=VersionState.UPLOADED)
    entries = ModelLogEntry.objects.exclude(object_id=str(new.document_id))
    entries.update(timestamp=long_ago)
    # Uploaded long ago, but somebody began to inspect it just now.
    assert problems(Options()) == sorted(
        [("unfinished", stuck.storage_key), ("unfinished", never.storage_key)]
    )
    assert all(finding.repaired for finding in verify(Options(repair=True)))
    states = dict(DocumentVersion.objects.values_list("pk", "state"))
    assert states == {stuck.pk: "cleared", never.pk: "cleared", new.pk: "inspecting"}
    assert problems(Options()) == []


def test_an_unfinished_version_with_other_bytes_is_blocked(storage: Any) -> None:
    version = factories.cleared_version("One")
    version.move(VersionState.INSPECTING)
    put(storage, version.storage_key, factories.pdf_bytes("Two"))
    list(verify(REPAIR))
    version.refresh_from_db()
    assert version.state == VersionState.BLOCKED


def test_an_unfinished_version_without_bytes_stays_a_finding(storage: Any) -> None:
    version = factories.cleared_version("One")
    version.move(VersionState.INSPECTING)
    storage.delete(version.storage_key)
    found = {finding.problem: finding for finding in verify(REPAIR)}
    assert set(found) == {Problem.MISSING, Problem.UNFINISHED}
    assert found[Problem.UNFINISHED].remains
    version.refresh_from_db()
    assert version.state == VersionState.INSPECTING


@pytest.mark.needs("ministack")
@pytest.mark.once
class TestUnfinishedUploads:
    @staticmethod
    def begin(bucket: Any, server: S3Server, key: str) -> None:
        client = server.client("s3")
        begun = client.create_multipart_upload(Bucket=bucket.bucket_name, Key=key)
        client.upload_part(
            Bucket=bucket.bucket_name,
            Key=key,
            UploadId=begun["UploadId"],
            PartNumber=1,
            Body=b"x" * 5 * 1024 * 1024,
        )

    @staticmethod
    def begun(bucket: Any, server: S3Server) -> int:
        found = server.client("s3").list_multipart_uploads(Bucket=bucket.bucket_name)
        return len(found.get("Uploads", ()))

    def test_told_and_aborted_by_repair(self, bucket: Any, server: S3Server) -> None:
        self.begin(bucket, server, key := new_storage_key())
        assert problems(Options(repair=True)) == []  # younger than the grace
        assert problems() == [("unfinished-upload", key)]
        assert self.begun(bucket, server) == 1
        assert only(REPAIR).repaired
        assert self.begun(bucket, server) == 0
        assert problems() == []

    def test_of_somebody_else_are_left_alone(self, bucket: Any, server: S3Server) -> None:
        self.begin(bucket, server, "backups/x")
        assert problems(REPAIR) == []
        assert self.begun(bucket, server) == 1

    def test_policy_that_hides_them_is_told(self, bucket: Any, server: S3Server) -> None:
        revoke(bucket, server)
        server.client("iam").put_user_policy(
            UserName=bucket.bucket_name,
            PolicyName="less",
            PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
            '"Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}]}',
        )
        finding = only()
        assert finding.problem is Problem.UNCHECKED
        assert finding.remains
        assert "s3:ListBucketMultipartUploads" in finding.advice

    def test_a_location_inside_the_bucket(self, server: S3Server, settings: Any) -> None:
        entry = bucket_entry(server, location="council")
        settings.STORAGES = {**settings.STORAGES, "safeguarding": entry}
        storage: Any = get_document_storage()
        version = factories.cleared_version()
        put(storage, new_storage_key(), b"of another site")
        assert keys(storage) == [version.storage_key]
        self.begin(storage, server, f"council/{(key := new_storage_key())}")
        assert problems() == [("unfinished-upload", key)]
        assert only(REPAIR).repaired
        assert problems() == []
        assert self.begun(storage, server) == 0


# Storages that cannot be read


def test_folder_that_is_gone_is_no_drift_but_unreadable(folder: Any) -> None:
    factories.cleared_version()
    shutil.rmtree(folder.location)
    with pytest.raises(StorageUnreadable, match="cannot be read"):
        problems()


def test_subfolder_that_cannot_be_listed_is_not_an_empty_one(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root reads every folder, so the refusal is made up."""
    factories.cleared_version()
    real = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("/versions"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(StorageUnreadable, match="Permission denied"):
        problems(REPAIR)


@pytest.mark.needs("ministack")
@pytest.mark.once
def test_bucket_that_is_gone_or_refuses_is_unreadable(bucket: Any, server: S3Server) -> None:
    factories.cleared_version()
    revoke(bucket, server)
    with pytest.raises(StorageUnreadable, match="AccessDenied"):
        problems(REPAIR)


def test_storage_of_another_kind_is_verified_too(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": {"BACKEND": "tests.documents.flaky.FlakyStorage"},
    }
    storage = storages["safeguarding"]
    assert isinstance(storage, FlakyStorage)
    version = factories.cleared_version()
    storage.save(orphan := new_storage_key(), io.BytesIO(b"x"))
    assert problems(REPAIR) == [("orphaned", orphan)]
    assert storage.keys() == [version.storage_key]


# Size


def peak(run: Callable[[], object]) -> int:
    run()  # what is loaded once is not the point
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_large_file_is_read_piece_by_piece(storage: Any) -> None:
    size = 24 * 1024 * 1024
    key = new_storage_key()
    put(storage, key, b"x" * size)
    assert sum(map(len, chunks(storage, key))) == size
    assert peak(lambda: digest(storage, key)) < 6 * 1024 * 1024


def test_a_long_listing_is_not_held_in_memory(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def listing(many: int) -> Iterator[StoredObject]:
        then = timezone.now() - dt.timedelta(days=9)
        return (StoredObject(new_storage_key(), 1, then) for _ in range(many))

    def look(many: int) -> Callable[[], int]:
        monkeypatch.setattr(verification, "stored_objects", lambda storage: listing(many))
        return lambda: sum(1 for _ in verify(replace(REPAIR, max_orphans=1)))

    few = peak(look(1_000))
    assert look(10_000)() == 10_000
    assert peak(look(10_000)) < 2 * few
