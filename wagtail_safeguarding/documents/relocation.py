"""Move a library of documents from one storage to another while the site is up.

Every object keeps its key, so the database does not change. An object counts as moved
when its bytes, read back from the target, have the SHA-256 that is on record. Stopped at
any point it can be run again: what is right in the target already is left alone.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from storages.backends.s3 import S3Storage

from .exposure import other_storages
from .inventory import (
    STORAGE_ERRORS,
    StorageUnreadable,
    chunks,
    delete_object,
    digest,
    one_line,
)
from .models import DocumentVersion
from .storage import (
    ALIAS,
    PrivateFolderStorage,
    S3DocumentStorage,
    get_document_storage,
    new_storage_key,
)

BATCH = 500


SAME_PLACE = "Both are the same place, or one lies inside the other."


class MoveRefused(Exception):
    """These two storages are not a move that keeps files private and safe."""


class Outcome(StrEnum):
    COPIED = "copied"
    PRESENT = "present"
    DELETED = "deleted"
    MISSING = "missing"
    ALTERED = "altered"
    CONFLICT = "conflict"
    FAILED = "failed"

    @property
    def is_problem(self) -> bool:
        return self in {Outcome.MISSING, Outcome.ALTERED, Outcome.CONFLICT, Outcome.FAILED}


@dataclass(frozen=True)
class Step:
    """What became of one version's object."""

    outcome: Outcome
    key: str
    document: str
    version: int
    advice: str = ""

    @classmethod
    def of(cls, outcome: Outcome, version: DocumentVersion, advice: str = "") -> Step:
        return cls(outcome, version.storage_key, str(version.document.uuid), version.number, advice)


def storage_of(alias: str) -> Storage:
    """The private storage with this alias in ``STORAGES``. Raises :class:`MoveRefused`."""
    try:
        # Without the alias the site's documents are in the default private folder.
        storage = get_document_storage() if alias == ALIAS else storages[alias]
    except Exception as error:  # whatever the class of a storage does not like
        if alias not in settings.STORAGES and alias != ALIAS:
            known = ", ".join(sorted(settings.STORAGES))
            words = f'There is no STORAGES["{alias}"]. Known are: {known}.'
        else:
            words = f'STORAGES["{alias}"] cannot be opened: {one_line(error)}'
        raise MoveRefused(words) from error
    if not isinstance(storage, (PrivateFolderStorage, S3DocumentStorage)):
        raise MoveRefused(
            f'STORAGES["{alias}"] is a {type(storage).__name__}, which is not made for private '
            "files. Use PrivateFolderStorage or S3DocumentStorage of this package."
        )
    return storage


def refuse_public(storage: Storage) -> None:
    """Raise :class:`MoveRefused` where the site keeps files that anybody may read."""
    if isinstance(storage, PrivateFolderStorage):
        location = Path(storage.location).resolve()
        for name in ("MEDIA_ROOT", "STATIC_ROOT"):
            public = getattr(settings, name, "")
            if public and location.is_relative_to(Path(public).resolve()):
                raise MoveRefused(f"The target lies inside {name}, where anybody can read files.")
    for alias, other in (*other_storages(), (ALIAS, get_document_storage())):
        shared = isinstance(other, S3Storage) and not isinstance(other, S3DocumentStorage)
        if shared and other.bucket_name == getattr(storage, "bucket_name", None):
            raise MoveRefused(f'The target shares its bucket with STORAGES["{alias}"].')


def same_place(one: Storage, other: Storage) -> bool:
    """Whether the two keep their files in the same place, or one inside the other.

    By their settings, which can name one place in two ways: see :func:`_marker`.
    """
    if isinstance(one, S3DocumentStorage) and isinstance(other, S3DocumentStorage):
        return (one.bucket_name, one.endpoint_url) == (
            other.bucket_name,
            other.endpoint_url,
        ) and _nested(_bucket_path(one), _bucket_path(other))
    if isinstance(one, PrivateFolderStorage) and isinstance(other, PrivateFolderStorage):
        return _nested(Path(one.location).resolve(), Path(other.location).resolve())
    return False


def _bucket_path(storage: Any) -> Path:
    return Path("/", str(storage.location or "").strip("/"))


