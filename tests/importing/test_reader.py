"""Reading a source: what comes out as blocks, and what is refused with one clear line."""

from __future__ import annotations

import codecs
import contextlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importing.seed import seed_path
from wagtail_safeguarding.importing import source as source_module
from wagtail_safeguarding.importing.hrefs import clean_href, is_file
from wagtail_safeguarding.importing.reader import (
    Block,
    BlockKind,
    Link,
    SourceError,
    SourceFormat,
    SourcePage,
    read_bytes,
    read_source,
)

P, H, LI, OTHER = BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST_ITEM, BlockKind.OTHER


def read(text: str) -> SourcePage:
    return read_bytes(text.encode())


def texts(page: SourcePage) -> list[str]:
    return [block.text for block in page.blocks]


def html(body: str) -> SourcePage:
    return read(f"<!doctype html><html><body>{body}</body></html>")


class TestPlainText:
    def test_each_line_is_a_block_verbatim_with_its_number(self) -> None:
        page = read("One\n\n  Two\u00a0\n\tThree")
        assert page.format is SourceFormat.TEXT
        assert page.blocks == (
            Block(P, "One", line=1),
            Block(P, "  Two\u00a0", line=3),
            Block(P, "\tThree", line=4),
        )

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
    def test_any_line_end(self, ending: str) -> None:
        assert texts(read(f"One{ending}Two{ending}")) == ["One", "Two"]

    def test_lines_of_invisible_characters_are_no_blocks(self) -> None:
        assert texts(read("One\n\u00a0\n\u200b\n \t\nTwo")) == ["One", "Two"]

    @pytest.mark.parametrize("line", ["- item", "• item", "* item", "1. item", "  – item"])
    def test_bullets_are_list_items(self, line: str) -> None:
        assert read(line).blocks == (Block(LI, line, level=1, line=1),)

    def test_a_written_address_is_a_link_without_its_full_stop(self) -> None:
        (block,) = read("See https://example.org/a_(b)/c. Or not").blocks
        assert [link.href for link in block.links] == ["https://example.org/a_(b)/c"]

    def test_comparison_signs_do_not_make_a_text_html(self) -> None:
        assert texts(read("ages < 5 and > 1 <b>bold?")) == ["ages < 5 and > 1 <b>bold?"]

    def test_the_sample_page(self) -> None:
        path = seed_path()
        page = read_source(path)
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        assert page.format is SourceFormat.TEXT
        assert texts(page) == lines


