"""`manage.py check`: each unsafe set-up is named by its id, and a good one by silence."""

from __future__ import annotations

import inspect
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import ERROR, WARNING, CheckMessage, run_checks
from storages.backends.s3 import S3Storage

from wagtail_safeguarding import checks
from wagtail_safeguarding.checks import COMMENTS_MIDDLEWARE, MIDDLEWARE
from wagtail_safeguarding.documents import exposure
from wagtail_safeguarding.documents.probe import ProbeResult
from wagtail_safeguarding.documents.storage import ALIAS

S3 = "wagtail_safeguarding.documents.storage.S3DocumentStorage"
FOLDER = "wagtail_safeguarding.documents.storage.PrivateFolderStorage"
PLAIN_FOLDER = "django.core.files.storage.FileSystemStorage"
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


def folder(location: Path, **options: Any) -> dict[str, Any]:
    return {"BACKEND": FOLDER, "OPTIONS": {"location": location, **options}}


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
    "value",
    [
        {"MAX_DOCUMENT_BYTES": 0},
        {"SEARCH_BACKEND": "nowhere"},
        {"SEARCH_BACKEND": ["default"]},
        {"SIGNED_URL_SECONDS": "60"},
        {"SIGNED_URL_SECONDS": 604801},  # S3 refuses these
        {"BASE_TEMPLATE": ""},
        {"PREVIEW_SECONDS": 31 * 86400},
        {"RESTRICTED_NAMES_KEY": "short"},
        {"CLAMD": "clamd"},
        {"PREVIEW_URL": "https://www.example.org/preview"},
    ],
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
        {"gzip": True},
        {"use_ssl": False},
        {"object_parameters": {"ACL": "public-read"}},
        {"server_side_encryption": "yes"},
        {"kms_key_id": "key"},
        {"cloudfront_key": "key"},
        {"no_such_option": True},
    ],
    ids=lambda option: next(iter(option)),
)
def test_e002_bucket_that_would_not_be_private(settings: Any, option: dict[str, Any]) -> None:
    use(settings, **{ALIAS: bucket(**option)})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E002"
    assert next(iter(option)) in message.msg


def test_e002_cloudfront_key_that_is_none(settings: Any) -> None:
    options = {"cloudfront_key_id": "K1", "cloudfront_key": "K2"}
    use(settings, **{ALIAS: bucket(custom_domain="files.example.org", **options)})
    assert ids() == ["E002"]


@pytest.mark.parametrize(
    "option",
    [
        {"file_permissions_mode": 0o644},
        {"directory_permissions_mode": 0o755},
        {"base_url": "/private/"},
    ],
    ids=lambda option: next(iter(option)),
)
def test_e002_folder_that_would_not_be_private(
    settings: Any, tmp_path: Path, option: dict[str, Any]
) -> None:
    use(settings, **{ALIAS: folder(tmp_path / "private", **option)})
    assert ids() == ["E002"]


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_e003_folder_inside_a_public_one(settings: Any, tmp_path: Path, name: str) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path / "static"
    public = Path(getattr(settings, name))
    for location in (public, public / "private", public / "x" / ".." / "private"):
        use(settings, **{ALIAS: folder(location)})
        (message,) = found()
        assert message.id == "wagtail_safeguarding.E003"
        assert name in message.msg
    # A name that only begins like the public one is beside it.
    beside = public.with_name(public.name + "-private")
    use(settings, **{ALIAS: folder(beside)})
    assert found() == []


