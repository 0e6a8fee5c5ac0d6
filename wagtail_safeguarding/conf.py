"""The package's settings: one dict, ``SAFEGUARDING``, read live through typed properties.

A wrong value is reported by ``manage.py check`` (see :mod:`wagtail_safeguarding.checks`)
and raises :class:`~django.core.exceptions.ImproperlyConfigured` where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

from .inspection.malware import parse_address

SETTING = "SAFEGUARDING"

S3_LONGEST_URL = 7 * 24 * 60 * 60

SHORTEST_KEY = 32

LONGEST_PREVIEW = 30 * 24 * 60 * 60

DEFAULTS: dict[str, Any] = {
    # The template that the public pages extend; None: the site's own "base.html"
    # where there is one, otherwise a plain one of this package.
    "BASE_TEMPLATE": None,
    # The address of a ClamAV daemon, "unix:/path" or "host:port"; None: files are not scanned.
    "CLAMD": None,
    # The largest review document that may be uploaded, in bytes.
    "MAX_DOCUMENT_BYTES": 256 * 1024 * 1024,
    # How long caches may keep an answer of the register API, in seconds: so long, at most, a
    # record may be seen after it was taken down.
    "PUBLIC_CACHE_SECONDS": 60,
    # The secret for the lists of names that must not appear; None: the site's SECRET_KEY.
    "RESTRICTED_NAMES_KEY": None,
    # The entry of WAGTAILSEARCH_BACKENDS that the search of the register uses.
    "SEARCH_BACKEND": "default",
    # How long a signed storage URL lives, in seconds.
    "SIGNED_URL_SECONDS": 60,
    # The longest time for which a draft may be shared, in seconds.
    "PREVIEW_SECONDS": 24 * 60 * 60,
    # The front end's address for a shared draft, with {token} in it; None: the draft's JSON.
    "PREVIEW_URL": None,
}


Read = TypeVar("Read", bound=Callable[[], Any])


def read_once(read: Read) -> Read:
    """For what is asked in every request: only a test changes a setting, and says so."""
    known = cache(read)
    setting_changed.connect(lambda **_: known.cache_clear(), weak=False)
    return known  # type: ignore[return-value] # it is called as ``read`` is


class SafeguardingSettings:
    """Typed view of ``settings.SAFEGUARDING``. Nothing is cached: tests may override it."""

    def _values(self) -> Mapping[str, Any]:
        values = getattr(settings, SETTING, {})
        if not isinstance(values, Mapping):
            raise ImproperlyConfigured(f"{SETTING} must be a dict.")
        return values

    def unknown_keys(self) -> list[str]:
        return sorted(str(key) for key in set(self._values()) - set(DEFAULTS))

    def _read(self, name: str) -> Any:
        return self._values().get(name, DEFAULTS[name])

    def _positive_int(self, name: str) -> int:
        value = self._read(name)
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            raise ImproperlyConfigured(f"{SETTING}[{name!r}] must be a whole number above zero.")
        return value

    @property
    def base_template(self) -> str | None:
        value = self._read("BASE_TEMPLATE")
        if value is not None and (not isinstance(value, str) or not value):
            raise ImproperlyConfigured(f"{SETTING}['BASE_TEMPLATE'] must be a template name.")
        return value

    @property
    def clamd(self) -> str | None:
        value: Any = self._read("CLAMD")
        try:
            if value is not None:
                parse_address(value)
        except (AttributeError, TypeError, ValueError) as error:
            raise ImproperlyConfigured(
                f"{SETTING}['CLAMD'] must be the address of a ClamAV daemon: unix:/path/to/socket "
                "or host:port."
            ) from error
        return value  # type: ignore[no-any-return]

    @property
    def max_document_bytes(self) -> int:
        return self._positive_int("MAX_DOCUMENT_BYTES")

    @property
    def public_cache_seconds(self) -> int:
        return self._positive_int("PUBLIC_CACHE_SECONDS")

    @property
    def restricted_names_key(self) -> str | None:
        value = self._read("RESTRICTED_NAMES_KEY")
        if value is None or (isinstance(value, str) and len(value) >= SHORTEST_KEY):
            return value
        raise ImproperlyConfigured(
            f"{SETTING}['RESTRICTED_NAMES_KEY'] must be a text of {SHORTEST_KEY} characters at "
            "least."
        )

    @property
    def search_backend(self) -> str:
        value = self._read("SEARCH_BACKEND")
        known = {"default", *getattr(settings, "WAGTAILSEARCH_BACKENDS", {})}
        if not isinstance(value, str) or value not in known:
            raise ImproperlyConfigured(
                f"{SETTING}['SEARCH_BACKEND'] must be the name of an entry of "
                "WAGTAILSEARCH_BACKENDS."
            )
        return value

    @property
    def signed_url_seconds(self) -> int:
        seconds = self._positive_int("SIGNED_URL_SECONDS")
        if seconds > S3_LONGEST_URL:
            raise ImproperlyConfigured(
                f"{SETTING}['SIGNED_URL_SECONDS'] may be {S3_LONGEST_URL} (a week) at most: S3 "
                "refuses what is signed for longer."
            )
        return seconds

    @property
    def preview_seconds(self) -> int:
        seconds = self._positive_int("PREVIEW_SECONDS")
        if seconds > LONGEST_PREVIEW:
            raise ImproperlyConfigured(
                f"{SETTING}['PREVIEW_SECONDS'] may be {LONGEST_PREVIEW} (30 days) at most: what is "
                "to be read for longer should be published."
            )
        return seconds

    @property
    def preview_url(self) -> str | None:
        value: str | None = self._read("PREVIEW_URL")
        if value is not None and not _is_preview_url(value):
            raise ImproperlyConfigured(
                f"{SETTING}['PREVIEW_URL'] must be an http or https address with {{token}} in it "
                "once, after the host."
            )
        return value


def _is_preview_url(value: Any) -> bool:
    if not isinstance(value, str) or value.count("{token}") != 1:
        return False
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return False
    host = parts.hostname
    return parts.scheme in {"http", "https"} and bool(host) and "{token}" not in parts.netloc


safeguarding_settings = SafeguardingSettings()
