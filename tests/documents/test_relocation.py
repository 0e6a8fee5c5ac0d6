"""A library moves between storages, whole, verified and again and again if need be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.files.storage import storages

from tests import factories
from tests.libraries import bucket_entry, folder_entry, keys, put
from tests.s3 import S3Server, s3_server
from wagtail_safeguarding.documents import relocation
from wagtail_safeguarding.documents.inventory import StorageUnreadable, digest
from wagtail_safeguarding.documents.relocation import (
    MoveRefused,
    Outcome,
    Relocation,
    same_place,
    storage_of,
)
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage

pytestmark = pytest.mark.django_db

S3 = [pytest.mark.needs("ministack"), pytest.mark.once]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    def entry(kind: str, name: str) -> dict[str, Any]:
        if kind == "folder":
            return folder_entry(tmp_path / name)
        return bucket_entry(request.getfixturevalue("server"))

    return entry


@pytest.fixture(
    params=[
        ("folder", "folder"),
        pytest.param(("folder", "s3"), marks=S3),
        pytest.param(("s3", "folder"), marks=S3),
        pytest.param(("s3", "s3"), marks=S3),
    ],
    ids="-to-".join,
)
def site(request: pytest.FixtureRequest, settings: Any, make: Any) -> Any:
    """A site that reads "safeguarding" and has an empty "new" storage beside it."""
    source, target = request.param
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": make(source, "private"),
        "new": make(target, "new"),
    }
    return settings


@pytest.fixture
def folders(settings: Any, make: Any) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": make("folder", "private"),
        "new": make("folder", "new"),
    }
    return settings


def switch(settings: Any) -> None:
    """The site reads the new storage, and has the old one as "old"."""
    entries = settings.STORAGES
    settings.STORAGES = {
        **entries,
        "safeguarding": entries["new"],
        "old": entries["safeguarding"],
    }


def move(source: str = "safeguarding", target: str = "new") -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for step in Relocation(storage_of(source), storage_of(target)).copy():
        told.setdefault(step.outcome.value, []).append(step.key)
    return told


def delete(source: str = "old", target: str = "safeguarding") -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for step in Relocation(storage_of(source), storage_of(target)).delete_source():
        told.setdefault(step.outcome.value, []).append(step.key)
    return told


def test_every_version_arrives_under_its_key(site: Any) -> None:
    versions = [factories.cleared_version(title) for title in ("One", "Two", "Three")]
    versions[0].move(VersionState.WITHDRAWN, reason="x")
    assert move() == {"copied": [version.storage_key for version in versions]}
    target = storages["new"]
    assert keys(target) == sorted(version.storage_key for version in versions)
    for version in versions:
        assert digest(target, version.storage_key) == version.sha256
    # The source is as it was.
    assert keys(get_document_storage()) == keys(target)


def test_second_run_leaves_what_is_there_and_picks_up_the_rest(site: Any) -> None:
    first = factories.cleared_version("One")
    move()
    second = factories.cleared_version("Two")
    assert move() == {"present": [first.storage_key], "copied": [second.storage_key]}


def test_the_whole_way_with_the_site_up(site: Any, client: Any) -> None:
    first = factories.cleared_version("One")
    late = factories.cleared_version("Late", document=first.document)
    factories.review(versions=(first,))
    move()
    during = factories.cleared_version("Two")  # an editor uploads to the old storage
    switch(site)
    after = factories.cleared_version("Three")  # and another one to the new storage
    assert move("old", "safeguarding") == {
        "present": [first.storage_key, late.storage_key, after.storage_key],
        "copied": [during.storage_key],
    }
    assert client.get(first.get_url()).status_code in {200, 302}
    assert sorted(delete()["deleted"]) == sorted(
        version.storage_key for version in (first, late, during)
    )
    assert keys(storages["old"]) == []
    assert delete() == {}
    assert len(keys(get_document_storage())) == 4


def test_what_is_left_of_a_copy_that_was_stopped_is_replaced(site: Any) -> None:
    version = factories.cleared_version("One")
    put(storages["new"], version.storage_key, factories.pdf_bytes("One")[:5])
    assert move() == {"copied": [version.storage_key]}
    assert digest(storages["new"], version.storage_key) == version.sha256


def test_other_bytes_in_a_target_that_is_read_are_left_alone(site: Any) -> None:
    version = factories.cleared_version("One")
    put(storages["new"], version.storage_key, b"other")
    switch(site)
    assert move("old", "safeguarding") == {"conflict": [version.storage_key]}
    with get_document_storage().open(version.storage_key) as file:
        assert file.read() == b"other"


def test_missing_and_altered_objects_are_told_and_not_copied(site: Any) -> None:
    missing, altered, good = (factories.cleared_version(title) for title in ("A", "B", "C"))
    source = get_document_storage()
    source.delete(missing.storage_key)
    put(source, altered.storage_key, b"other")
    assert move() == {
        "missing": [missing.storage_key],
        "altered": [altered.storage_key],
        "copied": [good.storage_key],
    }
    assert keys(storages["new"]) == [good.storage_key]


def test_source_is_kept_while_the_site_reads_it(site: Any) -> None:
    factories.cleared_version("One")
    move()
    with pytest.raises(MoveRefused, match="still reads the source"):
        delete("safeguarding", "new")
    assert len(keys(get_document_storage())) == 1


def test_nothing_is_deleted_that_the_target_has_not(site: Any) -> None:
    first, second, third = (factories.cleared_version(title) for title in ("A", "B", "C"))
    move()
    switch(site)
    put(get_document_storage(), second.storage_key, b"other")
    get_document_storage().delete(third.storage_key)
    assert delete() == {
        "deleted": [first.storage_key],
        "conflict": [second.storage_key],
        "missing": [third.storage_key],
    }
    assert keys(storages["old"]) == sorted([second.storage_key, third.storage_key])


def test_target_that_alters_what_it_is_given_fails(
    folders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.cleared_version("One")
    target: Any = storage_of("new")
    real = type(target)._save

    def alter(self: Any, name: str, content: Any) -> Any:
        return real(self, name, File(io.BytesIO(b"x" + content.read())))

    altered = Relocation(storage_of("safeguarding"), target)
    monkeypatch.setattr(type(target), "_save", alter)
    (step,) = altered.copy()
    assert step.outcome is Outcome.FAILED
    assert step.version == version.number
    assert keys(target) == []


def test_fault_of_the_target_is_told_and_the_next_file_tried(
    folders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.cleared_version("One")
    factories.cleared_version("Two")
    target: Any = storage_of("new")
    real, calls = type(target)._save, []

    def fail(self: Any, name: str, content: Any) -> Any:
        calls.append(name)
        if len(calls) == 2:  # the first is no document: it is to tell the two places apart
            raise OSError(28, "No space left on device")
        return real(self, name, content)

    monkeypatch.setattr(type(target), "_save", fail)
    first, second = Relocation(storage_of("safeguarding"), target).copy()
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.COPIED)
    assert "No space left" in first.advice


# Refusals


def test_storages_that_are_not_private_are_refused() -> None:
    for alias in ("default", "staticfiles"):
        with pytest.raises(MoveRefused, match="not made for private files"):
            storage_of(alias)
    with pytest.raises(MoveRefused, match=r'no STORAGES\["nothing"\]'):
        storage_of("nothing")


def test_same_place_is_refused_however_it_is_called(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "one")
    settings.STORAGES = {
        **settings.STORAGES,
        "one": folder_entry(tmp_path / "one"),
        "link": folder_entry(tmp_path / "link"),
        "inside": folder_entry(tmp_path / "one" / "versions"),
        "other": folder_entry(tmp_path / "one-other"),
    }
    for other in ("one", "link", "inside"):
        for pair in (("one", other), (other, "one")):
            with pytest.raises(MoveRefused, match="same place"):
                Relocation(*map(storage_of, pair))
    assert not same_place(storage_of("one"), storage_of("other"))


def mounted(apparent: Path, really: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A folder that is another one's, and whose path does not tell."""
    really.mkdir(exist_ok=True)
    apparent.symlink_to(really)
    monkeypatch.setattr(relocation, "same_place", lambda one, other: one is other)
    return folder_entry(apparent)


