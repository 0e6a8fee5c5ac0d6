"""Where the bytes of review documents live: a private folder, or a private S3 bucket.

The storage alias ``STORAGES["safeguarding"]`` decides. Without it the files go to a
private folder beside the site's code. Either way no file has a URL of its own: bytes
leave through the gate.
"""

from __future__ import annotations

import re
import secrets
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from boto3.s3.transfer import TransferConfig, create_transfer_manager
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.storage.handler import InvalidStorageError
from storages.backends.s3 import S3Storage
from storages.utils import ReadBytesWrapper, clean_name, is_seekable

ALIAS = "safeguarding"

MIB = 1024 * 1024


def default_location() -> Path:
    """The private folder that is used when the site names none."""
    base = getattr(settings, "BASE_DIR", None)
    if base is None:
        raise ImproperlyConfigured(
            f'Set STORAGES["{ALIAS}"]: without BASE_DIR there is no place for a private folder.'
        )
    return Path(base) / "safeguarding-private"


def get_document_storage() -> Storage:
    """The storage of review documents, read live so that tests may override ``STORAGES``."""
    try:
        return storages[ALIAS]
    except InvalidStorageError:
        if ALIAS in settings.STORAGES:
            raise
        return PrivateFolderStorage(location=default_location())


def new_storage_key(instance: Any = None, filename: str = "") -> str:
    """A key that nobody can guess and that is never used twice.

    It says nothing of the file: not its name, not its type, not its review. The two
    leading characters keep folders small.
    """
    token = secrets.token_hex(32)
    return f"versions/{token[:2]}/{token}"


class WrittenOnce(Storage):
    """A file is written whole, once, by ``save()``, and is read through the gate."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if self.exists(name):
            raise used_twice()
        return name

    def open(self, name: str, mode: str = "rb") -> Any:
        if not set(mode) <= set("rbt"):
            raise SuspiciousFileOperation("A stored review document is only read.")
        return super().open(name, mode)

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        raise NotImplementedError("Review documents have no URL; they are read through the gate.")


def used_twice() -> SuspiciousFileOperation:
    return SuspiciousFileOperation("A storage key is never used twice.")


class PrivateFolderStorage(WrittenOnce, FileSystemStorage):
    """A folder that only the server's own user can read, and that never serves a URL.

    Where the web server sends the files itself and runs as another user, give both modes
    with rights for its group (``0o640`` and ``0o750``); rights for everybody are refused.
    """

    def __init__(
        self,
        location: Any = None,
        file_permissions_mode: int = 0o600,
        directory_permissions_mode: int = 0o700,
    ) -> None:
        if (file_permissions_mode | directory_permissions_mode) & 0o007:
            raise ImproperlyConfigured(
                f'STORAGES["{ALIAS}"]: its permission modes let every user of the server in.'
            )
        super().__init__(
            location=location or default_location(),
            base_url=None,
            file_permissions_mode=file_permissions_mode,
            directory_permissions_mode=directory_permissions_mode,
        )


class _Lent(ReadBytesWrapper):
    """The caller's file. It stays open: s3transfer would close what it has sent."""

    def close(self) -> None:
        pass


def _only_if_new(params: dict[str, Any], **kwargs: Any) -> None:
    params["IfNoneMatch"] = "*"


