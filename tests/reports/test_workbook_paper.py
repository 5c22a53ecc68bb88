"""How sheets look and print: nothing runs out of the page, the headings stay in view, rows that go on say where."""

import re
import zipfile
from dataclasses import replace
from html import unescape
from itertools import pairwise

import pytest
from by_hand import chart, document
from drawn_book import column, drawn, said, section, table
from openpyxl.utils import column_index_from_string, range_boundaries

from mfaaudit.reports.document import Chart, ChartKind, Column, ColumnKind, Fact, Series
from mfaaudit.reports.workbook import write_workbook
from mfaaudit.reports.workbook.lines import lines_of
from mfaaudit.reports.workbook.setup import edge

LONG = "A sentence of many words that goes on and on, as sentences of reports do. " * 8


def width(sheet, first, last):
    letters = {column_index_from_string(one): made.width for one, made in sheet.column_dimensions.items()}
    return sum(letters[number] for number in range(first, last + 1))


def merged(sheet, cell):
    """The columns of the cell, which may be several."""
    for one in sheet.merged_cells.ranges:
        if one.bounds[:2] == (cell.column, cell.row):
            return one.min_col, one.max_col
    return cell.column, cell.column


def test_long_words_outside_tables_have_room_for_all_their_lines_within_the_page(tmp_path):
    facts = [
        Fact(label="A label of a fact that is rather long itself", value=LONG, note=LONG),
        Fact(label="B", value=1),
    ]
    made = section(table(["a", "b"], note=LONG), table(name="None", columns=table(["a"]).columns, empty=LONG),
                   lead=(LONG, "Short."), facts=facts)  # fmt: skip
    sheet = drawn(tmp_path, made)["Part"]
    printed = range_boundaries(sheet.print_area.rpartition("!")[2].replace("$", ""))
    longs = [cell for row in sheet.iter_rows() for cell in row if cell.value == LONG]
    assert len(longs) == 5
    for cell in longs:
        first, last = merged(sheet, cell)
        assert last <= printed[2]
        assert cell.alignment.wrap_text
        lines = lines_of(LONG, width(sheet, first, last))
        assert lines > 1
        assert sheet.row_dimensions[cell.row].height >= 13 * lines
    assert 120 <= width(sheet, *merged(sheet, longs[0])) <= 170


def test_a_long_name_has_some_lines_and_does_not_push_the_others_out_of_sight(tmp_path):
    columns = [
        Column(key="a", title="Name", width=20),
        Column(key="b", title="Words", kind=ColumnKind.LONG_TEXT, width=40),
    ]
    sheet = drawn(tmp_path, section(table(["x" * 9_000, "short"], ["y", LONG], ["z", "z"], columns=columns)))["Part"]
    endless, prose, short = column(sheet, "Things", "Name")
    assert sheet.row_dimensions[endless.row].height == 3 + 4 * 13
    assert endless.alignment.wrap_text
    assert sheet.row_dimensions[prose.row].height > 100
    assert sheet.row_dimensions[short.row].height is None


@pytest.mark.parametrize(
    ("text", "wide", "lines"),
    [("", 10, 1), ("a" * 10, 10, 1), ("a" * 30, 10, 3), ("aaaa bbbb cccc", 5, 3), ("王" * 10, 10, 2), ("A" * 10, 10, 2),
     ("some/long/path/of/words", 12, 2)],
)  # fmt: skip
def test_lines_are_counted_as_they_break(text, wide, lines):
    assert lines_of(text, wide) == lines


def test_columns_at_the_end_that_no_paper_needs_are_not_printed(tmp_path):
    columns = [Column(key=f"c{n}", title=f"Column {n}", width=60, on_paper=n in (0, 2)) for n in range(5)]
    sheet = drawn(tmp_path, section(table(list("abcde"), columns=columns)))["Part"]
    assert re.fullmatch(r"'Part'!\$A\$1:\$C\$\d+", sheet.print_area)


