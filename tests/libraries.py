"""Private storages to test with, and what a test does to the objects in them by hand."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage

from tests.s3 import REGION, S3Server
from wagtail_safeguarding.documents.inventory import stored_objects
from wagtail_safeguarding.documents.verification import Options, verify

PACKAGE = "wagtail_safeguarding.documents.storage"


def folder_entry(location: Path) -> dict[str, Any]:
    """An entry of ``STORAGES``: a private folder."""
    return {"BACKEND": f"{PACKAGE}.PrivateFolderStorage", "OPTIONS": {"location": str(location)}}


def bucket_entry(server: S3Server, endpoint: str = "", **options: Any) -> dict[str, Any]:
    """An entry of ``STORAGES``: a new bucket and a user with exactly the documented policy.

    ``endpoint`` is another way to the server (see ``tests.faults.proxy``).
    """
    name = f"documents-{secrets.token_hex(6)}"
    server.add_bucket(name)
    key, secret = server.add_user(name, name)
    return {
        "BACKEND": f"{PACKAGE}.S3DocumentStorage",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": endpoint or server.endpoint,
            "access_key": key,
            "secret_key": secret,
            "region_name": REGION,
            **options,
        },
    }


NOW = Options(grace=dt.timedelta(0))
REPAIR = replace(NOW, repair=True)


def problems(options: Options = NOW) -> list[tuple[str, str]]:
    """What `documents verify` finds: the problem and the key."""
    return sorted((finding.problem.value, finding.key) for finding in verify(options))


def keys(storage: Storage) -> list[str]:
    """Every object in the storage; none while its folder has not been made."""
    if isinstance(storage, FileSystemStorage) and not Path(storage.location).exists():
        return []
    return sorted(found.key for found in stored_objects(storage))


def put(storage: Any, key: str, data: bytes, *, age: float = 0) -> None:
    """Write an object past the package, over another one too; ``age`` in seconds (folder)."""
    if hasattr(storage, "bucket_name"):
        client = storage.connection.meta.client
        client.delete_object(Bucket=storage.bucket_name, Key=key)  # nothing is overwritten
        client.put_object(Bucket=storage.bucket_name, Key=key, Body=data)
        return
    path = Path(storage.path(key))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    then = time.time() - age
    os.utime(path, (then, then))