class TestHtml:
    def test_kinds_levels_and_lines(self) -> None:
        page = read(
            "<html>\n<h2>Head</h2>\n<p>Para\n<ul><li>one<ul><li>two</ul></ul>\n"
            "<table><tr><td>cell</table><dl><dt>term</dl>"
        )
        assert page.format is SourceFormat.HTML
        assert [(b.kind, b.level, b.text, b.line) for b in page.blocks] == [
            (H, 2, "Head", 2),
            (P, 0, "Para", 3),
            (LI, 1, "one", 4),
            (LI, 2, "two", 4),
            (OTHER, 0, "cell", 5),
            (OTHER, 0, "term", 5),
        ]

    def test_detected_by_content_not_by_name(self, tmp_path: Path) -> None:
        path = tmp_path / "page.txt"
        path.write_text("<div><p>Words</p></div>")
        assert read_source(path).format is SourceFormat.HTML
        path = tmp_path / "page.html"
        path.write_text("Words")
        assert read_source(path).format is SourceFormat.TEXT

    def test_layout_white_space_collapses_and_no_break_space_stays(self) -> None:
        assert texts(html("<p>\n  a \t b&nbsp; c\u00a0\n</p>")) == ["a b\u00a0 c\u00a0"]

    def test_br_separates_lines_and_joins_a_heading(self) -> None:
        assert texts(html("<p>a<br>b<br/>c</p><h2>d<br>e</h2>")) == ["a", "b", "c", "d e"]

    def test_layout_tags_inside_a_heading(self) -> None:
        (block,) = html("<h3><div>Child</div><span> B</span></h3>").blocks
        assert (block.kind, block.text, block.level) == (H, "Child B", 3)

    def test_an_unclosed_heading_ends_at_the_next_block(self) -> None:
        assert [b.kind for b in html("<h2>a<p>b<h3>c<ul><li>d</ul>").blocks] == [H, P, H, LI]

    def test_accordion_buttons_in_headings_are_read_and_others_not(self) -> None:
        page = html(
            "<button>Menu</button><h2><button>Child B</button></h2><details>"
            "<summary>Child C</summary><p>text</p></details>"
        )
        assert texts(page) == ["Child B", "Child C", "text"]
        assert page.blocks[1].kind is H

    def test_bold_means_the_whole_paragraph(self) -> None:
        page = html("<p><b>a</b> <strong>b</strong></p><p><b>a</b> b</p><p><b>x<p>y")
        assert [block.bold for block in page.blocks] == [True, False, True, False]

    def test_links_in_order_with_targets_as_written(self) -> None:
        (block,) = html(
            "<p><a href='a b.pdf'>One</a>, <a href=/two>Two</a> <a name=x>x</a>"
            "<a href='mailto:a@example.org'>m</a><a href='?q=1&amp;r=2'>q</a></p>"
        ).blocks
        assert block.links == (
            Link("One", "a b.pdf"),
            Link("Two", "/two"),
            Link("m", "mailto:a@example.org"),
            Link("q", "?q=1&r=2"),
        )

    def test_a_link_around_blocks_is_a_link_in_each(self) -> None:
        page = html("<a href=x.pdf><h3>T</h3><p>D</p></a><p>after</p>")
        assert [block.links for block in page.blocks] == [
            (Link("T", "x.pdf"),), (Link("D", "x.pdf"),), (),
        ]  # fmt: skip
        assert page.notes == ()

    def test_an_image_link_is_called_by_its_alternative_text(self) -> None:
        page = html(
            "<p>a</p><p><a href=x.pdf><img alt='Report'></a></p><p>b <a href=y.pdf><img></a></p>"
        )
        assert page.blocks[1].links == (Link("Report", "x.pdf"),)
        assert [note.what for note in page.notes] == ["A link without text was left out: y.pdf"]

    @pytest.mark.parametrize(
        "href",
        ["javascript:alert(1)", " JaVa\nScript:x", "&#106;avascript:x", "data:text/html,x",
         "vbscript:x", "file:///etc/passwd", "\x01javascript:x", "x" * 3000],
    )  # fmt: skip
    def test_other_targets_are_dropped_with_a_note(self, href: str) -> None:
        page = html(f'<p><a href="{href}">text</a> words</p>')
        assert page.blocks[0].links == (Link("text", None),)
        assert len(page.notes) == 1

    def test_notes_are_limited(self) -> None:
        page = html("<p>" + "<a href=javascript:x>text</a> " * 500)
        assert len(page.notes) == source_module.MAX_NOTES + 1
        assert page.notes[-1].what.startswith("450 more")

    def test_scripts_styles_comments_and_the_site_around_are_skipped(self) -> None:
        page = html(
            "<script>var a = '<p>no</p>'</script><style>p{}</style><!-- <p>no</p> -->"
            "<header><p>no</p></header><nav><ul><li>no</ul></nav><svg/><svg><text>no</text></svg>"
            "<div id='cookie-banner'><div>no</div></div><div role=navigation>no</div>"
            "<ol class='breadcrumb'><li>no</ol><p>yes</p><footer>no</footer>"
        )
        assert texts(page) == ["yes"]

    def test_headers_inside_the_article_are_content(self) -> None:
        page = html("<article><header><h1>Title</h1></header><p>Text</p></article>")
        assert texts(page) == ["Title", "Text"]

    @pytest.mark.parametrize(
        "main", ["<main>{}</main>", "<div role=main><div>{}</div></div>", "<article>{}</article>"]
    )
    def test_the_main_part_is_preferred_and_the_rest_is_told(self, main: str) -> None:
        page = html(f"<p>before</p>{main.format('<p>in</p>')}<p>after</p>")
        assert texts(page) == ["in"]
        (note,) = page.notes
        assert "before" in note.what
        assert "after" in note.what

    def test_of_many_articles_none_is_the_page(self) -> None:
        page = html("<p>x</p><article><p>a</p></article><article><p>b</p></article>")
        assert texts(page) == ["x", "a", "b"]

    @pytest.mark.parametrize(
        "body",
        [
            "<nav><ul><li>menu</li></ul><p>Words</p>",
            "<div class='cookie-notice-page'><main><p>Words</p></main></div>",
            "<div class='cookie-notice'><p>Words</p>",
            "<header><p>Words</p>",
        ],
    )
    def test_furniture_that_swallows_the_page_is_read_after_all(self, body: str) -> None:
        page = html(body)
        assert "Words" in texts(page)
        assert page.notes

    def test_an_unclosed_script_is_told(self) -> None:
        page = html("<p>Words</p><script>lost <p>lost</p>")
        assert texts(page) == ["Words"]
        assert "never ends" in page.notes[0].what

    def test_a_rule_separates_lines(self) -> None:
        assert texts(html("a<hr>b")) == ["a", "b"]

    def test_attributes_that_make_no_sense_do_not_hide_the_text(self) -> None:
        assert "Words" in texts(html("<p =x '\"=>Words</p>"))[0]

    def test_metadata(self) -> None:
        page = read(
            "<html><head><title> A &amp; B\n| Site </title>"
            "<meta property='og:site_name' content='Site'></head><p>x</p>"
        )
        assert (page.title, page.site_name) == ("A & B | Site", "Site")

    def test_tags_that_never_close_stay_text(self) -> None:
        assert texts(html("<p>1 < 2 and <a b</p>"))[0].startswith("1 < 2 and <a b")

    def test_depth_does_not_matter(self) -> None:
        page = html("<div>" * 100_000 + "<ul><li>" * 1000 + "Words")
        assert texts(page) == ["Words"]

    def test_monstrous_character_reference(self) -> None:
        assert "Words" in texts(html("<p>Words</p><p>&#" + "9" * 5000 + ";</p>"))

    def test_repeated_attributes_count_once_as_in_browsers(self) -> None:
        (block,) = html("<p><a href=x href=y>t</a></p>").blocks
        assert block.links == (Link("t", "x"),)


