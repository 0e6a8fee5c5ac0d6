"""What a heading, a date and a title are read as, and what is left unsaid."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_safeguarding.importing.dating import read_date
from wagtail_safeguarding.importing.headings import read_heading
from wagtail_safeguarding.importing.references import read_reference
from wagtail_safeguarding.importing.review_types import read_review_type
from wagtail_safeguarding.importing.roles import read_role
from wagtail_safeguarding.importing.wording import plain
from wagtail_safeguarding.vocabularies.defaults import DEFAULT_TERMS, Scheme

LCSPR = "local-child-safeguarding-practice-review"
SCR = "serious-case-review"
CPR = "child-practice-review"


def test_plain_folds_every_space_and_keeps_the_length() -> None:
    spaces = "".join(char for char in map(chr, range(0x110000)) if char.isspace())
    assert plain(spaces).strip(" ") == ""
    assert len(plain(spaces)) == len(spaces)
    assert plain("“Child’s” – a") == '"Child\'s" - a'


class TestDates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("July 2019", "2019-07"),
            ("Sept 2016", "2016-09"),
            ("SEPT. 2016", "2016-09"),
            ("2008", "2008"),
            ("(2008)", "2008"),
            ("3rd May 2021", "2021-05-03"),
            ("Monday 3 of May, 2021", "2021-05-03"),
            ("May 3rd, 2021", "2021-05-03"),
            ("3-May-2021", "2021-05-03"),
            ("2021-05-03", "2021-05-03"),
            ("2019-07", "2019-07"),
            ("25/03/2017", "2017-03-25"),
            ("25.3.2017", "2017-03-25"),
            ("3/3/2017", "2017-03-03"),
            ("29 February 2020", "2020-02-29"),
            ("July\u00a02019", "2019-07"),
            ("Gorffennaf 2019", "2019-07"),
            ("3ydd Mai 2021", "2021-05-03"),
            ("2019 (July 2019)", "2019-07"),
            ("scalds protocol 2019", "2019"),
            ("died March 2012, published July 2014", "2014-07"),
            ("2019, updated 2020", "2019"),
        ],
    )
    def test_exactly_what_is_written(self, text: str, expected: str) -> None:
        assert str(read_date(text).date) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("12/03/2017", "2017-03-12"),
            ("03/04/2017", "2017-04-03"),
            ("07/2019", "2019-07"),
            ("May/June 2014", "2014"),
            ("May to June 2014", "2014"),
            ("Spring 2019", "2019"),
            ("Child 3 May 2021", "2021-05"),
        ],
    )
    def test_doubtful_ones_are_told(self, text: str, expected: str) -> None:
        reading = read_date(text)
        assert str(reading.date) == expected
        assert reading.unsure

    @pytest.mark.parametrize(
        "text",
        [
            "31 February 2019",
            "29 February 2019",
            "0 May 2019",
            "00/05/2017",
            "2019-00",
            "32 May 2019",
            "25/13/2017",
            "2019-13-01",
            "12.3.17",
            "July '19",
            "2018-19",
            "2018/19",
            "2012 - 2014",
            "2012 to 2014",
            "died March 2012",
            "updated May 2020",
            "May 2012 and June 2013",
            "31 February 2019, 2018",
            "3 May 0999",
        ],
    )
    def test_nothing_is_taken_and_it_is_told(self, text: str) -> None:
        reading = read_date(text)
        assert reading.date is None
        assert reading.unsure

    @pytest.mark.parametrize("text", ["", "Child B", "£2019", "20194", "May", "word " * 99])
    def test_no_date(self, text: str) -> None:
        assert read_date(text).date is None

    @given(st.text("0123456789/-. JulyMay'stndrh,", max_size=60))
    @settings(deadline=None)
    def test_any_text(self, text: str) -> None:
        reading = read_date(text)
        assert all(0 <= start < end <= len(text) for start, end in reading.spans)
        if reading.date is not None:
            assert str(reading.date.year) in text


class TestHeadings:
    @pytest.mark.parametrize(
        ("text", "review_type", "subjects", "date", "reference"),
        [
            ("Learning Review Child K, July 2019", "learning-review", ["Child K"], "2019-07", ""),
            ("SCR Child Z, 2008", SCR, ["Child Z"], "2008", ""),
            ("Serious Case Review: Baby X (published March 2014)", SCR, ["Baby X"], "2014-03", ""),
            ("SERIOUS CASE REVIEW CHILD K JULY 2019", SCR, ["CHILD K"], "2019-07", ""),
            ("BSCP2020-21-01 Child Q", None, ["Child Q"], None, "BSCP2020-21-01"),
            ("LCSPR Emily and Jack, 3 May 2021", LCSPR, ["Emily", "Jack"], "2021-05-03", ""),
            ("LCSPR – Emily & Jack", LCSPR, ["Emily", "Jack"], None, ""),
            ("SAR Adult F 2019", "safeguarding-adults-review", ["Adult F"], "2019", ""),
            ("CPR 3/2016", CPR, [], None, "CPR 3/2016"),
            ("Extended CPR Child D", f"extended-{CPR}", ["Child D"], None, ""),
            ("Child B", None, ["Child B"], None, ""),
            ("Child 3 May 2021", None, ["Child 3"], "2021-05", ""),
            ("Children A and B - SCR 2012", SCR, ["Children A and B"], "2012", ""),
            ("SCR Child A and Child B", SCR, ["Child A", "Child B"], None, ""),
            ("LCSPR Child “Alex”", LCSPR, ["Child “Alex”"], None, ""),
            ("Child LS Thematic Review 2017", "thematic-review", ["Child LS"], "2017", ""),
            ("SCR-2019-01 Family M16", SCR, ["Family M16"], None, "SCR-2019-01"),
            ("Ref: AB/12/7 SCR Child K", SCR, ["Child K"], None, "AB/12/7"),
            ("SCR Operation Harbour 2015", SCR, ["Operation Harbour"], "2015", ""),
            (
                "National Child Safeguarding Practice Review: Ash and Star",
                "national-child-safeguarding-practice-review",
                ["Ash", "Star"],
                None,
                "",
            ),
            (
                "Adolygiad Ymarfer Plant: Plentyn C, Gorffennaf 2019",
                CPR,
                ["Plentyn C"],
                "2019-07",
                "",
            ),
            (
                "Adolygiad Ymarfer Plant Cryno CPR 2/2018",
                f"concise-{CPR}",
                [],
                None,
                "CPR 2/2018",
            ),
            (
                "Case Management Review Child Jason, 2010",
                "case-management-review",
                ["Child Jason"],
                "2010",
                "",
            ),
            (
                "SUSR Family M Mawrth 2024",
                "single-unified-safeguarding-review",
                ["Family M"],
                "2024-03",
                "",
            ),
            (
                "Significant Case Review: Child P (2012)",
                "significant-case-review",
                ["Child P"],
                "2012",
                "",
            ),
            ("SCR\u00a0Child\u00a0A, May\u00a02016", SCR, ["Child\u00a0A"], "2016-05", ""),
        ],
    )
    def test_understood(
        self,
        text: str,
        review_type: str | None,
        subjects: list[str],
        date: str | None,
        reference: str,
    ) -> None:
        reading = read_heading(text)
        assert reading.review_type == review_type
        assert list(reading.subjects) == subjects
        assert (str(reading.date) if reading.date else None) == date
        assert reading.reference == reference

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Child B", "no review type"),
            ("CPR 3/2016", "no child"),
            ("SCR Child A, 31 February 2019", "no date of the calendar"),
            ("SCR Child A, 03/04/2017", "day first"),
            ("SCR Child A into something odd", "something odd"),
            ("CSPR Child A", "read as local"),
            ("Child Safeguarding Practice Review Child A", "read as local"),
            ("DHR/SAR Adult A", "More than one review type"),
            ("SCR Operation Harbour", "the name that the review goes by"),
            ("Child A AB2019-01 CD2019-02", "More than one reference"),
        ],
    )
    def test_what_is_unsure_is_told(self, text: str, words: str) -> None:
        assert any(words in note for note in read_heading(text).unsure)

    @pytest.mark.parametrize("text", ["Serious Case Reviews", "LCSPRs 2019", "Adolygiadau Dysgu"])
    def test_several_reviews(self, text: str) -> None:
        reading = read_heading(text)
        assert reading.plural
        assert not reading.subjects

    @pytest.mark.parametrize(
        "text", ["Contact us", "Working Together 2018", "Archive", "Further information", "a. b."]
    )
    def test_no_names_where_there_are_none(self, text: str) -> None:
        assert read_heading(text).subjects == ()

    def test_prose_is_not_read(self) -> None:
        reading = read_heading("The SCR about Child A was published in May 2016.")
        assert reading == type(reading)(reading.text)

    def test_scr_alone_is_doubtful_only_where_scotland_is_spoken_of(self) -> None:
        assert read_heading("SCR Child A, 2012").unsure == ()
        reading = read_heading("SCR Child A, 2012", scottish=True)
        assert reading.review_type == SCR
        assert "Scotland" in reading.unsure[0]

    def test_scottish_learning_reviews_are_told(self) -> None:
        reading = read_heading("Learning Review Child A, 2022", scottish=True)
        assert reading.review_type == "learning-review"
        assert "type of their own" in reading.unsure[0]

    def test_prose_names_no_type_and_no_role(self) -> None:
        prose = "The serious case review published its overview report. " * 9
        assert read_review_type(prose).key is None
        assert read_role(prose).key is None

    def test_form_of_a_child_practice_review_may_stand_apart(self) -> None:
        reading = read_heading("Child Practice Review (extended) Child D")
        assert reading.review_type == f"extended-{CPR}"

    @pytest.mark.parametrize(
        ("text", "reference"),
        [
            ("BSCP2020-21-01 Child Q", "BSCP2020-21-01"),
            ("AB/2019/3", "AB/2019/3"),
            ("XYSUR 4/2015", "XYSUR 4/2015"),
            ("Case No. 12 Child A", "12"),
            ("CHILD 3/2016", ""),
            ("May 2019", ""),
            ("MAY 3/2019", ""),
        ],
    )
    def test_references(self, text: str, reference: str) -> None:
        assert read_reference(text).reference == reference

    @given(st.text(max_size=250))
    @settings(deadline=None)
    def test_any_line(self, text: str) -> None:
        reading = read_heading(text)
        assert all(subject in text for subject in reading.subjects)
        assert reading.reference in text
        keys = {term.key for term in DEFAULT_TERMS if term.scheme == Scheme.REVIEW_TYPE}
        assert reading.review_type in {None, *keys}

    @pytest.mark.parametrize(
        "unit", ["Child A, ", "A and ", "a ", " ", "2019-", "SCR ", "May ", "(", "A/", "Ref ", "9"]
    )
    def test_no_line_takes_long(self, unit: str) -> None:
        started = time.process_time()
        for length in (200, 5000):
            read_heading((unit * length)[:length])
        assert time.process_time() - started < 5


class TestTypesAndRoles:
    def test_every_type_is_known_by_its_label_and_letters(self) -> None:
        unnamed = {"learning-review-scotland"}  # "Learning review", as elsewhere
        for term in DEFAULT_TERMS:
            if term.scheme == Scheme.REVIEW_TYPE and term.key not in unnamed:
                assert read_review_type(term.label).key == term.key
                assert read_review_type(term.label.upper()).key == term.key
                if term.abbreviation and term.key != "significant-case-review":
                    assert read_review_type(f"{term.abbreviation} 1").key == term.key

    def test_every_role_is_known_by_its_label(self) -> None:
        for term in DEFAULT_TERMS:
            if term.scheme == Scheme.DOCUMENT_ROLE and term.key != "other":
                assert read_role(term.label).key == term.key, term.label

    @pytest.mark.parametrize(
        ("title", "role"),
        [
            ("Briefing note: Child K", "briefing-note"),
            ("Child K report", "overview-report"),
            ("Final Report", "overview-report"),
            ("Child K action plan\u00a0", "action-plan"),
            ("Update on the action plan", "action-plan-update"),
            ("Seven minute learning briefing", "seven-minute-briefing"),
            ("Our referral form", "referral-document"),
            ("Pathway for bruising 2019", "pathway"),
            ("Learning brief", "learning-summary"),
            ("Press release", "press-statement"),
            ("Cynllun gweithredu", "action-plan"),
            ("Adroddiad Plentyn C", "overview-report"),
            ("Annual report 2019", None),
            ("Reporting a concern", None),
            ("Photographs", None),
        ],
    )
    def test_roles(self, title: str, role: str | None) -> None:
        assert read_role(title).key == role

    def test_what_is_never_published_is_told(self) -> None:
        reading = read_role("Health IMR and overview report")
        assert reading.key == "individual-management-review"
        assert reading.unsure

    def test_two_roles_in_one_title_are_told(self) -> None:
        reading = read_role("Overview report and action plan")
        assert reading.key == "overview-report"
        assert reading.unsure
