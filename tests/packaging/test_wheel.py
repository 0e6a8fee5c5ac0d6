"""The wheel is built, installed far from the checkout, and used from there."""

from __future__ import annotations

import email
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from django.conf import settings

import wagtail_safeguarding

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "wagtail_safeguarding"

pytestmark = pytest.mark.once

# Nothing of this run reaches the child processes: no PYTHONPATH, settings or coverage.
CLEAN_ENV = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**CLEAN_ENV, "HOME": str(cwd), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    # The build back end is in this environment, so the build needs no network.
    run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT),
        cwd=out,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: set[str]) -> Message:
    (path,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        return email.message_from_bytes(archive.read(path))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a virtual environment `venv` in which the wheel is installed.

    Dependencies come from this environment through a .pth file. Python does not follow
    .pth files that it finds there, so the editable checkout is out of reach.
    """
    folder = tmp_path_factory.mktemp("else where")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python),
        *("install", "--quiet", "--no-deps", "--no-index", wheel),
        cwd=folder,
    )
    purelib = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    ).strip()
    dependencies = dict.fromkeys(sysconfig.get_path(key) for key in ("purelib", "platlib"))
    (Path(purelib) / "dependencies.pth").write_text("\n".join(dependencies) + "\n")
    return folder


def files_of(folder: Path, pattern: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in folder.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_only_the_package_is_in_the_wheel(names: set[str]) -> None:
    version = wagtail_safeguarding.__version__
    assert {name.split("/")[0] for name in names} == {PACKAGE, f"{PACKAGE}-{version}.dist-info"}


@pytest.mark.parametrize(
    "pattern",
    [
        "py.typed",
        "**/*.py",
        "**/migrations/*.py",
        "**/templates/**/*",
        "**/static/**/*",
        "**/locale/**/*.po",
        "**/locale/**/*.mo",
    ],
)
def test_package_data_is_in_the_wheel(names: set[str], pattern: str) -> None:
    expected = files_of(ROOT / PACKAGE, pattern)
    if pattern in {"py.typed", "**/*.py"}:
        assert expected
    assert expected - names == set()


def test_metadata_says_what_the_package_needs(metadata: Message) -> None:
    assert metadata["Name"] == "wagtail-safeguarding"
    assert metadata["Version"] == wagtail_safeguarding.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "BSD-3-Clause"
    required = {
        line.replace(" ", "").lower()
        for line in metadata.get_all("Requires-Dist", [])
        if "extra ==" not in line
    }
    assert {"django>=5.2", "wagtail>=7.4.3"} <= required
    for name in ("wagtail-modeladmin", "django-storages[s3]", "boto3", "django-ninja"):
        assert any(line.startswith(name) for line in required), name


def test_installed_wheel_is_the_one_imported(elsewhere: Path) -> None:
    said = run(
        *(elsewhere / "venv" / "bin" / "python", "-c"),
        "import importlib.util as u, json, wagtail_safeguarding as w;"
        "print(json.dumps([w.__file__, bool(u.find_spec('example_project')),"
        " bool(u.find_spec('tests'))]))",
        cwd=elsewhere,
    )
    path, has_example_project, has_tests = json.loads(said)
    assert Path(path).is_relative_to(elsewhere)
    assert not has_example_project
    assert not has_tests


SITE = """
SECRET_KEY = "elsewhere"
ROOT_URLCONF = "urls"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
DEFAULT_AUTO_FIELD = {auto_field!r}
INSTALLED_APPS = {apps!r}
MIDDLEWARE = {middleware!r}
TEMPLATES = {templates!r}
STATIC_URL = "/static/"
USE_TZ = True
WAGTAIL_SITE_NAME = "Elsewhere"
WAGTAILADMIN_BASE_URL = "http://localhost"
STORAGES = {{
    "default": {{"BACKEND": "django.core.files.storage.FileSystemStorage"}},
    "staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "safeguarding": {{
        "BACKEND": "wagtail_safeguarding.documents.storage.PrivateFolderStorage",
        "OPTIONS": {{"location": {private!r}}},
    }},
}}
"""

URLS = """
from django.urls import include, path
urlpatterns = [
    path("admin/", include("wagtail.admin.urls")),
    path("documents/", include("wagtail.documents.urls")),
    path("", include("wagtail_safeguarding.urls")),
    path("", include("wagtail.urls")),
]
"""

USE = """
import json
from pathlib import Path

import django

django.setup()

from django.apps import apps
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import get_template

call_command("check")
call_command("migrate", verbosity=0)
call_command("makemigrations", check=True, dry_run=True, verbosity=0)

ours = [app for app in apps.get_app_configs() if app.name.split(".")[0] == "wagtail_safeguarding"]
seen = {"apps": [app.path for app in ours], "templates": 0, "static": 0}
for app in ours:
    for kind, load in (("templates", get_template), ("static", finders.find)):
        folder = Path(app.path, kind)
        for path in folder.rglob("*"):
            if path.is_file():
                assert load(path.relative_to(folder).as_posix()), path
                seen[kind] += 1
print(json.dumps(seen))
"""


def test_installed_wheel_serves_a_site(elsewhere: Path) -> None:
    (elsewhere / "site_settings.py").write_text(
        SITE.format(
            auto_field=settings.DEFAULT_AUTO_FIELD,
            apps=[app for app in settings.INSTALLED_APPS if not app.startswith("tests")],
            middleware=settings.MIDDLEWARE,
            templates=settings.TEMPLATES,
            private=str(elsewhere / "private"),
        )
    )
    (elsewhere / "urls.py").write_text(URLS)
    (elsewhere / "use.py").write_text(
        'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"\n' + USE
    )
    said = run(elsewhere / "venv" / "bin" / "python", "use.py", cwd=elsewhere)
    seen = json.loads(said.splitlines()[-1])
    assert seen["apps"]
    assert all(Path(path).is_relative_to(elsewhere) for path in seen["apps"])
    for kind in ("templates", "static"):
        assert seen[kind] == len(files_of(ROOT / PACKAGE, f"**/{kind}/**/*"))
