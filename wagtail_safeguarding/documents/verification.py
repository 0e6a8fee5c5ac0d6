"""Compare the database with the storage: every version has its bytes, every object its version.

Both are gone through once, in batches. What is kept in memory is one number for each
version that was seen (about 60 bytes), not the listing of the storage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError
from django.core.files.storage import Storage
from django.utils import timezone

from .inspections import inspect_version, last_move, waiting_versions
from .inventory import (
    STORAGE_ERRORS,
    StorageUnreadable,
    StoredObject,
    abort,
    delete_object,
    digest,
    is_our_key,
    stored_objects,
    unfinished_uploads,
)
from .models import DocumentVersion
from .states import IllegalMove, VersionState
from .storage import get_document_storage

BATCH = 500
GRACE = dt.timedelta(hours=24)
MAX_ORPHANS = 100
FEW_ORPHANS = 3


class Problem(StrEnum):
    MISSING = "missing"
    ALTERED = "altered"
    UNREADABLE = "unreadable"
    RESTORED = "restored"
    UNFINISHED = "unfinished"
    ORPHANED = "orphaned"
    UNFINISHED_UPLOAD = "unfinished-upload"
    UNCHECKED = "unchecked"
    FOREIGN = "foreign"

    @property
    def is_drift(self) -> bool:
        """Whether it is a fault. What somebody else put beside our files is only told."""
        return self is not Problem.FOREIGN


@dataclass(frozen=True)
class Finding:
    """One difference. It names the version by its document's uuid and its number: a title
    may itself be confidential. ``advice`` says what a person has to do, if anything."""

    problem: Problem
    key: str = ""
    document: str | None = None
    version: int | None = None
    state: str | None = None
    public: bool = False
    repaired: bool = False
    advice: str = ""

    @property
    def remains(self) -> bool:
        return self.problem.is_drift and not self.repaired

    @classmethod
    def of(cls, problem: Problem, version: DocumentVersion, **values: Any) -> Finding:
        return cls(
            problem,
            key=version.storage_key,
            document=str(version.document.uuid),
            version=version.number,
            state=str(version.state),
            **values,
        )


@dataclass(frozen=True)
class Options:
    """How to look, and whether to repair.

    ``quick``        compare sizes only; no bytes are read
    ``grace``        an upload under way has an object and no row yet: what is younger is left
    ``max_orphans``  if there are more, none is deleted: it may be the wrong database. None:
                     a tenth of the versions that have their object (but not less than
                     ``FEW_ORPHANS``), at most ``MAX_ORPHANS``, and 0 if no version has one
    ``is_public``    whether anybody can read the version now; the register knows
    ``tick``         called after each version, for a progress bar
    """

    repair: bool = False
    quick: bool = False
    grace: dt.timedelta = GRACE
    max_orphans: int | None = None
    is_public: Callable[[DocumentVersion], bool] = lambda version: False
    tick: Callable[[], object] = lambda: None


def verify(options: Options | None = None) -> Iterator[Finding]:
    """Every difference between the database and the storage, as it is found.

    Raises :class:`~.inventory.StorageUnreadable` if the storage cannot be read at all.
    """
    return _Verification(options or Options()).run()


class _Verification:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.storage: Storage = get_document_storage()
        self.before = timezone.now() - options.grace
        self.seen: set[int] = set()
        self.having_object = 0
        self.orphans: list[str] = []
        self.many_orphans = False

    def run(self) -> Iterator[Finding]:
        yield from self._objects()
        yield from self._versions_without_object()
        yield from self._orphans()
        yield from self._unfinished_uploads()
        yield from self._unfinished_inspections()

    # What the storage has

    def _objects(self) -> Iterator[Finding]:
        objects = stored_objects(self.storage)
        try:
            while batch := list(islice(objects, BATCH)):
                # A database does not take every name that a folder or a bucket does.
                rows = _by_key(found.key for found in batch if is_our_key(found.key))
                for found in batch:
                    if version := rows.get(found.key):
                        self.seen.add(version.pk)
                        self.having_object += 1
                        yield from self._compare(version, found.size)
                        self.options.tick()
                    else:
                        yield from self._nobodys(found)
        except StorageUnreadable as error:
            # A site that has stored nothing yet has no folder.
            nothing_yet = isinstance(error.__cause__, FileNotFoundError)
            if not nothing_yet or DocumentVersion.objects.exists():
                raise

    def _nobodys(self, found: StoredObject) -> Iterator[Finding]:
        if not is_our_key(found.key):
            yield Finding(Problem.FOREIGN, found.key, advice="This package did not store it.")
        elif found.modified <= self.before:
            if not self.options.repair:
                yield Finding(Problem.ORPHANED, found.key)
            elif len(self.orphans) < self._most_orphans():
                self.orphans.append(found.key)
            else:
                self.many_orphans = True
                yield self._too_many(found.key)

    def _most_orphans(self) -> int:
        """How many are worth remembering: with more, none is deleted."""
        given = self.options.max_orphans
        return MAX_ORPHANS if given is None else given

    def _limit(self) -> int:
        """How many may be deleted, when every version has been looked for."""
        if self.options.max_orphans is not None:
            return self.options.max_orphans
        if not self.having_object:
            return 0
        return min(MAX_ORPHANS, max(FEW_ORPHANS, self.having_object // 10))

    def _orphans(self) -> Iterator[Finding]:
        """Deleted last, when their number is known."""
        too_many = self.many_orphans or len(self.orphans) > self._limit()
        for key in self.orphans:
            if too_many:
                yield self._too_many(key)
            elif DocumentVersion.objects.filter(storage_key=key).exists():
                continue  # its row was written meanwhile
            else:
                delete_object(self.storage, key)
                yield Finding(Problem.ORPHANED, key, repaired=True)

    def _too_many(self, key: str) -> Finding:
        advice = (
            "Not deleted: there are too many such objects for the versions on record, so it may be "
            "the wrong database. If it is the right one, run again and say how many may be "
            "deleted: --max-orphans N."
        )
        return Finding(Problem.ORPHANED, key, advice=advice)

    # What the database has

    def _compare(self, version: DocumentVersion, size: int) -> Iterator[Finding]:
        try:
            same = size == version.size and (
                self.options.quick or digest(self.storage, version.storage_key) == version.sha256
            )
        except FileNotFoundError:
            yield self._missing(version)
        except BotoCoreError as error:  # no answer at all, which is not about this object
            raise StorageUnreadable.because(error) from error
        except STORAGE_ERRORS as error:
            advice = f"The storage does not hand it out ({type(error).__name__})."
            yield Finding.of(
                Problem.UNREADABLE, version, public=self.options.is_public(version), advice=advice
            )
        else:
            if not same:
                yield self._altered(version)
            elif not self.options.quick and _was_altered(version):
                yield self._restored(version)

    def _versions_without_object(self) -> Iterator[Finding]:
        versions = DocumentVersion.objects.select_related("document").order_by("pk")
        for version in versions.iterator(chunk_size=BATCH):
            if version.pk in self.seen:
                continue
            # Not listed: gone, or stored since the listing.
            try:
                size = self.storage.size(version.storage_key)
            except FileNotFoundError:
                yield self._missing(version)
            except STORAGE_ERRORS as error:
                raise StorageUnreadable.because(error) from error
            else:
                self.having_object += 1
                yield from self._compare(version, size)
            self.options.tick()

    def _missing(self, version: DocumentVersion) -> Finding:
        return Finding.of(
            Problem.MISSING,
            version,
            public=self.options.is_public(version),
            advice="Restore this object from a backup under the same key.",
        )

    def _altered(self, version: DocumentVersion) -> Finding:
        finding = Finding.of(
            Problem.ALTERED,
            version,
            public=self.options.is_public(version),
            advice="Restore the object with this SHA-256 from a backup under the same key: "
            + version.sha256,
        )
        closed = {VersionState.BLOCKED, VersionState.WITHDRAWN}
        if self.options.repair and version.state not in closed and self._inspect(version):
            # The bytes stay lost, so it stays a finding; but nobody can read them any more.
            finding = replace(
                finding, state=str(version.state), public=self.options.is_public(version)
            )
        return finding

    def _restored(self, version: DocumentVersion) -> Finding:
        """The right bytes are back, and the version is still closed for the wrong ones."""
        repaired = self.options.repair and self._inspect(version)
        return Finding.of(
            Problem.RESTORED,
            version,
            public=self.options.is_public(version),
            repaired=repaired,
            advice="" if repaired else "Run again with --repair to inspect it.",
        )

    # What was begun and not finished

    def _unfinished_uploads(self) -> Iterator[Finding]:
        try:
            for upload in unfinished_uploads(self.storage):
                if upload.begun <= self.before and is_our_key(upload.key):
                    if self.options.repair:
                        abort(self.storage, upload)
                    yield Finding(
                        Problem.UNFINISHED_UPLOAD, upload.key, repaired=self.options.repair
                    )
        except PermissionError as error:
            advice = f"Unfinished uploads cannot be listed: the policy does not allow {error}."
            yield Finding(Problem.UNCHECKED, advice=advice)

    def _unfinished_inspections(self) -> Iterator[Finding]:
        stuck = waiting_versions().filter(uploaded_at__lte=self.before)
        for version in stuck.select_related("document").iterator(chunk_size=BATCH):
            if last_move(version) <= self.before:
                repaired = self.options.repair and self._inspect(version)
                yield Finding.of(
                    Problem.UNFINISHED,
                    version,
                    repaired=repaired,
                    advice="" if repaired else "Run again with --repair to inspect it.",
                )

    def _inspect(self, version: DocumentVersion) -> bool:
        """Inspect the stored bytes again; whether that came to a result.

        The first move closes the version by itself, so a fault after it leaves it closed.
        """
        try:
            inspect_version(version)
        except (IllegalMove, *STORAGE_ERRORS):
            version.refresh_from_db(fields=["state"])
            return False
        return True


def _was_altered(version: DocumentVersion) -> bool:
    """Whether inspection blocked it for other bytes than those on record."""
    report = version.inspection or {}
    codes = {finding["code"] for finding in report.get("findings", ())}
    other = report.get("sha256", version.sha256) != version.sha256
    # The hash of a file that is too large is that of its beginning.
    return version.state == VersionState.BLOCKED and other and "too-large" not in codes


def _by_key(keys: Iterable[str]) -> dict[str, DocumentVersion]:
    versions = DocumentVersion.objects.filter(storage_key__in=list(keys))
    return {version.storage_key: version for version in versions.select_related("document")}