def test_e003_folder_behind_a_link(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media").mkdir()
    (tmp_path / "elsewhere").symlink_to(tmp_path / "media")
    location = tmp_path / "elsewhere" / "private"
    use(settings, **{ALIAS: folder(location)})
    assert ids() == ["E003"]


def test_e004_bucket_shared_with_the_sites_media(settings: Any) -> None:
    media = {"BACKEND": PLAIN_S3, "OPTIONS": {"bucket_name": "reviews"}}
    use(settings, **{ALIAS: bucket("reviews")}, default=media)
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E004"
    assert "default" in message.msg


def test_e004_bucket_shared_through_the_global_setting(settings: Any) -> None:
    settings.AWS_STORAGE_BUCKET_NAME = "everything"
    use(settings, **{ALIAS: bucket("everything")}, default={"BACKEND": PLAIN_S3})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E004"
    assert "default" in message.msg
    # A storage that is made elsewhere takes it too.
    use(settings, default={"BACKEND": "django.core.files.storage.InMemoryStorage"})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E004"
    assert "AWS_STORAGE_BUCKET_NAME" in message.msg
    use(settings, **{ALIAS: bucket("reviews")})
    assert found() == []


def test_e004_another_folder_of_the_bucket_is_the_same_bucket(settings: Any) -> None:
    media = {"BACKEND": PLAIN_S3, "OPTIONS": {"bucket_name": "council", "location": "media"}}
    use(settings, **{ALIAS: bucket("council", location="reviews")}, default=media)
    assert ids() == ["E004"]


class MediaBucket(S3Storage):
    """As sites write it: neither its path nor its options name what it is."""

    bucket_name = "reviews"


def test_e004_bucket_that_a_class_names(settings: Any) -> None:
    media = {"BACKEND": f"{__name__}.{MediaBucket.__name__}"}
    use(settings, **{ALIAS: bucket("reviews")}, default=media)
    assert ids() == ["E004"]


def test_e004_also_for_a_storage_that_we_do_not_know(settings: Any) -> None:
    plain = {"BACKEND": PLAIN_S3, "OPTIONS": {"bucket_name": "council"}}
    use(settings, **{ALIAS: plain}, default=plain)
    assert ids() == ["W002", "E004"]


def test_alias_that_cannot_be_used_is_not_ours_to_report(settings: Any) -> None:
    use(settings, **{ALIAS: bucket()}, default={"BACKEND": "no.such.Storage"})
    assert found() == []


@pytest.mark.parametrize("entry", ["plain", "prefixed"])
def test_e006_folder_that_collectstatic_would_publish(
    settings: Any, tmp_path: Path, entry: str
) -> None:
    source = tmp_path / "assets"
    settings.STATICFILES_DIRS = [str(source) if entry == "plain" else ("docs", source)]
    use(settings, **{ALIAS: folder(source / "private")})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E006"
    assert "STATICFILES_DIRS" in message.msg


@pytest.mark.parametrize(
    ("ours", "theirs"), [("x", "x"), ("x/private", "x"), ("x", "x/media"), ("x", "x/y/../../x")]
)
def test_e007_folder_shared_with_another_storage(
    settings: Any, tmp_path: Path, ours: str, theirs: str
) -> None:
    other = {"BACKEND": PLAIN_FOLDER, "OPTIONS": {"location": tmp_path / theirs}}
    use(settings, **{ALIAS: folder(tmp_path / ours)}, exports=other)
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E007"
    assert "exports" in message.msg
    use(settings, **{ALIAS: folder(tmp_path / "elsewhere")})
    assert found() == []


def test_site_without_a_media_folder_shares_nothing(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its storage then names the current folder, and nobody means that."""
    monkeypatch.chdir(tmp_path)
    settings.MEDIA_ROOT = ""
    settings.STATIC_ROOT = None
    use(settings, **{ALIAS: folder(tmp_path / "private")})
    assert found() == []


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_e008_public_folder_inside_the_private_one(
    settings: Any, tmp_path: Path, name: str
) -> None:
    setattr(settings, name, tmp_path / "private" / "public")
    use(settings, **{ALIAS: folder(tmp_path / "private")})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E008"
    assert name in message.msg


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT"])
def test_e010_uploads_that_pass_through_a_public_folder(
    settings: Any, tmp_path: Path, name: str
) -> None:
    setattr(settings, name, tmp_path / "public")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "public" / "tmp")
    (message,) = found()
    assert message.id == "wagtail_safeguarding.E010"
    assert name in message.msg
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "tmp")
    assert found() == []


@pytest.mark.parametrize(
    "option",
    [
        {"endpoint_url": "http://s3.example.org"},
        {"endpoint_url": "http://10.0.0.7:9000"},
        {"verify": False},
    ],
    ids=str,
)
def test_w005_connection_that_is_not_protected(settings: Any, option: dict[str, Any]) -> None:
    use(settings, **{ALIAS: bucket(**option)})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W005"


@pytest.mark.parametrize(
    "option",
    [
        {"endpoint_url": "https://s3.example.org", "verify": "authority.pem"},
        {"endpoint_url": "http://127.0.0.1:9000"},
        {"endpoint_url": "http://[::1]:9000"},
        {"endpoint_url": "http://localhost:9000"},
    ],
    ids=str,
)
def test_connection_that_nobody_can_listen_to_is_silent(
    settings: Any, option: dict[str, Any]
) -> None:
    use(settings, **{ALIAS: bucket(**option)})
    assert found() == []


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o710, 0o701])
def test_w006_folder_that_other_users_can_look_into(
    settings: Any, tmp_path: Path, mode: int
) -> None:
    location = tmp_path / "private"
    location.mkdir()
    location.chmod(mode)
    use(settings, **{ALIAS: folder(location)})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W006"
    assert f"chmod 700 {location}" in message.hint
    location.chmod(0o700)
    assert found() == []


def test_folder_for_the_web_servers_group_is_silent(settings: Any, tmp_path: Path) -> None:
    location = tmp_path / "private"
    location.mkdir()
    location.chmod(0o750)
    use(settings, **{ALIAS: folder(location, directory_permissions_mode=0o750)})
    assert found() == []
    location.chmod(0o755)
    assert ids() == ["W006"]


def test_w007_signed_urls_that_live_long(settings: Any) -> None:
    settings.SAFEGUARDING = {"SIGNED_URL_SECONDS": 3600}
    assert found() == []
    settings.SAFEGUARDING = {"SIGNED_URL_SECONDS": 3601}
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W007"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.example.org/{token}", ["W010"]),
        ("https://www.example.org/{token}", []),
        ("http://localhost:3000/{token}", []),
        ("http://127.0.0.1/{token}", []),
        ("nonsense", ["E001"]),
    ],
)
def test_w010_drafts_that_travel_unencrypted(settings: Any, url: str, expected: list[str]) -> None:
    settings.SAFEGUARDING = {"PREVIEW_URL": url}
    assert ids() == expected


# check --deploy


def deploy_ids() -> list[str]:
    found = run_checks(tags=["wagtail_safeguarding"], include_deployment_checks=True)
    return [message.id.removeprefix("wagtail_safeguarding.") for message in found]


def test_storage_is_tried_with_deploy_only(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(settings, **{ALIAS: folder(tmp_path / "private")})
    assert deploy_ids() == []
    monkeypatch.setattr(checks, "probe_storage", lambda storage: pytest.fail("tried"))
    assert found() == []


def test_e009_and_w008_say_what_failed_and_what_could_not_be_tried(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = [
        ProbeResult("write-read", True, "Good."),
        ProbeResult("anonymous-read", False, "Everybody reads.", "Close it."),
        ProbeResult("bucket-policy", False, "Who knows.", "Look.", unknown=True),
        ProbeResult("shared-bucket", False, "Said by E004 already.", "Move."),
    ]
    monkeypatch.setattr(checks, "probe_storage", lambda storage: results)
    failed, unknown = run_checks(tags=["wagtail_safeguarding"], include_deployment_checks=True)
    assert failed.id == "wagtail_safeguarding.E009"
    assert failed.level == ERROR
    assert "anonymous-read" in failed.msg
    assert "Everybody reads." in failed.msg
    assert failed.hint == "Close it."
    assert unknown.id == "wagtail_safeguarding.W008"
    assert unknown.level == WARNING


def test_storage_that_cannot_be_used_is_not_tried(settings: Any) -> None:
    use(settings, **{ALIAS: {"BACKEND": "no.such.Storage"}})
    assert deploy_ids() == ["E002"]


def test_every_kind_of_exposure_has_an_id() -> None:
    source = inspect.getsource(exposure)
    kinds = set(re.findall(r'^ +"([a-z]+-[a-z-]+)",$', source, re.MULTILINE))
    assert kinds == set(checks.EXPOSURE_IDS)


def test_w002_storage_that_we_do_not_know(settings: Any) -> None:
    use(settings, **{ALIAS: {"BACKEND": "django.core.files.storage.InMemoryStorage"}})
    (message,) = found()
    assert message.id == "wagtail_safeguarding.W002"
    assert "InMemoryStorage" in message.msg


def test_w002_folder_that_serves_urls(settings: Any, tmp_path: Path) -> None:
    plain = {"BACKEND": PLAIN_FOLDER, "OPTIONS": {"location": tmp_path / "private"}}
    use(settings, **{ALIAS: plain})
    assert ids() == ["W002"]


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


@pytest.mark.parametrize("inside", [True, False])
def test_folder_inside_the_project_is_warned_of_when_deploying(
    settings: Any, tmp_path: Path, inside: bool
) -> None:
    project = tmp_path / "project"
    settings.BASE_DIR = project
    location = (project if inside else tmp_path) / "private"
    backend = "wagtail_safeguarding.documents.storage.PrivateFolderStorage"
    entry = {"BACKEND": backend, "OPTIONS": {"location": str(location)}}
    settings.STORAGES = {**settings.STORAGES, "safeguarding": entry}
    assert deploy_ids() == (["W009"] if inside else [])
