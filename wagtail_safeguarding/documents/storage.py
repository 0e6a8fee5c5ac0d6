"""Where the bytes of review documents live: a private folder, or a private S3 bucket.

The storage alias ``STORAGES["safeguarding"]`` decides. Without it the files go to a
private folder beside the site's code. Either way no file has a URL of its own: bytes
leave through the gate.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.storage.handler import InvalidStorageError
from storages.backends.s3 import S3Storage

ALIAS = "safeguarding"


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


class PrivateFolderStorage(FileSystemStorage):
    """A folder that only the server's own user can read, and that never serves a URL."""

    def __init__(self, location: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("file_permissions_mode", 0o600)
        kwargs.setdefault("directory_permissions_mode", 0o700)
        super().__init__(location=location or default_location(), base_url=None, **kwargs)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if self.exists(name):
            raise SuspiciousFileOperation("A storage key is never used twice.")
        return name

    def url(self, name: str | None) -> str:
        raise NotImplementedError("Review documents have no URL; they are read through the gate.")


class S3DocumentStorage(S3Storage):
    """A private bucket, private by construction whatever the site's ``AWS_*`` defaults say.

    The site's media bucket often is public, with a custom domain or unsigned URLs, set by
    global ``AWS_*`` settings that django-storages applies to every S3 storage. The options
    below are therefore fixed here; passing another value for one raises
    :class:`~django.core.exceptions.ImproperlyConfigured`.
    """

    fixed: ClassVar[dict[str, Any]] = {
        "default_acl": None,  # buckets made since April 2023 refuse ACL calls
        "file_overwrite": False,
        "querystring_auth": True,
        "custom_domain": None,  # would drop the signature
        "signature_version": "s3v4",
    }

    def __init__(self, **options: Any) -> None:
        for name, value in self.fixed.items():
            if options.get(name, value) != value:
                raise ImproperlyConfigured(
                    f'STORAGES["{ALIAS}"]: {name} is always {value!r} for review documents.'
                )
        super().__init__(**{**options, **self.fixed})

    def get_default_settings(self) -> dict[str, Any]:
        defaults: dict[str, Any] = super().get_default_settings()
        # Uploaded objects carry neither the site's public-read ACL nor its cache headers.
        defaults["object_parameters"] = {}
        return defaults

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if self.exists(name):
            raise SuspiciousFileOperation("A storage key is never used twice.")
        return name

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        parameters = {**super().get_object_parameters(name)}
        parameters.pop("ACL", None)
        return parameters

    def signed_url(
        self, name: str, *, seconds: int, media_type: str, disposition: str, method: str = "GET"
    ) -> str:
        """A URL that reads one object for ``seconds``; type and disposition are set by us."""
        url: str = self.url(
            name,
            parameters={
                "ResponseContentType": media_type,
                "ResponseContentDisposition": disposition,
                "ResponseCacheControl": "private, no-store",
            },
            expire=seconds,
            http_method=method,
        )
        return url