class TestEncodings:
    @pytest.mark.parametrize(
        "data",
        [
            "Café\u00a0ŵ".encode(),
            codecs.BOM_UTF8 + "Café\u00a0ŵ".encode(),
            "Café\u00a0ŵ".encode("utf-16"),
            codecs.BOM_UTF16_BE + "Café\u00a0ŵ".encode("utf-16-be"),
            "Café\u00a0ŵ".encode("utf-32"),
        ],
    )
    def test_unicode(self, data: bytes) -> None:
        page = read_bytes(data)
        assert texts(page) == ["Café\u00a0ŵ"]
        assert page.notes == ()

    def test_windows_1252_is_read_and_told(self) -> None:
        page = read_bytes("The child’s café – report".encode("cp1252"))
        assert texts(page) == ["The child’s café – report"]
        assert "Windows-1252" in page.notes[0].what

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ("Café – ".encode() + b"\xe9 and more words", "damage at byte 11"),
            (b"<meta charset='shift_jis'><p>\x83\x65\x83\x58\x83\x67 words words</p>", "shift_jis"),
            ("Привет мир".encode("koi8-r"), "neither"),
            (b"undefined in cp1252: \x81 ", "neither"),
            (codecs.BOM_UTF16_LE + b"abc", "UTF-16"),
            (codecs.BOM_UTF8 + b"\xff", "UTF-8"),
        ],
    )
    def test_other_encodings_are_refused_and_not_guessed(self, data: bytes, words: str) -> None:
        with pytest.raises(SourceError, match=words):
            read_bytes(data)


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "empty"),
            (b" \n\t\r\n", "empty"),
            (codecs.BOM_UTF8, "empty"),
            ("\u200b\u00a0".encode(), "empty"),
            (b"%PDF-1.7\n...", "PDF"),
            (b"PK\x03\x04docx", "Office"),
            (b"\xd0\xcf\x11\xe0doc", "Office"),
            (b"{\\rtf1 words}", "RTF"),
            (b"\x89PNG\r\n\x1a\n", "image"),
            (b"words\0words", "binary"),
            ("words\0words".encode("utf-16"), "binary"),
            (b"\x01\x02\x03 words \x04\x05", "binary"),
            ("words and words".encode("utf-16-be").replace(b"\0", b"\xe1"), "neither|understood"),
            (b"12345 67890\n---", "understood"),
            (b"<html><body><img src=x></body></html>", "understood"),
            (b"<?xml version='1.0'?><rss><channel/></rss>", "XML"),
            (b'{"json": true}', "data or mail"),
            (b"MIME-Version: 1.0\nContent-Type: multipart/related", "data or mail"),
            (b"a\n" * 60_000, "50,000"),
            (b"a" * 100_001, "100,000"),
            (b"<p>" + b"a " * 100_001 + b"</p>", "100,000"),
            (b"a" * (5 * 1024**2 + 1), "5 MiB"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_one_clear_line(self, data: bytes, words: str) -> None:
        with pytest.raises(SourceError, match=words) as caught:
            read_bytes(data)
        assert "\n" not in str(caught.value)

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="There is no file"):
            read_source(tmp_path / "missing")

    def test_name_that_steers_a_terminal(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError) as caught:
            read_source(tmp_path / "no\nfile\x1b[2J")
        assert str(caught.value).isprintable()

    def test_impossible_names(self) -> None:
        for name in ["a\0b", "x" * 5000]:
            with pytest.raises(SourceError):
                read_source(name)

    def test_directory(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="directory"):
            read_source(tmp_path)

    def test_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "empty").touch()
        with pytest.raises(SourceError, match="is empty"):
            read_source(tmp_path / "empty")

    def test_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(SourceError, match="regular file"):
            read_source(tmp_path / "pipe")

    def test_unreadable_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "page.txt"
        path.write_text("words")

        def refuse(*args: object, **kwargs: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(SourceError, match=r"cannot be read: Permission denied\.$"):
            read_source(path)


class TestHrefs:
    @pytest.mark.parametrize(
        "href", ["/a", "a.pdf", "../a", "//host/a", "#top", "?x=1", "HTTPS://a", "tel:999"]
    )
    def test_kept_as_written(self, href: str) -> None:
        assert clean_href(href) == (href, "")

    @pytest.mark.parametrize(
        "href",
        ["/a/b.PDF", "b.docx?v=2", "https://x.example/downloads/file/12/a-report",
         "/media/1", "a%2Epdf", "documents/7"],
    )  # fmt: skip
    def test_files(self, href: str) -> None:
        assert is_file(href)

    @pytest.mark.parametrize(
        "href", [None, "", "/reviews", "mailto:a@b.pdf", "#a.pdf", "http://[bad", "/downloads/"]
    )
    def test_no_files(self, href: str | None) -> None:
        assert not is_file(href)


TAGS = ["p", "div", "h1", "h2", "li", "ul", "a", "b", "script", "nav", "main", "td", "header",
        "article", "title", "button", "svg", "summary", "br", "img"]  # fmt: skip
MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{t}>" for t in TAGS] + [f"</{t}>" for t in TAGS]),
        st.sampled_from(
            ["<a href='x.pdf'>", '<a href="javascript:x">', "<!--", "-->", "<![CDATA["]
        ),
        st.sampled_from(["<", ">", "'", '"', "=", "/", "&amp;", "&#", "\n", "\u00a0", "</"]),
        st.text(max_size=8),
    ),
    max_size=60,
).map("".join)