class S3DocumentStorage(WrittenOnce, S3Storage):
    """A private bucket, private by construction whatever the site's ``AWS_*`` defaults say.

    The site's media bucket often is public, with a custom domain or unsigned URLs, set by
    global ``AWS_*`` settings that django-storages applies to every S3 storage. So those
    settings do not apply here, except what says how to connect (credentials, region,
    endpoint, proxies). What could open the bucket is fixed: passing another value for one of
    ``fixed`` raises :class:`~django.core.exceptions.ImproperlyConfigured`.

    Options of its own: ``server_side_encryption`` ("AES256" or "aws:kms") and ``kms_key_id``.
    ``custom_domain`` names a CloudFront distribution, and only together with
    ``cloudfront_key_id`` and ``cloudfront_key``.
    """

    fixed: ClassVar[dict[str, Any]] = {
        "default_acl": None,  # buckets made since April 2023 refuse ACL calls
        "file_overwrite": False,
        "querystring_auth": True,
        "signature_version": "s3v4",
        "gzip": False,  # what is stored is what was inspected, byte for byte
        "url_protocol": "https:",
        "use_ssl": True,
        "max_memory_size": MIB,  # django-storages would keep a whole file in memory
    }

    # What the site may add to an upload. An ACL, a grant, a cache header or a customer's
    # key would open a document, or keep the gate's readers from it.
    object_parameter_names: ClassVar[frozenset[str]] = frozenset(
        {"BucketKeyEnabled", "ExpectedBucketOwner", "StorageClass", "Tagging"}
    )

    # A server that does not answer holds up a worker for some minutes at most. The site's
    # own ``client_config`` goes before these.
    patience = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 4},
    )

    def __init__(
        self,
        *,
        server_side_encryption: str | None = None,
        kms_key_id: str | None = None,
        **options: Any,
    ) -> None:
        self.server_side_encryption = server_side_encryption
        self.kms_key_id = kms_key_id
        self._refuse(options)
        super().__init__(**{**options, **self.fixed})
        self.client_config: Config = self.patience.merge(self.client_config).merge(
            Config(signature_version="s3v4")
        )
        # The other transfer client knows neither our condition nor our limits.
        self.transfer_config: Any = copy(self.transfer_config)
        self.transfer_config.preferred_transfer_client = "classic"

    def _refuse(self, options: dict[str, Any]) -> None:
        """Raise :class:`~django.core.exceptions.ImproperlyConfigured` for an unsafe option."""

        def refuse(message: str) -> None:
            raise ImproperlyConfigured(f'STORAGES["{ALIAS}"]: {message}')

        for name, value in self.fixed.items():
            if options.get(name, value) != value:
                refuse(f"{name} is always {value!r} for review documents.")
        if not options.get("bucket_name") and not getattr(self, "bucket_name", None):
            refuse("name the private bucket in OPTIONS, as bucket_name.")
        config = options.get("client_config")
        if config is not None and config.signature_version not in (None, "s3v4"):
            refuse("signature_version of client_config is always 's3v4' for review documents.")
        others = set(options.get("object_parameters") or ()) - self.object_parameter_names
        if others:
            refuse(f"object_parameters may not have {', '.join(sorted(others))}.")
        if self.server_side_encryption not in (None, "AES256", "aws:kms"):
            refuse("server_side_encryption is 'AES256' or 'aws:kms'.")
        if self.kms_key_id and self.server_side_encryption != "aws:kms":
            refuse("kms_key_id needs server_side_encryption 'aws:kms'.")
        if "cloudfront_signer" in options:
            refuse("give cloudfront_key_id and cloudfront_key, not cloudfront_signer.")
        names = ("custom_domain", "cloudfront_key_id", "cloudfront_key")
        given = [name for name in names if options.get(name)]
        if given and len(given) < len(names):
            refuse(f"{', '.join(names)} are given together or not at all.")
        domain = options.get("custom_domain")
        if domain and not re.fullmatch(r"[A-Za-z0-9.-]+", domain):
            refuse("custom_domain is a host name and nothing more.")

    def get_default_settings(self) -> dict[str, Any]:
        defaults: dict[str, Any] = super().get_default_settings()
        transfer = TransferConfig(max_concurrency=2, max_io_queue=8, num_download_attempts=2)
        # Parts of 8 MiB are read ahead into memory; boto3 would hold ten of them.
        transfer.max_in_memory_upload_chunks = 2
        return {
            **defaults,
            **self.fixed,
            "bucket_name": None,
            "cloudfront_key": None,
            "cloudfront_key_id": None,
            "custom_domain": None,
            "location": "",
            "object_parameters": {},
            "transfer_config": transfer,
            "use_threads": True,
            # A media bucket may do without a valid certificate; OPTIONS may still say so.
            "verify": None if defaults["verify"] is False else defaults["verify"],
        }

    def get_cloudfront_signer(self, key_id: str, key: str | bytes) -> Any:
        try:
            signer = super().get_cloudfront_signer(key_id, key)
            signer.rsa_signer(b"A key of another kind is read and cannot sign.")
        except (TypeError, ValueError) as error:
            raise ImproperlyConfigured(
                f'STORAGES["{ALIAS}"]: cloudfront_key is no RSA private key in PEM form, '
                "without a password."
            ) from error
        return signer

    def _create_session(self) -> Any:
        session = super()._create_session()
        # exists() is asked before, but only the server can refuse the second of two writers.
        for operation in ("PutObject", "CompleteMultipartUpload"):
            session.events.register(f"before-parameter-build.s3.{operation}", _only_if_new)
        return session

    def _get_write_parameters(self, name: str, content: Any = None) -> dict[str, Any]:
        """Not django-storages' own: the type that an uploader claims is not stored."""
        parameters: dict[str, Any] = {
            **self.get_object_parameters(name),
            "ContentType": self.default_content_type,
            "ChecksumAlgorithm": "SHA256",  # for each part; the server computes it as well
        }
        if self.server_side_encryption:
            parameters["ServerSideEncryption"] = self.server_side_encryption
        if self.kms_key_id:
            parameters["SSEKMSKeyId"] = self.kms_key_id
        return parameters

    def _save(self, name: str, content: Any) -> str:
        name = clean_name(name)
        key = self._normalize_name(name)
        if is_seekable(content):
            content.seek(0)
        writer = secrets.token_hex(16)
        parameters = {**self._get_write_parameters(key, content), "Metadata": {"writer": writer}}
        try:
            with create_transfer_manager(
                self.connection.meta.client, self.transfer_config
            ) as manager:
                manager.upload(
                    _Lent(content), self.bucket_name, key, extra_args=parameters
                ).result()
        except ClientError as error:
            # botocore repeats a write whose answer was lost. Then the object that is in the
            # way is our own, and it is whole: the server has verified its checksums.
            code = error.response["Error"]["Code"]
            if code not in {"PreconditionFailed", "NoSuchUpload"}:
                raise
            if self._writer(key) != writer:
                if code == "PreconditionFailed":
                    raise used_twice() from error
                raise
        return name

    def _writer(self, key: str) -> str | None:
        try:
            found = self.connection.meta.client.head_object(Bucket=self.bucket_name, Key=key)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise
        writer: str | None = found["Metadata"].get("writer")
        return writer

    def signed_url(
        self, name: str, *, seconds: int, media_type: str, disposition: str, method: str = "GET"
    ) -> str:
        """A URL that reads one object for ``seconds``; type and disposition are set by us.

        With ``custom_domain`` it is CloudFront's, whose signature is good for GET and HEAD.
        """
        key = self._normalize_name(clean_name(name))
        if self.custom_domain:
            return self._cloudfront_url(key, seconds, media_type, disposition)
        url: str = self.connection.meta.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.bucket_name,
                "Key": key,
                "ResponseContentType": media_type,
                "ResponseContentDisposition": disposition,
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=seconds,
            HttpMethod=method,
        )
        return url

    def _cloudfront_url(self, key: str, seconds: int, media_type: str, disposition: str) -> str:
        query = urlencode(
            {
                "response-cache-control": "private, no-store",
                "response-content-disposition": disposition,
                "response-content-type": media_type,
            },
            quote_via=quote,
            safe="",
        )
        url: str = self.cloudfront_signer.generate_presigned_url(
            f"https://{self.custom_domain}/{quote(key)}?{query}",
            date_less_than=datetime.now(UTC) + timedelta(seconds=seconds),
        )
        return url
