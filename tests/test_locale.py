"""The Welsh words of the public pages are complete, and compiled from what is written."""

from __future__ import annotations

import gettext
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import wagtail_safeguarding
from wagtail_safeguarding.inspection.media_types import KNOWN
from wagtail_safeguarding.templatetags.safeguarding_tags import MEDIA_LABELS

PACKAGE = Path(wagtail_safeguarding.__file__).parent
WELSH = PACKAGE / "locale" / "cy" / "LC_MESSAGES"
TEMPLATES = PACKAGE / "templates" / "wagtail_safeguarding"
EDITORS = {"admin", "panels"}

TRANSLATE = re.compile(
    r"""\{%\s*translate\s+(?P<q>["'])(?P<text>.*?)(?P=q)(?:\s+context\s+"(?P<context>\w+)")?"""
    r"""|_\("(?P<short>.*?)"\)"""
    r"""|\{%\s*blocktranslate[^%]*%\}(?P<block>.*?)\{%\s*endblocktranslate""",
    re.DOTALL,
)
PYTHON = re.compile(r"""\bn?gettext(?:_noop)?\(\s*"(?P<text>[^"]+)\"""")


def catalog(path: Path) -> dict[object, str]:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog


def public_templates() -> list[Path]:
    return [
        path
        for path in sorted(TEMPLATES.rglob("*.html"))
        if path.relative_to(TEMPLATES).parts[0] not in EDITORS
    ]


def words_of(path: Path) -> list[str]:
    found = []
    for match in TRANSLATE.finditer(path.read_text()):
        words = match["text"] or match["short"] or match["block"]
        words = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", words)
        found.append(f"{match['context']}\x04{words}" if match["context"] else words)
    return found


def test_every_public_word_has_its_welsh():
    known = catalog(WELSH / "django.mo")
    wanted = [words for path in public_templates() for words in words_of(path)]
    assert len(wanted) > 30
    tags = (PACKAGE / "templatetags" / "safeguarding_tags.py").read_text()
    comments = (PACKAGE / "content" / "comments.py").read_text()
    wanted += [m["text"] for source in (tags, comments) for m in PYTHON.finditer(source)]
    assert {"Document", "Word document", "Comments"} <= set(wanted)
    missing = [w for w in wanted if not (known.get(w) or known.get((w, 0)))]
    assert missing == []


def test_every_media_type_has_a_word_to_translate():
    assert {known.label for known in KNOWN.values()} - {"PDF"} == set(MEDIA_LABELS)


def test_no_welsh_drops_a_placeholder():
    for key, words in catalog(WELSH / "django.mo").items():
        original = key[0] if isinstance(key, tuple) else key
        if original:
            assert re.findall(r"%\(\w+\)s", words) == re.findall(r"%\(\w+\)s", original)


@pytest.mark.needs("msgfmt")
def test_the_compiled_welsh_is_in_step(tmp_path):
    compiled = tmp_path / "django.mo"
    subprocess.run(
        [shutil.which("msgfmt"), "--check", "-o", compiled, WELSH / "django.po"], check=True
    )
    assert catalog(compiled) == catalog(WELSH / "django.mo")
