"""``manage.py check``: every unsafe or mistaken set-up has an id and a hint of its own."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from .conf import DEFAULTS, SETTING, safeguarding_settings
from .documents.exposure import (
    Exposure,
    bucket_exposure,
    folder_exposure,
    open_to_others,
    upload_exposure,
)
from .documents.probe import probe_storage
from .documents.storage import (
    ALIAS,
    PrivateFolderStorage,
    S3DocumentStorage,
    get_document_storage,
)
from .inspection.malware import Clamd

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


# Nobody follows a redirect for longer.
LONG_URL_SECONDS = 3600


@checks.register("wagtail_safeguarding")
def check_signed_urls(**kwargs: Any) -> list[checks.CheckMessage]:
    try:
        seconds = safeguarding_settings.signed_url_seconds
    except ImproperlyConfigured:
        return []  # said by check_settings
    if seconds <= LONG_URL_SECONDS:
        return []
    return [
        checks.Warning(
            f"{SETTING}['SIGNED_URL_SECONDS'] lets a document be read for {seconds} seconds "
            "after it was taken down.",
            hint="Readers need a signed URL for seconds only: a minute is enough.",
            id="wagtail_safeguarding.W007",
        )
    ]


@checks.register("wagtail_safeguarding")
def check_preview_url(**kwargs: Any) -> list[checks.CheckMessage]:
    try:
        url = urlsplit(safeguarding_settings.preview_url or "")
    except ImproperlyConfigured:
        return []  # said by check_settings
    if url.scheme != "http" or _is_loopback(url.hostname):
        return []
    return [
        checks.Warning(
            f"{SETTING}['PREVIEW_URL'] sends editors to {url.netloc} without encryption: whoever "
            "listens reads the draft too.",
            hint="Begin the address with https://.",
            id="wagtail_safeguarding.W010",
        )
    ]


@checks.register("wagtail_safeguarding", deploy=True)
def check_clamd(**kwargs: Any) -> list[checks.CheckMessage]:
    """With ``--deploy`` only: asks the daemon whether it is there."""
    try:
        address = safeguarding_settings.clamd
    except ImproperlyConfigured:
        return []  # said by check_settings
    if address is None or Clamd(address, seconds=5).ping():
        return []
    return [
        checks.Warning(
            f"{SETTING}['CLAMD']: the virus scanner at {address} does not answer. While it does "
            "not, no new document is cleared.",
            hint="Start clamd, or let the site's user connect to its socket.",
            id="wagtail_safeguarding.W011",
        )
    ]


@checks.register("wagtail_safeguarding")
def check_storage(**kwargs: Any) -> list[checks.CheckMessage]:
    """The storage of review documents must be private and not shared with the site's media."""
    try:
        storage: Any = get_document_storage()
    except (ImproperlyConfigured, TypeError) as error:  # TypeError: an option that is not known
        return [
            checks.Error(
                f"The storage of review documents cannot be used: {error}",
                hint=f'Set STORAGES["{ALIAS}"] as the README says.',
                id="wagtail_safeguarding.E002",
            )
        ]
    found = _exposure(upload_exposure())
    if not isinstance(storage, PrivateFolderStorage | S3DocumentStorage):
        found.append(
            checks.Warning(
                f'STORAGES["{ALIAS}"] is a {type(storage).__name__}, which this package cannot '
                "tell to be private.",
                hint="Use PrivateFolderStorage or S3DocumentStorage of this package.",
                id="wagtail_safeguarding.W002",
            )
        )
    if isinstance(storage, FileSystemStorage):
        found += _exposure(folder_exposure(Path(storage.location)))
    elif bucket := getattr(storage, "bucket_name", None):
        found += _exposure(bucket_exposure(bucket))
    if isinstance(storage, PrivateFolderStorage):
        found += _check_permissions(storage)
    elif isinstance(storage, S3DocumentStorage):
        found += _check_connection(storage)
    return found


EXPOSURE_IDS = {
    "inside-public": "wagtail_safeguarding.E003",
    "shared-bucket": "wagtail_safeguarding.E004",
    "inside-static-source": "wagtail_safeguarding.E006",
    "shared-folder": "wagtail_safeguarding.E007",
    "contains-public": "wagtail_safeguarding.E008",
    "public-uploads": "wagtail_safeguarding.E010",
}


def _exposure(exposure: Exposure | None) -> list[checks.CheckMessage]:
    if exposure is None:
        return []
    return [checks.Error(exposure.message, hint=exposure.hint, id=EXPOSURE_IDS[exposure.kind])]


def _check_permissions(storage: PrivateFolderStorage) -> list[checks.CheckMessage]:
    if not open_to_others(storage):
        return []
    return [
        checks.Warning(
            "Other users of the server can look into the private folder of review documents.",
            hint=f"Take their rights away: chmod {storage.directory_permissions_mode:o} "
            f"{storage.location}",
            id="wagtail_safeguarding.W006",
        )
    ]


def _check_connection(storage: S3DocumentStorage) -> list[checks.CheckMessage]:
    url = urlsplit(storage.endpoint_url or "")
    if storage.verify is False:
        problem = "verify=False: anybody may pass for the bucket's server."
        hint = "Leave verify out, or give it the path of the certificate of your authority."
    elif url.scheme == "http" and not _is_loopback(url.hostname):
        problem = f"{storage.endpoint_url}: documents and signed URLs travel unencrypted."
        hint = "Give endpoint_url with https."
    else:
        return []
    return [
        checks.Warning(
            f'The connection of STORAGES["{ALIAS}"] is not protected. {problem}',
            hint=hint,
            id="wagtail_safeguarding.W005",
        )
    ]


def _is_loopback(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


@checks.register("wagtail_safeguarding", deploy=True)
def check_storage_for_real(**kwargs: Any) -> list[checks.CheckMessage]:
    """With ``--deploy`` only: writes, reads and deletes a test file (see ``documents.probe``)."""
    try:
        storage = get_document_storage()
    except (ImproperlyConfigured, TypeError):
        return []  # said by check_storage
    found: list[checks.CheckMessage] = []
    for result in probe_storage(storage):
        if result.ok or result.code in EXPOSURE_IDS:  # these are said by check_storage
            continue
        kind = checks.Warning if result.unknown else checks.Error
        found.append(
            kind(
                f"Trying the storage of review documents ({result.code}): {result.message}",
                hint=result.hint,
                id=f"wagtail_safeguarding.{'W008' if result.unknown else 'E009'}",
            )
        )
    return found


@checks.register("wagtail_safeguarding", deploy=True)
def check_place(**kwargs: Any) -> list[checks.CheckMessage]:
    """With ``--deploy`` only: a folder inside the project is fine while one develops."""
    base = getattr(settings, "BASE_DIR", None)
    try:
        storage = get_document_storage()
    except (ImproperlyConfigured, TypeError):
        return []  # said by check_storage
    if base is None or not isinstance(storage, FileSystemStorage):
        return []
    if not Path(storage.location).resolve().is_relative_to(Path(base).resolve()):
        return []
    return [
        checks.Warning(
            f"Review documents are stored inside the project, in {storage.location}. What copies "
            "the project (an image, a repository, a backup of the code) takes them along.",
            hint=f'Give STORAGES["{ALIAS}"] an absolute location elsewhere.',
            id="wagtail_safeguarding.W009",
        )
    ]


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
