"""The storage is private by construction, whatever the site's other settings say (promise P4)."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.base import ContentFile

from wagtail_safeguarding.documents.storage import (
    ALIAS,
    PrivateFolderStorage,
    S3DocumentStorage,
    default_location,
    get_document_storage,
    new_storage_key,
)

# Keys


def test_keys_cannot_be_guessed_and_are_never_reused() -> None:
    keys = {new_storage_key() for _ in range(10_000)}
    assert len(keys) == 10_000
    for key in keys:
        folder, short, token = key.split("/")
        assert folder == "versions"
        assert token.startswith(short)
        assert len(short) == 2
        assert len(bytes.fromhex(token)) == 32  # 256 bits


def test_keys_take_nothing_from_the_file_name() -> None:
    key = new_storage_key(None, "../Child E.pdf")
    assert ".." not in key
    assert "Child" not in key
    assert len(key) <= 120


# The folder


@pytest.fixture
def folder(tmp_path: Path) -> PrivateFolderStorage:
    return PrivateFolderStorage(location=tmp_path / "private")


def mode(path: str | Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_files_and_folders_are_for_the_server_alone(
    folder: PrivateFolderStorage, umask: int
) -> None:
    before = os.umask(umask)
    try:
        name = folder.save("versions/aa/key", ContentFile(b"x"))
    finally:
        os.umask(before)
    path = Path(folder.path(name))
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert mode(path.parent.parent) == 0o700
    assert mode(path.parent.parent.parent) == 0o700


def test_folder_has_no_urls(folder: PrivateFolderStorage, settings: Any) -> None:
    settings.MEDIA_URL = "/media/"
    name = folder.save("versions/aa/key", ContentFile(b"x"))
    with pytest.raises(NotImplementedError, match="gate"):
        folder.url(name)


def test_folder_overwrites_nothing(folder: PrivateFolderStorage) -> None:
    folder.save("versions/aa/key", ContentFile(b"first"))
    with pytest.raises(SuspiciousFileOperation, match="never used twice"):
        folder.save("versions/aa/key", ContentFile(b"second"))
    with folder.open("versions/aa/key") as file:
        assert file.read() == b"first"


def test_folder_is_not_left(folder: PrivateFolderStorage) -> None:
    with pytest.raises(SuspiciousFileOperation):
        folder.save("../outside", ContentFile(b"x"))


def test_site_without_the_alias_gets_a_folder_beside_its_code(
    settings: Any, tmp_path: Path
) -> None:
    settings.STORAGES = {k: v for k, v in settings.STORAGES.items() if k != ALIAS}
    settings.BASE_DIR = tmp_path
    storage = get_document_storage()
    assert isinstance(storage, PrivateFolderStorage)
    assert Path(storage.location) == tmp_path / "safeguarding-private" == default_location()


def test_site_without_alias_and_without_a_place_is_told(settings: Any) -> None:
    settings.STORAGES = {k: v for k, v in settings.STORAGES.items() if k != ALIAS}
    if hasattr(settings, "BASE_DIR"):
        del settings.BASE_DIR
    with pytest.raises(ImproperlyConfigured, match=ALIAS):
        get_document_storage()


def test_misspelt_backend_is_not_replaced_by_the_folder(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    settings.STORAGES = {**settings.STORAGES, ALIAS: {"BACKEND": "no.such.Storage"}}
    with pytest.raises(ImproperlyConfigured):
        get_document_storage()


# The bucket

CREDENTIALS = {"access_key": "test", "secret_key": "test", "region_name": "eu-west-2"}


def bucket(**options: Any) -> S3DocumentStorage:
    return S3DocumentStorage(bucket_name="reviews", **CREDENTIALS, **options)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("default_acl", "public-read"),
        ("custom_domain", "files.example.org"),
        ("querystring_auth", False),
        ("file_overwrite", True),
        ("signature_version", "s3"),
    ],
)
def test_bucket_refuses_an_option_that_would_open_it(name: str, value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        bucket(**{name: value})
    # The fixed value may be written out.
    assert bucket(**{name: S3DocumentStorage.fixed[name]}).bucket_name == "reviews"


def test_the_sites_global_settings_do_not_open_the_bucket(settings: Any) -> None:
    settings.AWS_DEFAULT_ACL = "public-read"
    settings.AWS_S3_CUSTOM_DOMAIN = "media.example.org"
    settings.AWS_QUERYSTRING_AUTH = False
    settings.AWS_S3_FILE_OVERWRITE = True
    settings.AWS_S3_SIGNATURE_VERSION = "s3"
    settings.AWS_S3_OBJECT_PARAMETERS = {"ACL": "public-read", "CacheControl": "max-age=86400"}
    storage = bucket()
    for name, value in S3DocumentStorage.fixed.items():
        assert getattr(storage, name) == value
    parameters = storage.get_object_parameters("versions/aa/key")
    assert "ACL" not in parameters
    assert "CacheControl" not in parameters
    url = signed(storage)
    assert "media.example.org" not in url
    assert "X-Amz-Signature" in url


def test_bucket_drops_an_acl_from_its_own_options() -> None:
    storage = bucket(object_parameters={"ACL": "public-read", "StorageClass": "STANDARD_IA"})
    assert storage.get_object_parameters("key") == {"StorageClass": "STANDARD_IA"}


def signed(storage: S3DocumentStorage, **values: Any) -> str:
    values = {
        "seconds": 60,
        "media_type": "application/pdf",
        "disposition": 'inline; filename="report.pdf"',
        **values,
    }
    return storage.signed_url("versions/aa/key", **values)


def test_signed_url_is_short_lived_and_says_what_the_file_is() -> None:
    url = urlsplit(signed(bucket(), seconds=45))
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url.path.endswith("versions/aa/key")
    assert query["X-Amz-Expires"] == "45"
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["response-content-type"] == "application/pdf"
    assert query["response-content-disposition"] == 'inline; filename="report.pdf"'
    assert query["response-cache-control"] == "private, no-store"


def test_signed_url_for_head_differs() -> None:
    storage = bucket()
    signatures = {
        parse_qs(urlsplit(signed(storage, method=method)).query)["X-Amz-Signature"][0]
        for method in ("GET", "HEAD")
    }
    assert len(signatures) == 2
