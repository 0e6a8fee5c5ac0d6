"""What lies in a storage of review documents: its objects, one by one, and their bytes.

Read piece by piece, so that neither a large file nor a large library fills the memory.
A folder and a bucket are asked in their own way; any other storage through Django's
storage API.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage, Storage
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

_OUR_KEY = re.compile(r"versions/([0-9a-f]{2})/\1[0-9a-f]{62}")
"""What ``storage.new_storage_key`` makes, and nothing else."""

STORAGE_ERRORS = (OSError, BotoCoreError, ClientError, RetriesExceededError)
"""What a storage raises when it cannot do what it was asked."""

_CHUNK = 1024 * 1024


class StorageUnreadable(Exception):
    """The storage as a whole cannot be read: it is not there, refuses, or does not answer."""

    @classmethod
    def because(cls, error: Exception) -> StorageUnreadable:
        return cls(f"The storage cannot be read: {one_line(error)}")


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    size: int
    modified: dt.datetime


@dataclass(frozen=True, slots=True)
class UnfinishedUpload:
    """A multipart upload that was begun in a bucket: its parts are stored and invisible."""

    key: str
    upload_id: str
    begun: dt.datetime


def is_our_key(key: str) -> bool:
    """Whether this package could have made the key. Anybody's file may lie beside ours."""
    return _OUR_KEY.fullmatch(key) is not None


def one_line(error: Exception) -> str:
    """What it says, without what would begin a new line or steer a terminal."""
    words = " ".join(str(error).split())
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in words
    )


def stored_objects(storage: Storage) -> Iterator[StoredObject]:
    """Everything in the storage, also what is not ours. Raises :class:`StorageUnreadable`."""
    try:
        if isinstance(storage, S3Storage):
            yield from _in_bucket(storage)
        elif isinstance(storage, FileSystemStorage):
            yield from _in_folder(Path(storage.location))
        else:
            yield from _in_any(storage)
    except STORAGE_ERRORS as error:
        raise StorageUnreadable.because(error) from error


def _in_bucket(storage: Any) -> Iterator[StoredObject]:
    root = _root(storage)
    pages = storage.connection.meta.client.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=storage.bucket_name, Prefix=root):
        for found in page.get("Contents", ()):
            yield StoredObject(
                found["Key"].removeprefix(root), found["Size"], found["LastModified"]
            )


def _in_folder(location: Path) -> Iterator[StoredObject]:
    def stop(error: OSError) -> None:
        # Without this a folder that cannot be read would look empty.
        raise error

    for folder, _folders, names in os.walk(location, onerror=stop):
        for name in names:
            path = Path(folder, name)
            try:
                found = path.lstat()
            except FileNotFoundError:
                continue  # deleted since the folder was read
            modified = dt.datetime.fromtimestamp(found.st_mtime, dt.UTC)
            yield StoredObject(path.relative_to(location).as_posix(), found.st_size, modified)


def _in_any(storage: Storage, folder: str = "") -> Iterator[StoredObject]:
    folders, names = storage.listdir(folder)
    for name in names:
        key = f"{folder}{name}"
        yield StoredObject(key, storage.size(key), storage.get_modified_time(key))
    for name in folders:
        yield from _in_any(storage, f"{folder}{name}/")


def unfinished_uploads(storage: Storage) -> Iterator[UnfinishedUpload]:
    """The multipart uploads of a bucket that were neither finished nor aborted.

    Raises :class:`PermissionError` where the policy does not allow to list them.
    """
    if not isinstance(storage, S3Storage):
        return
    root = _root(storage)
    pages = storage.connection.meta.client.get_paginator("list_multipart_uploads")
    try:
        for page in pages.paginate(Bucket=storage.bucket_name, Prefix=root):
            for found in page.get("Uploads", ()):
                key = found["Key"].removeprefix(root)
                yield UnfinishedUpload(key, found["UploadId"], found["Initiated"])
    except ClientError as error:
        if _status(error) == 403:
            raise PermissionError("s3:ListBucketMultipartUploads") from error
        raise StorageUnreadable.because(error) from error
    except BotoCoreError as error:
        raise StorageUnreadable.because(error) from error


def abort(storage: Any, upload: UnfinishedUpload) -> None:
    """Drop the parts of an unfinished upload. One that was finished meanwhile stays."""
    try:
        storage.connection.meta.client.abort_multipart_upload(
            Bucket=storage.bucket_name,
            Key=_root(storage) + upload.key,
            UploadId=upload.upload_id,
        )
    except ClientError as error:
        if _status(error) != 404:
            raise


def delete_object(storage: Storage, key: str) -> None:
    """Delete the object under exactly this key, which must be one of ours.

    Not ``S3Storage.delete()``: it tidies the path first, so that it may delete another object.
    """
    if not is_our_key(key):
        raise ValueError("Not a key of this package.")
    if isinstance(storage, S3Storage):
        _delete_in_bucket(storage, _root(storage) + key)
    else:
        storage.delete(key)


def _delete_in_bucket(storage: Any, key: str) -> None:
    storage.connection.meta.client.delete_object(Bucket=storage.bucket_name, Key=key)


def digest(storage: Storage, key: str) -> str:
    """The SHA-256 of the stored bytes. Raises :class:`FileNotFoundError` if there are none."""
    sha256 = hashlib.sha256()
    for chunk in chunks(storage, key):
        sha256.update(chunk)
    return sha256.hexdigest()


def chunks(storage: Storage, key: str) -> Iterator[bytes]:
    """The stored bytes. Raises :class:`FileNotFoundError` if there are none."""
    if isinstance(storage, S3Storage):
        # Not storage.open(), which fetches the whole object before the first byte is read.
        with closing(_body(storage, key)) as body:
            yield from body.iter_chunks(_CHUNK)
        return
    with storage.open(key, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _body(storage: Any, key: str) -> Any:
    try:
        found = storage.connection.meta.client.get_object(
            Bucket=storage.bucket_name, Key=_root(storage) + key
        )
    except ClientError as error:
        if _status(error) == 404:
            raise FileNotFoundError(key) from error
        raise
    return found["Body"]


def _root(storage: Any) -> str:
    """What stands before our keys in the bucket: the storage's ``location``."""
    location = str(storage.location or "").strip("/")
    return f"{location}/" if location else ""


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
