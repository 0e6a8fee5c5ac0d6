"""The storage is private by construction, whatever the site's other settings say (promise P4)."""

from __future__ import annotations

import base64
import json
import os
import socket
import stat
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from boto3.s3.transfer import TransferConfig
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.http import HttpResponseRedirect

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


@pytest.mark.parametrize(
    "modes",
    [{"file_permissions_mode": 0o644}, {"directory_permissions_mode": 0o755}],
    ids=str,
)
def test_folder_for_everybody_is_refused(tmp_path: Path, modes: dict[str, int]) -> None:
    with pytest.raises(ImproperlyConfigured, match="every user"):
        PrivateFolderStorage(location=tmp_path, **modes)


def test_folder_may_be_read_by_the_web_servers_group(tmp_path: Path) -> None:
    folder = PrivateFolderStorage(
        location=tmp_path / "private",
        file_permissions_mode=0o640,
        directory_permissions_mode=0o750,
    )
    path = Path(folder.path(folder.save("versions/aa/key", ContentFile(b"x"))))
    assert (mode(path), mode(path.parent)) == (0o640, 0o750)


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
        ("querystring_auth", False),
        ("file_overwrite", True),
        ("signature_version", "s3"),
        ("gzip", True),
        ("url_protocol", "http:"),
        ("use_ssl", False),
        ("max_memory_size", 0),
    ],
)
def test_bucket_refuses_an_option_that_would_open_it(name: str, value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        bucket(**{name: value})
    # The fixed value may be written out.
    assert bucket(**{name: S3DocumentStorage.fixed[name]}).bucket_name == "reviews"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"object_parameters": {"ACL": "public-read"}}, "ACL"),
        ({"object_parameters": {"GrantRead": "uri=everybody"}}, "GrantRead"),
        ({"object_parameters": {"CacheControl": "max-age=86400"}}, "CacheControl"),
        ({"object_parameters": {"ServerSideEncryption": "AES256"}}, "ServerSideEncryption"),
        ({"server_side_encryption": "aes256"}, "server_side_encryption"),
        ({"server_side_encryption": True}, "server_side_encryption"),
        ({"kms_key_id": "key"}, "kms_key_id"),
        ({"kms_key_id": "key", "server_side_encryption": "AES256"}, "kms_key_id"),
        ({"client_config": Config(signature_version="s3")}, "signature_version"),
        ({"client_config": Config(signature_version=UNSIGNED)}, "signature_version"),
        ({"custom_domain": "files.example.org"}, "together"),
        ({"cloudfront_key_id": "K1", "cloudfront_key": "PEM"}, "together"),
        ({"custom_domain": "files.example.org", "cloudfront_key_id": "K1"}, "together"),
        ({"cloudfront_signer": object()}, "cloudfront_signer"),
        ({"no_such_option": 1}, "no_such_option"),
    ],
)
def test_bucket_refuses_options_that_are_unsafe_or_make_no_sense(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=message):
        bucket(**options)


def test_bucket_is_named_for_review_documents(settings: Any) -> None:
    settings.AWS_STORAGE_BUCKET_NAME = "everything"
    with pytest.raises(ImproperlyConfigured, match="bucket_name"):
        S3DocumentStorage(**CREDENTIALS)

    class OurBucket(S3DocumentStorage):
        bucket_name = "reviews"

    assert OurBucket(**CREDENTIALS).bucket_name == "reviews"