def assert_refused(source: str, target: str, words: str) -> None:
    """Neither way, before anything happened, and nothing of the trial is left."""
    before = {alias: keys(storages[alias]) for alias in (source, target)}
    with pytest.raises(MoveRefused, match=words):
        next(Relocation(storage_of(source), storage_of(target)).delete_source())
    assert {alias: keys(storages[alias]) for alias in before} == before


def test_a_folder_that_is_mounted_twice_is_one_place(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": folder_entry(private),
        "old": mounted(tmp_path / "mounted", private, monkeypatch),
        "new": folder_entry(tmp_path / "new"),
    }
    for title in ("One", "Two"):
        factories.cleared_version(title)
    before = keys(get_document_storage())
    for pair in (("old", "safeguarding"), ("safeguarding", "old")):
        with pytest.raises(MoveRefused, match="same place"):
            next(Relocation(*map(storage_of, pair)).copy())
        assert_refused(*pair, "same place|still reads")
    assert move("old", "new")
    assert_refused("old", "new", "still reads the source")
    assert keys(get_document_storage()) == before
    assert sorted(path.name for path in (private / "versions").iterdir()) == sorted(
        {key.split("/")[1] for key in before}
    )


def test_target_that_the_site_reads_by_another_name_is_not_overwritten(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": folder_entry(tmp_path / "private"),
        "mounted": mounted(tmp_path / "mounted", tmp_path / "private", monkeypatch),
        "old": folder_entry(tmp_path / "old"),
    }
    version = factories.cleared_version("One")
    put(get_document_storage(), version.storage_key, b"other")
    put(storages["old"], version.storage_key, factories.pdf_bytes("One"))
    assert move("old", "mounted") == {"conflict": [version.storage_key]}
    assert digest(get_document_storage(), version.storage_key) != version.sha256