@pytest.mark.parametrize(("count", "paper", "pages"), [(4, "9", 1), (7, "9", 1), (10, "8", 1), (30, "8", 3)])
def test_wide_tables_are_printed_on_larger_paper_and_then_on_more_pages_with_the_first_column_on_each(
    tmp_path, count, paper, pages
):
    columns = [Column(key=f"c{n}", title=f"Column {n}", width=33) for n in range(count)]
    sheet = drawn(tmp_path, section(table(["x"] * count, columns=columns)))["Part"]
    assert str(sheet.page_setup.paperSize) == paper
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (pages, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_cols == ("$A:$A" if pages > 1 else None)


def test_the_header_stays_below_a_few_facts_and_not_below_many_or_a_chart(tmp_path):
    few = [Fact(label=f"Fact {n}", value=n) for n in range(3)]
    for number, (facts, charts, frozen) in enumerate(
        [((), (), True), (few, (), True), (few * 10, (), False), ((), (chart(),), False)]
    ):
        sheet = drawn(tmp_path, section(table(["a", "b"]), title=f"Part {number}", facts=facts, charts=charts))[
            f"Part {number}"
        ]
        (made,) = sheet.tables.values()
        head = int(re.sub("[A-Z]", "", made.ref.split(":")[0]))
        assert sheet.freeze_panes == (f"B{head + 1}" if frozen else None)
        assert sheet.print_title_rows == f"${head}:${head}"


def test_the_header_of_the_last_table_alone_is_printed_above_what_goes_on(tmp_path):
    first, last = table(["a", "b"], name="First"), table(["c", "d"], name="Last")
    third = table(["e", "f"], name="Third")
    more = section(title="More", sheet="Both", lead=("Words.",))
    book = drawn(tmp_path, section(first, last, title="Two"), section(third, title="Both"), more)
    head = int(re.sub("[A-Z]", "", book["Two"].tables["Last"].ref.split(":")[0]))
    assert book["Two"].print_title_rows == f"${head}:${head}"
    assert book["Both"].print_title_rows is None, "words follow, and are no rows of the table"
    assert book["Two"].freeze_panes is None


def test_columns_that_would_fill_the_screen_do_not_stay_in_view(tmp_path):
    columns = [Column(key=f"c{n}", title=f"Column {n}", width=45) for n in range(5)]
    sheet = drawn(tmp_path, section(table(list("abcde"), columns=columns, key_columns=4)))["Part"]
    assert sheet.freeze_panes.startswith("C")


def test_numbers_and_times_have_room_whatever_the_column_asks(tmp_path):
    kinds = (ColumnKind.TIME, ColumnKind.NUMBER, ColumnKind.PERCENT, ColumnKind.BOOLEAN, ColumnKind.VERDICT)
    columns = [Column(key=f"c{n}", title=f"C {n}", kind=kind, width=2) for n, kind in enumerate(kinds)]
    columns.append(Column(key="long", title="Incomprehensibilities", width=2))
    sheet = drawn(tmp_path, section(table([None] * 6, columns=columns)))["Part"]
    assert [width(sheet, n, n) for n in range(1, 6)] == [20, 10, 10, 9, 18]
    assert width(sheet, 6, 6) >= 21


def test_rows_that_go_on_over_another_sheet_say_so_on_both(tmp_path):
    rows = [[f"user {number}", "x"] for number in range(95)]
    book = drawn(tmp_path, section(table(*rows), title="A list of everybody, very long"), rows_per_sheet=40)
    titles = book.sheetnames[1:]
    assert titles == [
        "A list of everybody, very long",
        "A list of everybody, very (2)",
        "A list of everybody, very (3)",
    ]
    notices = [next(one for one in said(book[title]) if one.startswith("Rows ")) for title in titles]
    counts = [[int(one) for one in re.findall(r"\d+", text.split(" of 95")[0])] for text in notices]
    parts = [[cell.value for cell in column(book[title], name, "Column 0")]
             for title in titles for name in book[title].tables]  # fmt: skip
    assert [one for part in parts for one in part] == [row[0] for row in rows]
    assert counts[0][0] == 1
    assert counts[-1][1] == 95
    for (first, last), part in zip(counts, parts, strict=True):
        assert part == [row[0] for row in rows[first - 1 : last]]
    assert f"It goes on over the sheet {titles[1]}." in notices[0]
    assert f"The rows before stand on the sheet {titles[0]}." in notices[1]
    assert f"It goes on over the sheet {titles[2]}." in notices[1]
    assert "goes on" not in notices[2]
    assert all(book[title].max_row <= 40 for title in titles)
    assert all(book[title].freeze_panes for title in titles)


@pytest.mark.parametrize("count", range(28, 42))
def test_a_table_that_just_fits_is_on_one_sheet_and_the_next_table_on_the_next(tmp_path, count):
    first = table(*(["a", "b"] for _ in range(count)))
    second = table(*(["c", "d"] for _ in range(3)), name="Others")
    book = drawn(tmp_path, section(first, second), rows_per_sheet=40)
    assert all(sheet.max_row <= 40 for sheet in book)
    found = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.column == 1]
    assert found.count("a") == count
    assert found.count("c") == 3
    for sheet in book:
        ends = sorted(range_boundaries(one.ref)[1::2] for one in sheet.tables.values())
        assert all(one[1] < other[0] for one, other in pairwise(ends))


