"""``load_demo`` in a process and a folder of its own, as ``make demo`` runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from example_project.demo.content import SITE
from example_project.demo.draft import CHILD_T, CHILD_T_REPORT
from wagtail_safeguarding.vocabularies.defaults import DEFAULT_TERMS, Scheme

REPOSITORY = Path(__file__).resolve().parents[2]
MANAGE = "example_project/manage.py"

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    environment = {
        **os.environ,
        "EXAMPLE_PROJECT_VAR": str(tmp_path_factory.mktemp("demo")),
        "PYTHONPATH": str(REPOSITORY),
        "PORT": "8123",
    }
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    def python(*args: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *args],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done

    python(MANAGE, "migrate", "--noinput", "--verbosity", "0")
    return python


@pytest.fixture(scope="module")
def demo(run) -> dict[str, Any]:
    run(MANAGE, "load_demo")
    return json.loads(run("tests/example_project/look_at_demo.py").stdout)


def test_every_page_of_the_demo_is_public(demo):
    assert set(demo["pages"].values()) == {200}
    for path in ("/practice-reviews/", "/protocols-and-pathways/", "/was-not-brought/"):
        assert path in demo["pages"]
    assert len(demo["pages"]) == 10


def test_five_reviews_are_live_in_order(demo):
    titles = [review["title"] for review in demo["reviews"]]
    assert titles == [review.title for review in SITE.review_index.reviews]


def test_their_documents_are_pdf_files_that_the_gate_lets_out(demo):
    files = [review["files"] for review in demo["reviews"]]
    assert [len(each) for each in files] == [4, 2, 1, 1, 1]
    for file in (file for each in files for file in each):
        assert (file["status"], file["type"], file["start"]) == (200, "application/pdf", "%PDF-")
        assert file["bytes"] > 1000


def test_the_draft_is_there_and_nobody_outside_sees_any_of_it(demo):
    draft = demo["draft"]
    assert (draft["title"], draft["state"]) == (CHILD_T.title, "cleared")
    assert draft["page"] == draft["file"]["status"] == draft["unknown"] == 404
    assert draft["seen"] == []
    assert draft["records"] == 0


def test_related_reviews_name_each_other(demo):
    first, second = SITE.review_index.reviews[:2]
    assert demo["related"] == [second.title, first.title]


def test_addresses_in_the_api_are_those_of_the_running_site(demo):
    assert demo["root_url"] == "http://127.0.0.1:8123"
    assert demo["html_urls"]
    assert all(url.startswith("http://127.0.0.1:8123/") for url in demo["html_urls"])
    assert len(demo["types"]) == 6


def test_the_settings_of_the_site_name_publisher_and_emergency_number(demo):
    assert demo["publisher"] == SITE.publisher.name
    assert demo["emergency_numbers"] == ["999"]


def test_the_demo_logins_work_and_the_editor_has_fewer_rights(demo):
    assert demo["admin"] == {"login": True, "home": 200}
    editor = demo["editor"]
    assert (editor["login"], editor["index"], editor["draft"], editor["chooser"]) == (
        True,
        200,
        200,
        200,
    )
    assert editor["home"] == editor["users"] == 302


def test_loading_again_changes_nothing(run, demo):
    done = run(MANAGE, "load_demo")
    assert done.stdout == "The demo content is there already.\n"
    again = json.loads(run("tests/example_project/look_at_demo.py").stdout)
    assert again == demo


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "²"])
def test_a_port_that_is_none_is_refused(run, port):
    assert "is not a port" in run(MANAGE, "load_demo", f"--port={port}", status=2).stderr


def test_the_draft_is_valid_content():
    types = {term.key for term in DEFAULT_TERMS if term.scheme == Scheme.REVIEW_TYPE}
    roles = {term.key for term in DEFAULT_TERMS if term.scheme == Scheme.DOCUMENT_ROLE}
    assert CHILD_T.type in types
    assert CHILD_T_REPORT.role in roles
    assert CHILD_T.documents == (CHILD_T_REPORT.key,)
    assert CHILD_T_REPORT.key not in SITE.documents