@pytest.mark.needs("ministack")
@pytest.mark.once
def test_a_bucket_by_another_address_is_one_place(server: S3Server, settings: Any) -> None:
    entry = bucket_entry(server)
    port = server.endpoint.rpartition(":")[2]
    others = (f"{server.endpoint}/", f"http://localhost:{port}")
    settings.STORAGES = {**settings.STORAGES, "safeguarding": entry}
    for number, address in enumerate(others):
        options = {**entry["OPTIONS"], "endpoint_url": address}
        settings.STORAGES = {**settings.STORAGES, f"old{number}": {**entry, "OPTIONS": options}}
    factories.cleared_version("One")
    (before,) = keys(get_document_storage())
    for number in range(len(others)):
        for pair in ((f"old{number}", "safeguarding"), ("safeguarding", f"old{number}")):
            with pytest.raises(MoveRefused, match="same place"):
                next(Relocation(*map(storage_of, pair)).copy())
            assert_refused(*pair, "same place|still reads")
    assert keys(get_document_storage()) == [before]


def test_a_source_that_may_only_be_read_is_copied(
    folders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.cleared_version("One")
    source: Any = storage_of("safeguarding")

    def refuse(*args: Any) -> Any:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(source, "_save", refuse)
    steps = list(Relocation(source, storage_of("new")).copy())
    assert [(step.outcome, step.key) for step in steps] == [(Outcome.COPIED, version.storage_key)]


def test_a_target_that_cannot_be_written_is_told_as_such(
    folders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.cleared_version("One")
    target: Any = storage_of("new")

    def refuse(*args: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(target, "_save", refuse)
    with pytest.raises(StorageUnreadable, match="Permission denied"):
        next(Relocation(storage_of("safeguarding"), target).copy())
    assert not Path(target.location).exists()


def test_same_bucket_is_refused_unless_the_locations_are_apart(settings: Any) -> None:
    def bucket(**options: Any) -> dict[str, Any]:
        return {
            "BACKEND": "wagtail_safeguarding.documents.storage.S3DocumentStorage",
            "OPTIONS": {"bucket_name": "a", "region_name": "eu-west-2", **options},
        }

    settings.STORAGES = {
        **settings.STORAGES,
        "whole": bucket(),
        "part": bucket(location="council"),
        "other-part": bucket(location="council-2"),
        "other": bucket(bucket_name="b"),
    }
    for pair in (("whole", "whole"), ("whole", "part"), ("part", "whole")):
        assert same_place(*map(storage_of, pair)), pair
    for pair in (("part", "other-part"), ("whole", "other")):
        assert not same_place(*map(storage_of, pair)), pair


def test_public_places_are_refused(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": folder_entry(tmp_path / "private"),
        "in-media": folder_entry(tmp_path / "media" / "private"),
        "media": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": "media"},
        },
        "in-media-bucket": {
            "BACKEND": "wagtail_safeguarding.documents.storage.S3DocumentStorage",
            "OPTIONS": {"bucket_name": "media"},
        },
    }
    for alias, words in (("in-media", "MEDIA_ROOT"), ("in-media-bucket", r'STORAGES\["media"\]')):
        with pytest.raises(MoveRefused, match=words):
            Relocation(storage_of("safeguarding"), storage_of(alias))


def test_without_the_alias_the_default_folder_is_moved(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        name: entry for name, entry in settings.STORAGES.items() if name != "safeguarding"
    } | {"new": folder_entry(tmp_path / "new")}
    settings.BASE_DIR = tmp_path
    version = factories.cleared_version("One")
    assert move() == {"copied": [version.storage_key]}
    assert (tmp_path / "safeguarding-private" / version.storage_key).exists()