def test_an_edge_of_a_page_has_no_codes_of_a_tenant_and_no_more_than_excel_takes(tmp_path):
    for text in ("R&D", "&P&N", "&" * 300, "🦄" * 300, "x" * 300, "a\x00b"):
        shown = edge(text, 120)
        assert not shown.replace("&&", "").count("&")
        assert len(shown.encode("utf-16-le")) // 2 <= 120
        assert "\x00" not in shown
    path = tmp_path / "edges.xlsx"
    wild = replace(document(), subtitle="&" * 500, run_id="&" * 500, classification="&" * 500, title="T" * 50)
    write_workbook(wild, path)
    with zipfile.ZipFile(path) as archive:
        text = unescape(archive.read("xl/worksheets/sheet2.xml").decode())
    for name in ("oddHeader", "oddFooter"):
        assert len(re.search(f"<{name}>(.*?)</{name}>", text)[1]) <= 255


def test_charts_of_a_sheet_do_not_lie_over_each_other_or_over_a_table(tmp_path):
    many = Chart(name="Many", title="Many", kind=ChartKind.BARS, categories=[f"R-{n}" for n in range(30)],
                 series=(Series(name="Fail", values=range(30)),), summary="Many.")  # fmt: skip
    sheet = drawn(tmp_path, section(table(["a", "b"]), charts=(chart(), many, chart())))["Part"]
    ends = 0
    for one in sheet._charts:
        top = one.anchor._from.row + 1
        assert top > ends
        ends = top + one.anchor.ext.height / 12_700 / 15
        assert all(sheet.row_dimensions[row].height == 15 for row in range(top, int(ends)))
    (made,) = sheet.tables.values()
    assert range_boundaries(made.ref)[1] > ends


def test_a_gap_is_a_gap_and_the_numbers_of_a_chart_have_their_title(tmp_path):
    (one,) = drawn(tmp_path, section(charts=(chart(),)))["Part"]._charts
    assert one.display_blanks == "gap"
    assert one.y_axis.title.tx.rich.p[0].r[0].t == "Sign-ins"
    assert one.y_axis.delete is False
    assert one.x_axis.delete is False
    strokes = {(series.graphicalProperties.line.dashStyle, series.marker.symbol) for series in one.series}
    assert len(strokes) == 2, "lines are told apart without colour"


def test_a_book_without_charts_has_no_numbers_for_them(tmp_path):
    assert drawn(tmp_path, section(table(["a"]))).sheetnames == ["Cover", "Part"]


def test_the_cover_is_one_page_upright(tmp_path):
    cover = drawn(tmp_path, section(table(["a"])))["Cover"]
    assert cover.page_setup.orientation == "portrait"
    assert (cover.page_setup.fitToWidth, cover.page_setup.fitToHeight) == (1, 1)
    assert cover.print_area == f"'Cover'!$A$1:$E${cover.max_row}"
