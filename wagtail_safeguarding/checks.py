"""``manage.py check``: every unsafe or mistaken set-up has an id and a hint of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from .conf import DEFAULTS, SETTING, safeguarding_settings
from .documents.storage import ALIAS, S3DocumentStorage, get_document_storage

REQUIRED_APPS = ("wagtail_modeladmin", "wagtail.contrib.settings")

COMMENTS_MIDDLEWARE = "wagtail_safeguarding.content.middleware.CommentsClosedMiddleware"
MIDDLEWARE = "wagtail_safeguarding.publication.middleware.NotReadyMiddleware"


@checks.register("wagtail_safeguarding")
def check_settings(**kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    for name in DEFAULTS:
        try:
            getattr(safeguarding_settings, name.lower())
        except ImproperlyConfigured as error:
            found.append(checks.Error(str(error), id="wagtail_safeguarding.E001"))
    try:
        unknown = safeguarding_settings.unknown_keys()
    except ImproperlyConfigured:
        return found[:1]
    found += [
        checks.Warning(
            f"{SETTING}[{key!r}] is not a setting of wagtail_safeguarding.",
            hint=f"Known are: {', '.join(sorted(DEFAULTS))}.",
            id="wagtail_safeguarding.W001",
        )
        for key in unknown
    ]
    return found


@checks.register("wagtail_safeguarding")
def check_storage(**kwargs: Any) -> list[checks.CheckMessage]:
    """The storage of review documents must be private and not shared with the site's media."""
    try:
        storage = get_document_storage()
    except ImproperlyConfigured as error:
        return [
            checks.Error(
                f"The storage of review documents cannot be used: {error}",
                hint=f'Set STORAGES["{ALIAS}"] as the README says.',
                id="wagtail_safeguarding.E002",
            )
        ]
    if isinstance(storage, FileSystemStorage):
        return _check_folder(storage)
    if not isinstance(storage, S3DocumentStorage):
        return [
            checks.Warning(
                f'STORAGES["{ALIAS}"] is a {type(storage).__name__}, which this package cannot '
                "tell to be private.",
                hint="Use PrivateFolderStorage or S3DocumentStorage of this package.",
                id="wagtail_safeguarding.W002",
            )
        ]
    return _check_bucket(storage)


def _check_folder(storage: FileSystemStorage) -> list[checks.CheckMessage]:
    location = Path(storage.location).resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        public = getattr(settings, name, "")
        if public and location.is_relative_to(Path(public).resolve()):
            return [
                checks.Error(
                    f"Review documents would be stored inside {name}, where anybody can read them.",
                    hint=f'Give STORAGES["{ALIAS}"] a location outside {name}.',
                    id="wagtail_safeguarding.E003",
                )
            ]
    return []


def _check_bucket(storage: S3DocumentStorage) -> list[checks.CheckMessage]:
    for alias, params in settings.STORAGES.items():
        if alias == ALIAS or "s3" not in str(params.get("BACKEND", "")).lower():
            continue
        options = params.get("OPTIONS", {})
        bucket = options.get("bucket_name") or getattr(settings, "AWS_STORAGE_BUCKET_NAME", None)
        if bucket and bucket == storage.bucket_name:
            return [
                checks.Error(
                    f'STORAGES["{ALIAS}"] shares its bucket with STORAGES["{alias}"].',
                    hint="Give review documents a private bucket of their own.",
                    id="wagtail_safeguarding.E004",
                )
            ]
    return []


@checks.register("wagtail_safeguarding")
def check_apps(**kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"wagtail_safeguarding needs {name!r} in INSTALLED_APPS.",
            hint=f"Add {name!r} to INSTALLED_APPS, as the README says.",
            id="wagtail_safeguarding.E005",
        )
        for name in REQUIRED_APPS
        if not apps.is_installed(name)
    ]


@checks.register("wagtail_safeguarding")
def check_comments(**kwargs: Any) -> list[checks.CheckMessage]:
    if COMMENTS_MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        checks.Warning(
            "Without CommentsClosedMiddleware, a comment that is sent to a page is refused "
            "without the page's message.",
            hint=f"Add {COMMENTS_MIDDLEWARE!r} to MIDDLEWARE, after the locale middleware.",
            id="wagtail_safeguarding.W004",
        )
    ]


@checks.register("wagtail_safeguarding")
def check_middleware(**kwargs: Any) -> list[checks.CheckMessage]:
    if MIDDLEWARE in settings.MIDDLEWARE:
        return []
    return [
        checks.Warning(
            "Without NotReadyMiddleware, bulk publishing and workflow approval of a page that is "
            "not ready answer with a server error instead of a message.",
            hint=f"Add {MIDDLEWARE!r} to MIDDLEWARE, after the message middleware.",
            id="wagtail_safeguarding.W003",
        )
    ]
