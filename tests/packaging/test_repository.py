"""What the repository may hold: its top level, and nothing of one machine or one registry."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TOP_LEVEL = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "docs",
    "example_project",
    "pyproject.toml",
    "setup.cfg",
    "tests",
    "wagtail_safeguarding",
}

# Written in parts, so that this file passes its own test.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("deb", "debian", "org"),
            ("proxy", "golang", "org"),
        )
    ),
    re.IGNORECASE,
)
# "/home/" is left out: it is also the usual path of a Wagtail site's first page.
MACHINE_PATH = re.compile(r"(?<![\w.:/$}*-])/(?:root|work|Users)/[\w.]")

pytestmark = [pytest.mark.once, pytest.mark.needs("git")]


@pytest.fixture(scope="module")
def committed() -> list[str]:
    """Paths of the files that git keeps; skipped outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name]


def test_top_level_is_exactly_the_agreed_one(committed: list[str]) -> None:
    found = {name.split("/")[0] for name in committed}
    assert {name for name in found if not name.startswith(".")} == TOP_LEVEL


def test_no_file_names_a_registry_host_or_a_path_of_one_machine(committed: list[str]) -> None:
    own_paths = [str(ROOT) + "/"]
    if Path.home() != Path("/"):
        own_paths.append(f"{Path.home()}/")
    offending = []
    for name in committed:
        path = ROOT / name
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if (
                REGISTRY_HOSTS.search(line)
                or MACHINE_PATH.search(line)
                or any(own in line for own in own_paths)
            ):
                offending.append(f"{name}:{number}: {line.strip()[:80]}")
    assert offending == []


def test_constraints_are_plain_pins(committed: list[str]) -> None:
    files = [name for name in committed if name.startswith(".ci/constraints/")]
    assert len(files) >= 3
    for name in files:
        for line in (ROOT / name).read_text().splitlines():
            assert re.fullmatch(r"[\w.-]+==[\w.+!-]+", line), f"{name}: {line}"