class TestAnything:
    @given(st.binary(max_size=400))
    @settings(deadline=None)
    def test_bytes_are_read_or_refused(self, data: bytes) -> None:
        try:
            page = read_bytes(data)
        except SourceError:
            return
        assert page.blocks

    @given(st.text(max_size=400))
    @settings(deadline=None)
    def test_no_line_of_a_text_is_lost(self, text: str) -> None:
        try:
            page = read(text)
        except (SourceError, UnicodeEncodeError):
            return
        if page.format is SourceFormat.TEXT:
            kept = "\n".join(texts(page)).split()
            lines = text.removeprefix("\ufeff").replace("\r", "\n")
            assert kept == [w for line in lines.splitlines()
                            if not source_module.is_blank(line) for w in line.split()]  # fmt: skip

    @given(MARKUP)
    @settings(max_examples=300, deadline=None)
    def test_markup_is_read_or_refused(self, markup: str) -> None:
        try:
            page = html("<p>Words</p>" + markup)
        except SourceError:
            return
        for block in page.blocks:
            assert not source_module.is_blank(block.text)
            assert all(link.text in block.text for link in block.links)

    @given(st.lists(st.text("abc é&;", min_size=1, max_size=9), min_size=1, max_size=9))
    @settings(deadline=None)
    def test_all_words_of_paragraphs_are_kept(self, paragraphs: list[str]) -> None:
        escaped = [p.replace("&", "&amp;") for p in paragraphs]
        page = html("<h1>Words</h1>" + "".join(f"<p>{p}</p>" for p in escaped))
        assert " ".join(texts(page)).split() == ["Words", *" ".join(paragraphs).split()]


HOSTILE = ["<!--", "<![CDATA[", "<!DOCTYPE", "<?", "</", "<a ", "<script", "<a x='", '<a x="',
           "<a x='y\" ", "&#", "<", "<b>", "&", "<![", "<textarea>x", "</a ", "<title>", "</title",
           "<a href=x>", "<div><nav>", "<li>", "<a =", "\u00a0", "</p x='"]  # fmt: skip


class TestTime:
    @pytest.mark.parametrize("unit", HOSTILE)
    def test_unclosed_markup_takes_linear_time(self, unit: str) -> None:
        # Where time is quadratic, as in html.parser, this takes minutes.
        text = "<p>Words</p>" + unit * (600_000 // len(unit))
        started = time.process_time()
        with contextlib.suppress(SourceError):
            html(text)
        assert time.process_time() - started < 20