def _nested(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


@contextmanager
def _marker(storage: Any) -> Iterator[str]:
    """The key of a new file in the storage, there for as long as the context.

    A storage in which it shows up as well is the same place, whatever the two are called:
    another spelling of the server's address, a folder that is mounted twice.
    """
    key = new_storage_key()
    made: list[Path] = []
    if isinstance(storage, PrivateFolderStorage):
        # Whoever runs this may not be the server's user: no folder of his is left behind.
        made = [folder for folder in Path(storage.path(key)).parents if not folder.exists()]
    try:
        try:
            storage.save(key, File(io.BytesIO(b"Is this the other storage as well?")))
            yield key
        except BaseException:
            with suppress(*STORAGE_ERRORS):
                delete_object(storage, key)
            raise
        delete_object(storage, key)
    except STORAGE_ERRORS as error:
        raise StorageUnreadable.because(error) from error
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


class Relocation:
    """Copy every version's object from ``source`` to ``target``.

    Raises :class:`MoveRefused` where both are one place, or the target is a public one; what
    the settings do not tell is tried before anything is copied or deleted.
    """

    def __init__(
        self, source: Storage, target: Storage, *, tick: Callable[[], object] = lambda: None
    ) -> None:
        if same_place(source, target):
            raise MoveRefused(SAME_PLACE)
        refuse_public(target)
        self.source = source
        self.target = target
        self.tick = tick
        self.live = get_document_storage()
        self.target_in_use = True

    def copy(self) -> Iterator[Step]:
        """Raises :class:`~.inventory.StorageUnreadable` when a storage does not answer."""
        self._look_at_target()
        for version in _versions():
            yield _answering(self._copy_one, version)
            self.tick()

    def delete_source(self) -> Iterator[Step]:
        """Delete from the source what the target has, each object after one more look.

        Run it when :meth:`copy` came through without a problem. Raises
        :class:`MoveRefused` while the site still reads the source.
        """
        self._look_at_target()
        self.refuse_deleting_what_is_in_use()
        for version in _versions():
            if self.source.exists(version.storage_key):
                yield _answering(self._delete_one, version)
            self.tick()

    def refuse_deleting_what_is_in_use(self) -> None:
        """Writes to both, and so needs more rights in the source than :meth:`copy` does."""
        in_use = same_place(self.live, self.source)
        if not in_use:
            with _marker(self.live) as key:
                in_use = self.source.exists(key)
        if not in_use:
            with _marker(self.source) as key:
                in_use = self.live.exists(key)
                # Say, a folder that lies under the target's as one layer of it.
                if not in_use and self.target.exists(key):
                    raise MoveRefused(SAME_PLACE)
        if in_use:
            raise MoveRefused(
                f'The site still reads the source. Let STORAGES["{ALIAS}"] name the target and '
                "restart the site first."
            )

    def _look_at_target(self) -> None:
        """Refuse a target that is the source, and see whether it is what the site reads."""
        with _marker(self.target) as key:
            if self.source.exists(key):
                raise MoveRefused(SAME_PLACE)
            self.target_in_use = same_place(self.live, self.target) or self.live.exists(key)

    def _copy_one(self, version: DocumentVersion) -> Step:
        key = version.storage_key
        try:
            if digest(self.target, key) == version.sha256:
                return Step.of(Outcome.PRESENT, version)
            if self.target_in_use:
                return Step.of(
                    Outcome.CONFLICT,
                    version,
                    "The target is in use and has other bytes under this key; left alone.",
                )
            # The rest of a copy that was stopped half-way. Nobody reads the target yet.
            self.target.delete(key)
        except FileNotFoundError:
            pass
        # Unlinked from the start, so that a killed process leaves no readable copy behind.
        with tempfile.TemporaryFile() as spool:
            try:
                read = _fetch(self.source, key, spool)
            except FileNotFoundError:
                return Step.of(
                    Outcome.MISSING, version, "Restore this object in the source from a backup."
                )
            if read != version.sha256:
                return Step.of(
                    Outcome.ALTERED, version, "Not copied: these are not the bytes on record."
                )
            spool.seek(0)
            self.target.save(key, File(spool))
        if digest(self.target, key) != version.sha256:
            self.target.delete(key)
            return Step.of(
                Outcome.FAILED, version, "The target gave back other bytes than it was given."
            )
        return Step.of(Outcome.COPIED, version)

    def _delete_one(self, version: DocumentVersion) -> Step:
        try:
            if digest(self.target, version.storage_key) != version.sha256:
                return Step.of(Outcome.CONFLICT, version, "The target has other bytes; kept.")
        except FileNotFoundError:
            return Step.of(Outcome.MISSING, version, "Not in the target; the source is kept.")
        self.source.delete(version.storage_key)
        return Step.of(Outcome.DELETED, version)


def _versions() -> Iterator[DocumentVersion]:
    versions = DocumentVersion.objects.select_related("document").order_by("pk")
    return versions.iterator(chunk_size=BATCH)


def _fetch(storage: Storage, key: str, into: IO[bytes]) -> str:
    """Copy the stored bytes ``into`` a file; their SHA-256."""
    sha256 = hashlib.sha256()
    for chunk in chunks(storage, key):
        sha256.update(chunk)
        into.write(chunk)
    return sha256.hexdigest()


def _answering(step: Callable[[DocumentVersion], Step], version: DocumentVersion) -> Step:
    try:
        return step(version)
    except BotoCoreError as error:
        raise StorageUnreadable.because(error) from error
    except STORAGE_ERRORS as error:
        return Step.of(Outcome.FAILED, version, f"{type(error).__name__}: {one_line(error)}")
