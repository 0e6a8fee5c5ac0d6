"""The settings dict: defaults, live reading, and refusal of what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from wagtail_safeguarding.conf import DEFAULTS, safeguarding_settings


def test_every_default_has_a_property_and_is_valid(settings: Any) -> None:
    settings.SAFEGUARDING = {}
    for name, value in DEFAULTS.items():
        assert getattr(safeguarding_settings, name.lower()) == value


def test_settings_are_read_live(settings: Any) -> None:
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTES": 5, "SIGNED_URL_SECONDS": 7}
    assert safeguarding_settings.max_document_bytes == 5
    assert safeguarding_settings.signed_url_seconds == 7
    settings.SAFEGUARDING = {"BASE_TEMPLATE": "council/base.html"}
    assert safeguarding_settings.max_document_bytes == DEFAULTS["MAX_DOCUMENT_BYTES"]
    assert safeguarding_settings.base_template == "council/base.html"


def test_a_site_may_leave_the_setting_out(settings: Any) -> None:
    if hasattr(settings, "SAFEGUARDING"):
        del settings.SAFEGUARDING
    assert safeguarding_settings.signed_url_seconds == DEFAULTS["SIGNED_URL_SECONDS"]
    assert safeguarding_settings.unknown_keys() == []


@pytest.mark.parametrize("name", ["MAX_DOCUMENT_BYTES", "SIGNED_URL_SECONDS", "PREVIEW_SECONDS"])
@pytest.mark.parametrize("value", [0, -1, 1.5, "60", None, True])
def test_numbers_are_whole_and_above_zero(settings: Any, name: str, value: Any) -> None:
    settings.SAFEGUARDING = {name: value}
    with pytest.raises(ImproperlyConfigured, match=name):
        getattr(safeguarding_settings, name.lower())


def test_a_preview_lasts_for_a_month_at_most(settings: Any) -> None:
    settings.SAFEGUARDING = {"PREVIEW_SECONDS": 30 * 86400}
    assert safeguarding_settings.preview_seconds == 30 * 86400
    settings.SAFEGUARDING = {"PREVIEW_SECONDS": 30 * 86400 + 1}
    with pytest.raises(ImproperlyConfigured, match="PREVIEW_SECONDS"):
        _ = safeguarding_settings.preview_seconds


@pytest.mark.parametrize(
    "value",
    [
        "https://www.example.org/preview/{token}",
        "https://www.example.org:8443/?token={token}&x=1",
        "http://localhost:3000/preview#{token}",
    ],
)
def test_a_preview_url_names_the_token_after_the_host(settings: Any, value: str) -> None:
    settings.SAFEGUARDING = {"PREVIEW_URL": value}
    assert safeguarding_settings.preview_url == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        5,
        "https://www.example.org/preview",
        "https://www.example.org/{token}/{token}",
        "https://{token}.example.org/",
        "https://www.example.org:{token}/",
        "https://user:{token}@www.example.org/",
        "https://www.example.org:port/{token}",
        "www.example.org/{token}",
        "/preview/{token}",
        "javascript:alert('{token}')",
        "ftp://www.example.org/{token}",
        "https:///{token}",
        "https://[::1/{token}",
    ],
)
def test_a_preview_url_that_leads_nowhere(settings: Any, value: Any) -> None:
    settings.SAFEGUARDING = {"PREVIEW_URL": value}
    with pytest.raises(ImproperlyConfigured, match="PREVIEW_URL"):
        _ = safeguarding_settings.preview_url


@pytest.mark.parametrize("value", ["", 5, ["base.html"]])
def test_base_template_is_a_name(settings: Any, value: Any) -> None:
    settings.SAFEGUARDING = {"BASE_TEMPLATE": value}
    with pytest.raises(ImproperlyConfigured, match="BASE_TEMPLATE"):
        _ = safeguarding_settings.base_template


@pytest.mark.parametrize("value", [None, [], "on", 5])
def test_the_setting_is_a_dict(settings: Any, value: Any) -> None:
    settings.SAFEGUARDING = value
    with pytest.raises(ImproperlyConfigured, match="must be a dict"):
        safeguarding_settings.unknown_keys()


def test_misspelt_keys_are_named(settings: Any) -> None:
    settings.SAFEGUARDING = {"MAX_BYTES": 5, "SIGNED_URL_SECONDS": 5}
    assert safeguarding_settings.unknown_keys() == ["MAX_BYTES"]


def test_a_key_for_lists_of_names_is_long(settings: Any) -> None:
    assert safeguarding_settings.restricted_names_key is None
    settings.SAFEGUARDING = {"RESTRICTED_NAMES_KEY": "k" * 32}
    assert safeguarding_settings.restricted_names_key == "k" * 32
    for wrong in ("k" * 31, "", b"k" * 32, 1, False):
        settings.SAFEGUARDING = {"RESTRICTED_NAMES_KEY": wrong}
        with pytest.raises(ImproperlyConfigured, match="RESTRICTED_NAMES_KEY"):
            safeguarding_settings.restricted_names_key  # noqa: B018


def test_the_scanner_has_an_address(settings: Any) -> None:
    assert safeguarding_settings.clamd is None
    for right in ("unix:/run/clamd.ctl", "127.0.0.1:3310"):
        settings.SAFEGUARDING = {"CLAMD": right}
        assert safeguarding_settings.clamd == right
    for wrong in ("clamd", "", 3310, ("127.0.0.1", 3310), False):
        settings.SAFEGUARDING = {"CLAMD": wrong}
        with pytest.raises(ImproperlyConfigured, match="CLAMD"):
            safeguarding_settings.clamd  # noqa: B018