def test_the_sites_global_settings_do_not_open_the_bucket(settings: Any, pem: str) -> None:
    transfer = TransferConfig(preferred_transfer_client="crt")
    for name, value in {
        "AWS_CLOUDFRONT_KEY": pem,
        "AWS_CLOUDFRONT_KEY_ID": "K1",
        "AWS_DEFAULT_ACL": "public-read",
        "AWS_IS_GZIPPED": True,
        "AWS_LOCATION": "media",
        "AWS_QUERYSTRING_AUTH": False,
        "AWS_S3_CLIENT_CONFIG": Config(signature_version=UNSIGNED),
        "AWS_S3_CUSTOM_DOMAIN": "media.example.org",
        "AWS_S3_FILE_OVERWRITE": True,
        "AWS_S3_MAX_MEMORY_SIZE": 0,
        "AWS_S3_OBJECT_PARAMETERS": {"ACL": "public-read", "CacheControl": "max-age=86400"},
        "AWS_S3_SIGNATURE_VERSION": "s3",
        "AWS_S3_TRANSFER_CONFIG": transfer,
        "AWS_S3_URL_PROTOCOL": "http:",
        "AWS_S3_USE_SSL": False,
        "AWS_S3_VERIFY": False,
        "AWS_STORAGE_BUCKET_NAME": "everything",
    }.items():
        setattr(settings, name, value)
    storage = bucket()
    for name, value in S3DocumentStorage.fixed.items():
        assert getattr(storage, name) == value
    assert storage.bucket_name == "reviews"
    assert storage.location == ""
    assert storage.verify is None
    assert storage.client_config.signature_version == "s3v4"
    assert storage.transfer_config is not transfer
    assert storage.transfer_config.preferred_transfer_client == "classic"
    parameters = storage.get_object_parameters("versions/aa/key")
    assert "ACL" not in parameters
    assert "CacheControl" not in parameters
    url = signed(storage)
    assert "media.example.org" not in url
    assert url.startswith("https://")
    assert "X-Amz-Signature" in url


def test_bucket_takes_over_how_to_connect(settings: Any) -> None:
    settings.AWS_S3_REGION_NAME = "eu-west-1"
    settings.AWS_S3_ENDPOINT_URL = "https://s3.example.org"
    settings.AWS_S3_CLIENT_CONFIG = Config(proxies={"https": "http://proxy:3128"})
    storage = S3DocumentStorage(bucket_name="reviews")
    assert storage.region_name == "eu-west-1"
    assert storage.endpoint_url == "https://s3.example.org"
    assert storage.client_config.proxies == {"https": "http://proxy:3128"}


def test_bucket_waits_for_a_silent_server_within_bounds() -> None:
    config = bucket().client_config
    assert config.connect_timeout <= 10
    assert config.read_timeout <= 60
    assert config.retries["total_max_attempts"] <= 5
    config = bucket(client_config=Config(read_timeout=300)).client_config
    assert config.read_timeout == 300
    assert config.connect_timeout <= 10


def test_bucket_gives_a_silent_server_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connects, and says nothing
        storage = bucket(
            endpoint_url=f"http://127.0.0.1:{silent.getsockname()[1]}",
            client_config=Config(read_timeout=0.2),
        )
        begun = time.monotonic()
        with pytest.raises(ReadTimeoutError):
            storage.save("versions/aa/key", ContentFile(b"x"))
    # Four attempts, and up to 1, 2 and 4 seconds between them.
    assert time.monotonic() - begun < 15


def test_bucket_keeps_what_the_site_may_say_of_its_objects() -> None:
    storage = bucket(object_parameters={"StorageClass": "STANDARD_IA"})
    parameters = storage._get_write_parameters("key")
    assert parameters["StorageClass"] == "STANDARD_IA"
    assert parameters["ContentType"] == "application/octet-stream"


def test_default_key_of_the_encryption_service_needs_no_id() -> None:
    parameters = bucket(server_side_encryption="aws:kms")._get_write_parameters("key")
    assert parameters["ServerSideEncryption"] == "aws:kms"
    assert "SSEKMSKeyId" not in parameters


@pytest.mark.parametrize("mode", ["wb", "ab", "r+b", "xb"])
def test_stored_files_are_only_read(folder: PrivateFolderStorage, mode: str) -> None:
    name = folder.save("versions/aa/key", ContentFile(b"first"))
    for storage in (folder, bucket()):
        with pytest.raises(SuspiciousFileOperation, match="only read"):
            storage.open(name, mode)
    with folder.open(name) as file:
        assert file.read() == b"first"


