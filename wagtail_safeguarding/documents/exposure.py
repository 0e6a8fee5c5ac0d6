"""What else of the site reaches the private folder or bucket of review documents.

:mod:`wagtail_safeguarding.checks` gives each kind an id, and the probe reports it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from .storage import ALIAS, PrivateFolderStorage


@dataclass(frozen=True, slots=True)
class Exposure:
    kind: str
    message: str
    hint: str


def folder_exposure(location: Path) -> Exposure | None:
    """The first reason why other users or parts of the site can read or change the folder."""
    location = location.resolve()
    for name, public in _public_folders():
        if location.is_relative_to(public):
            return Exposure(
                "inside-public",
                f"Review documents would be stored inside {name}, where anybody can read them.",
                f'Give STORAGES["{ALIAS}"] a location outside {name}.',
            )
        if public.is_relative_to(location):
            return Exposure(
                "contains-public",
                f"{name} lies inside the private folder of review documents.",
                f'Give STORAGES["{ALIAS}"] a folder in which nothing else lies.',
            )
    for source in _static_sources():
        if location.is_relative_to(source):
            return Exposure(
                "inside-static-source",
                "Review documents would be stored inside an entry of STATICFILES_DIRS: "
                "collectstatic would publish them.",
                f'Give STORAGES["{ALIAS}"] a location outside of the site\'s static files.',
            )
    for alias, other in _other_folders():
        if location.is_relative_to(other) or other.is_relative_to(location):
            return Exposure(
                "shared-folder",
                f'STORAGES["{ALIAS}"] and STORAGES["{alias}"] store files in one folder.',
                "Give review documents a private folder of their own.",
            )
    return None


def open_to_others(storage: FileSystemStorage) -> bool:
    """Whether the folder, where it is there, lets in more users than the storage would."""
    if os.name != "posix":
        return False
    try:
        mode = stat.S_IMODE(Path(storage.location).stat().st_mode)
    except OSError:
        return False
    known = isinstance(storage, PrivateFolderStorage)
    granted = storage.directory_permissions_mode or 0 if known else 0
    return bool(mode & 0o077 & ~granted)


def upload_exposure() -> Exposure | None:
    """Whether an upload lies in a public folder while it is received."""
    folder = settings.FILE_UPLOAD_TEMP_DIR
    for name, public in _public_folders():
        if folder and Path(folder).resolve().is_relative_to(public):
            return Exposure(
                "public-uploads",
                f"FILE_UPLOAD_TEMP_DIR lies inside {name}: review documents pass through it when "
                "they are uploaded and inspected.",
                f"Set FILE_UPLOAD_TEMP_DIR to a folder outside {name}, or take it out.",
            )
    return None


def bucket_exposure(bucket: str) -> Exposure | None:
    """Who else uses the bucket; another ``location`` in it is the same bucket."""
    sharing = next((f'STORAGES["{alias}"]' for alias in _aliases_of(bucket)), None)
    if sharing is None and getattr(settings, "AWS_STORAGE_BUCKET_NAME", None) == bucket:
        sharing = "AWS_STORAGE_BUCKET_NAME, which every other S3 storage uses"
    if sharing is None:
        return None
    return Exposure(
        "shared-bucket",
        f'STORAGES["{ALIAS}"] shares its bucket with {sharing}.',
        "Give review documents a private bucket of their own.",
    )


def _public_folders() -> Iterator[tuple[str, Path]]:
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        if folder := getattr(settings, name, ""):
            yield name, Path(folder).resolve()


def _static_sources() -> Iterator[Path]:
    for entry in getattr(settings, "STATICFILES_DIRS", ()):
        # An entry may be a pair of a prefix and a folder.
        yield Path(entry[1] if isinstance(entry, list | tuple) else entry).resolve()


def _other_folders() -> Iterator[tuple[str, Path]]:
    for alias, storage in other_storages():
        # Without a location a storage only seems to use the current folder.
        if isinstance(storage, FileSystemStorage) and storage.base_location:
            yield alias, Path(storage.location).resolve()


def _aliases_of(bucket: str) -> Iterator[str]:
    for alias, storage in other_storages():
        # Asked of the storage itself: a class of the site's own may name its bucket.
        if getattr(storage, "bucket_name", None) == bucket:
            yield alias


def other_storages() -> Iterator[tuple[str, Any]]:
    """Every storage of the site but that of review documents, if it can be opened."""
    for alias in settings.STORAGES:
        if alias == ALIAS:
            continue
        try:
            storage = storages[alias]
        except Exception:  # noqa: S112 - not ours: whoever uses it is told
            continue
        yield alias, storage
