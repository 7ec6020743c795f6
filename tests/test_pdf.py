"""A PDF gives its paragraphs as they are printed, and says in a line why where it gives none."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.errors import Unreadable
from briefs.ingest.clean import clean
from briefs.ingest.pdf import read_pdf
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.models import Analysed
from briefs.workers import Workers
from tests.pdf_pages import Text, paragraph, pdf

LEFT = (
    "The council of the port voted on Monday to close",
    "the northern bridge for two years, because its steel",
    "has rusted since the flood. Repairs will cost nine",
    "million euros, of which the region pays a third.",
)
RIGHT = (
    "The ferries will sail twice as often while work goes",
    "on, and the fishermen are promised a quay of their",
    "own behind the market. Those who live on the island",
    "had asked for a tunnel, which nobody could pay for.",
)


def lines(*pages: list[Text], **info: str) -> list[str]:
    return read_pdf(pdf(pages, info=info), "a.pdf").text.split("\n\n")


def joined(printed: tuple[str, ...]) -> str:
    return " ".join(printed)


# ---------------------------------------------------------------- paragraphs


def test_the_lines_of_a_paragraph_are_one_line() -> None:
    assert lines(paragraph(LEFT)) == [joined(LEFT)]


def test_a_wider_gap_ends_a_paragraph_and_so_does_a_line_with_room_left() -> None:
    assert lines(paragraph(LEFT) + paragraph(RIGHT, y=650)) == [joined(LEFT), joined(RIGHT)]
    assert lines(paragraph((*LEFT, "Trains go on.", *RIGHT))) == [f"{joined(LEFT)} Trains go on.", joined(RIGHT)]


@pytest.mark.parametrize("heading", [{"font": "bold"}, {"size": 16}])
def test_a_heading_in_other_type_runs_into_no_sentence(heading) -> None:
    text = [*paragraph(LEFT[:2]), Text("Northern Bridge To Close", 72, 696, **heading), *paragraph(LEFT[2:], y=684)]
    assert "Northern Bridge To Close" in lines(text)


def test_a_headline_that_is_drawn_between_two_columns_parts_the_sentence_and_is_in_none() -> None:
    headline = [Text("Island Embracing", 72, 760, 20, "bold"), Text("The Ferry", 72, 738, 20, "bold")]
    found = lines([*paragraph(LEFT[:2]), *headline, *paragraph(RIGHT, x=320)])
    assert found == [joined(LEFT[:2]), "Island Embracing The Ferry", joined(RIGHT)]


@pytest.mark.parametrize("row_by_row", [False, True])
def test_two_columns_are_read_one_after_the_other_however_they_are_drawn(row_by_row) -> None:
    left, right = paragraph(LEFT), paragraph(RIGHT, x=320)
    rows = [line for pair in zip(left, right, strict=True) for line in pair]
    assert lines(rows if row_by_row else left + right) == [joined(LEFT), joined(RIGHT)]


def test_the_rows_of_a_table_stay_rows() -> None:
    rows = [[Text(f"Quay {n}", 72, 720 - 12 * n), Text(f"{n} boats", 320, 720 - 12 * n)] for n in range(6)]
    assert "Quay 3\u20033 boats" in lines([cell for row in rows for cell in row])


def test_a_sentence_goes_on_over_the_end_of_a_page_where_it_plainly_does() -> None:
    assert lines(paragraph(LEFT[:1]), paragraph(LEFT[1:])) == [joined(LEFT)]
    assert lines(paragraph(LEFT[:1]), paragraph(RIGHT)) == [LEFT[0], joined(RIGHT)]


def test_words_broken_at_the_end_of_a_line_are_whole() -> None:
    broken = ("The council of the port voted on Monday to re-", "pair the northern bridge and to close it until then.")
    said = "The council of the port voted on Monday to repair the northern bridge and to close it until then."
    assert clean(read_pdf(pdf([paragraph(broken)]), "a.pdf").text).text == said


def test_the_head_and_the_foot_of_most_pages_are_no_text() -> None:
    bodies = [tuple(f"{line} ({number})" for line in LEFT) for number in "abcd"]
    pages = [
        [
            Text("The Port Gazette" if number % 2 else "Monday edition", y=760, size=8),
            Text(f"Page {number} of 4", 500, 760, 8),
            *paragraph(body, y=700),
            Text("Printed on the island", y=40, size=8),
        ]
        for number, body in enumerate(bodies, start=1)
    ]
    assert lines(*pages) == list(map(joined, bodies))


# ---------------------------------------------------------------- letters


@pytest.mark.parametrize(
    ("cmap", "said"),
    [
        ("90ms-RKSJ-H", "港の倉庫が二年の工事を終えて火曜日に再び開いた。"),
        ("EUC-H", "港の倉庫が二年の工事を終えて火曜日に再び開いた。"),
        ("UniJIS-UCS2-H", "港の倉庫が二年の工事を終えて火曜日に再び開いた。"),
        ("ETen-B5-H", "港口的倉庫經過兩年工程後於星期二重新開放。"),
        ("GBK-EUC-H", "港口的仓库经过两年工程后于星期二重新开放。"),
        ("KSCms-UHC-H", "항구의 창고가 화요일에 다시 문을 열었다."),
    ],
)
def test_asian_letters_are_read_where_the_font_only_names_its_encoding(cmap, said) -> None:
    assert lines([Text(said, font=cmap)]) == [said]


def test_lines_of_chinese_are_joined_without_a_blank() -> None:
    printed = ("港口的仓库经过两年工程后于星期二重新开", "放，市长表示春天以前将有船回到码头。")
    assert lines(paragraph(printed, font="GBK-EUC-H")) == ["".join(printed)]


def test_letters_that_come_out_as_others_are_refused() -> None:
    page = [
        Text("".join(chr(start + n + row) for n in range(9) for start in letters), y=720 - 12 * row, font=font)
        for row in range(9)
        for font, letters in (("EUC-H", (0x391, 0x410, 0x3042)), ("KSCms-UHC-H", (0xAC00,)), ("roman", (0xC0, 0xE0)))
    ]
    with pytest.raises(Unreadable, match=r"a\.pdf: the letters of this PDF come out as others"):
        read_pdf(pdf([page]), "a.pdf")


# ---------------------------------------------------------------- what it says of itself


def test_it_says_its_title_author_and_day() -> None:
    page = [Text("The bridge closes", size=18), *paragraph(LEFT, y=690)]
    info = {"Title": "The bridge closes", "Author": "Ann  Lee", "CreationDate": "D:20210914090000+02'00'"}
    found = read_pdf(pdf([page], info=info), "a.pdf")
    assert (found.title, found.author) == ("The bridge closes", "Ann Lee")
    assert found.published == datetime(2021, 9, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize("named", ["10811.exe", "Microsoft Word - bridge_v2_final.doc", "untitled", ""])
def test_what_a_program_named_after_a_file_is_no_title_but_the_largest_type_is(named) -> None:
    page = [Text("The Northern Bridge", size=18), Text("Closes For Two Years", y=698, size=18), *paragraph(LEFT, y=660)]
    assert read_pdf(pdf([page], info={"Title": named}), "a.pdf").title == "The Northern Bridge Closes For Two Years"


def test_a_chinese_title_counts_where_its_characters_stand_in_the_text() -> None:
    page = [Text("关于港口仓库重新开放的说明", size=18, font="GBK-EUC-H"), Text("二年", y=690, font="GBK-EUC-H")]
    found = read_pdf(pdf([page], info={"Title": "港口：关于仓库重新开放的说明"}), "a.pdf")
    assert found.title == "港口：关于仓库重新开放的说明"


def test_without_any_title_the_first_line_serves() -> None:
    body = pdf([paragraph(("The bridge", *LEFT))], info={"Title": "10811.exe"})
    assert prepare(RawItem("file:///a.pdf", body, "application/pdf")).article.title == "The bridge"


@pytest.mark.parametrize("stated", ["yesterday", "D:2021", "D:99999999"])
def test_a_day_that_is_none_is_none(stated) -> None:
    assert read_pdf(pdf([paragraph(LEFT)], info={"CreationDate": stated}), "a.pdf").published is None


# ---------------------------------------------------------------- what cannot be read


def test_pictures_and_passwords_are_told_apart() -> None:
    with pytest.raises(Unreadable, match=r"a\.pdf: this PDF has no text"):
        read_pdf(pdf([[]]), "a.pdf")
    with pytest.raises(Unreadable, match=r"a\.pdf: this PDF asks for a password"):
        read_pdf(pdf([paragraph(LEFT)], locked=True), "a.pdf")


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4", b"no pdf", pdf([paragraph(LEFT)])[:300]])
def test_a_broken_file_is_one_clear_line(body) -> None:
    with pytest.raises(Unreadable, match=r"a\.pdf: (not a valid PDF|this PDF has no text)"):
        read_pdf(body, "a.pdf")


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 900), st.binary(min_size=1, max_size=20))
def test_whatever_is_damaged_it_is_read_or_refused(place, junk) -> None:
    whole = pdf([paragraph(LEFT), paragraph(RIGHT)])
    with contextlib.suppress(Unreadable):
        read_pdf(whole[:place] + junk + whole[place + len(junk) :], "a.pdf")


def test_a_worker_reads_it_within_its_limits() -> None:
    item = RawItem("file:///a.pdf", pdf([paragraph(LEFT)] * 50), "application/pdf")
    with Workers(1, megabytes=256) as workers:
        (found,) = workers.map(prepare, [item])
    assert isinstance(found, Analysed)