def test_bucket_has_no_urls_but_signed_ones() -> None:
    with pytest.raises(NotImplementedError, match="gate"):
        bucket().url("versions/aa/key", expire=3600)


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


# CloudFront


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def as_pem(key: Any, password: bytes | None = None) -> str:
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    ).decode()


@pytest.fixture(scope="module")
def pem(private_key: rsa.RSAPrivateKey) -> str:
    return as_pem(private_key)


def distribution(pem: str, **options: Any) -> S3DocumentStorage:
    return bucket(
        **{
            "custom_domain": "files.example.org",
            "cloudfront_key_id": "K1",
            "cloudfront_key": pem,
            **options,
        }
    )


def decode(value: str) -> bytes:
    """CloudFront's base64, which has no characters that mean something in a URL."""
    return base64.b64decode(value.translate(str.maketrans("-_~", "+=/")), validate=True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_cloudfront_url_is_signed_for_the_very_address_and_time(
    private_key: rsa.RSAPrivateKey, pem: str, method: str
) -> None:
    name = "inline; filename=\"a b+c.pdf\"; filename*=UTF-8''a%20b%2Bc.pdf"
    before = int(time.time())
    url = signed(distribution(pem), seconds=45, disposition=name, method=method)
    after = int(time.time()) + 1
    assert url.startswith("https://files.example.org/versions/aa/key?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert query["response-content-type"] == "application/pdf"
    assert query["response-content-disposition"] == name
    assert query["response-cache-control"] == "private, no-store"
    assert query["Key-Pair-Id"] == "K1"
    expires = int(query["Expires"])
    assert before + 45 <= expires <= after + 45
    # A canned policy: CloudFront writes it again from the address that it is asked for.
    resource = url[: url.index("&Expires=")]
    policy = json.dumps(
        {
            "Statement": [
                {
                    "Resource": resource,
                    "Condition": {"DateLessThan": {"AWS:EpochTime": expires}},
                }
            ]
        },
        separators=(",", ":"),
    )
    public_key = private_key.public_key()
    signature = decode(query["Signature"])
    public_key.verify(signature, policy.encode(), padding.PKCS1v15(), hashes.SHA1())
    for other in (
        policy.replace(str(expires), str(expires + 1)),
        policy.replace("aa/key", "aa/other"),
        policy.replace("application%2Fpdf", "text%2Fhtml"),
    ):
        assert other != policy
        with pytest.raises(InvalidSignature):
            public_key.verify(signature, other.encode(), padding.PKCS1v15(), hashes.SHA1())


def test_cloudfront_url_is_not_changed_by_djangos_redirect(pem: str) -> None:
    url = signed(distribution(pem), disposition="inline; filename*=UTF-8''%C3%A9t%C3%A9.pdf")
    assert HttpResponseRedirect(url)["Location"] == url


def test_cloudfront_address_has_the_location(pem: str) -> None:
    url = signed(distribution(pem, location="reviews 2026"))
    assert url.startswith("https://files.example.org/reviews%202026/versions/aa/key?")


@pytest.mark.parametrize("kind", ["no key", "certificate", "public", "elliptic", "password"])
def test_cloudfront_key_that_cannot_sign_is_refused(
    private_key: rsa.RSAPrivateKey, kind: str
) -> None:
    keys = {
        "no key": "K2",
        "certificate": "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----",
        "public": private_key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        "elliptic": as_pem(ec.generate_private_key(ec.SECP256R1())),
        "password": as_pem(private_key, b"secret"),
    }
    with pytest.raises(ImproperlyConfigured, match="cloudfront_key is no RSA") as raised:
        distribution(keys[kind])
    assert keys[kind] not in str(raised.value)


@pytest.mark.parametrize(
    "domain", ["https://files.example.org", "files.example.org/x", "files.example.org:8443"]
)
def test_cloudfront_domain_is_a_host_name(pem: str, domain: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="custom_domain"):
        distribution(pem, custom_domain=domain)
