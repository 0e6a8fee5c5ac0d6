"""`manage.py check`: each unsafe set-up is named by its id, and a good one by silence."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import ERROR, CheckMessage, run_checks

from wagtail_safeguarding.checks import COMMENTS_MIDDLEWARE, MIDDLEWARE
from wagtail_safeguarding.documents.storage import ALIAS

S3 = "wagtail_safeguarding.documents.storage.S3DocumentStorage"
PLAIN_S3 = "storages.backends.s3.S3Storage"


def found() -> list[CheckMessage]:
    return run_checks(tags=["wagtail_safeguarding"])


def ids() -> list[str]:
    return [message.id.removeprefix("wagtail_safeguarding.") for message in found()]


def use(settings: Any, **storages: Any) -> None:
    """Replace storages by alias; None takes one away."""
    changed = deepcopy(settings.STORAGES)
    for alias, params in storages.items():
        if params is None:
            del changed[alias]
        else:
            changed[alias] = params
    settings.STORAGES = changed


def bucket(name: str = "reviews", **options: Any) -> dict[str, Any]:
    return {"BACKEND": S3, "OPTIONS": {"bucket_name": name, **options}}


def test_good_set_up_is_silent() -> None:
    assert found() == []


def test_good_bucket_is_silent(settings: Any) -> None:
    use(
        settings,
        **{ALIAS: bucket()},
        default={"BACKEND": PLAIN_S3, "OPTIONS": {"bucket_name": "media"}},
    )
    assert found() == []


@pytest.mark.parametrize(
    "value", [{"MAX_DOCUMENT_BYTES": 0}, {"SIGNED_URL_SECONDS": "60"}, {"BASE_TEMPLATE": ""}]
)
def test_e001_wrong_setting(settings: Any, value: Any) -> None:
    settings.SAFEGUARDING = value
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E001"
    assert message.level == ERROR
    (name,) = value
    assert name in message.msg


def test_e001_each_wrong_setting_is_named(settings: Any) -> None:
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTES": 0, "SIGNED_URL_SECONDS": 0}
    assert ids() == ["E001", "E001"]


def test_e001_setting_that_is_no_dict_is_said_once(settings: Any) -> None:
    settings.SAFEGUARDING = ["BASE_TEMPLATE"]
    assert ids() == ["E001"]


def test_w001_misspelt_setting(settings: Any) -> None:
    settings.SAFEGUARDING = {"MAX_DOCUMENT_BYTE": 5}
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W001"
    assert "MAX_DOCUMENT_BYTE" in message.msg
    assert "MAX_DOCUMENT_BYTES" in message.hint


def test_e002_no_storage_and_no_place_for_one(settings: Any) -> None:
    use(settings, **{ALIAS: None})
    if hasattr(settings, "BASE_DIR"):
        del settings.BASE_DIR
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E002"
    assert ALIAS in message.hint


def test_private_folder_beside_the_code_needs_no_storage_setting(
    settings: Any, tmp_path: Path
) -> None:
    use(settings, **{ALIAS: None})
    settings.BASE_DIR = tmp_path
    assert found() == []


@pytest.mark.parametrize(
    "backend", ["no.such.Storage", "wagtail_safeguarding.documents.storage.Misspelt"]
)
def test_e002_backend_that_cannot_be_imported(settings: Any, backend: str) -> None:
    use(settings, **{ALIAS: {"BACKEND": backend}})
    assert ids() == ["E002"]


@pytest.mark.parametrize(
    "option",
    [
        {"default_acl": "public-read"},
        {"custom_domain": "files.example.org"},
        {"querystring_auth": False},
        {"file_overwrite": True},
        {"signature_version": "s3"},
    ],
    ids=lambda option: next(iter(option)),
)
def test_e002_bucket_that_would_not_be_private(settings: Any, option: dict[str, Any]) -> None:
    use(settings, **{ALIAS: bucket(**option)})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E002"
    assert next(iter(option)) in message.msg


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_e003_folder_inside_a_public_one(settings: Any, tmp_path: Path, name: str) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path / "static"
    backend = "wagtail_safeguarding.documents.storage.PrivateFolderStorage"
    public = Path(getattr(settings, name))
    for location in (public, public / "private", public / "x" / ".." / "private"):
        use(settings, **{ALIAS: {"BACKEND": backend, "OPTIONS": {"location": location}}})
        (message,) = found()
        assert message.id == "wagtail_safeguarding.E003"
        assert name in message.msg
    # A name that only begins like the public one is beside it.
    beside = public.with_name(public.name + "-private")
    use(settings, **{ALIAS: {"BACKEND": backend, "OPTIONS": {"location": beside}}})
    assert found() == []


def test_e003_folder_behind_a_link(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "media")
    backend = "wagtail_safeguarding.documents.storage.PrivateFolderStorage"
    location = tmp_path / "elsewhere" / "private"
    use(settings, **{ALIAS: {"BACKEND": backend, "OPTIONS": {"location": location}}})
    assert ids() == ["E003"]


def test_e004_bucket_shared_with_the_sites_media(settings: Any) -> None:
    media = {"BACKEND": PLAIN_S3, "OPTIONS": {"bucket_name": "reviews"}}
    use(settings, **{ALIAS: bucket("reviews")}, default=media)
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E004"
    assert "default" in message.msg


def test_e004_bucket_shared_through_the_global_setting(settings: Any) -> None:
    settings.AWS_STORAGE_BUCKET_NAME = "everything"
    use(settings, **{ALIAS: {"BACKEND": S3}}, default={"BACKEND": PLAIN_S3})
    assert ids() == ["E004"]


def test_w002_storage_that_we_do_not_know(settings: Any) -> None:
    use(settings, **{ALIAS: {"BACKEND": "django.core.files.storage.InMemoryStorage"}})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W002"
    assert "InMemoryStorage" in message.msg


def test_w003_middleware_is_missing(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != MIDDLEWARE]
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W003"
    assert MIDDLEWARE in message.hint


def test_w004_comments_middleware_is_missing(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != COMMENTS_MIDDLEWARE]
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W004"


def test_e005_app_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    is_installed = apps.is_installed
    monkeypatch.setattr(
        apps, "is_installed", lambda name: name != "wagtail_modeladmin" and is_installed(name)
    )
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E005"
    assert "wagtail_modeladmin" in message.msg
