"""Workbooks that want to do harm: each is a report, in which one part was put in the place of another, or added."""

import re
import sys
import tempfile
import zipfile
from pathlib import Path

MIB = 1 << 20
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STYLES, TABLE = "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/tables/table1.xml"
STRINGS = "xl/sharedStrings.xml"
STRINGS_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
LIMIT = 60 * MIB
"""Bytes to unpack: what a single part may have, nearly."""


class Repeated:
    """A part that begins, goes on with the same bytes for as long as it is allowed to, and ends."""

    def __init__(self, begin, again, end=b"", size=LIMIT):
        self.begin, self.again, self.end, self.count = begin, again, end, max(1, size // len(again))

    def write(self, part, share):
        count = max(1, int(self.count * share))
        part.write(self.begin)
        block = max(1, MIB // len(self.again))
        for at in range(0, count, block):
            part.write(self.again * min(block, count - at))
        part.write(self.end)


class Findings(Repeated):
    """The sheet of findings as far as its headings, which goes on in another way."""


def sheet(again, before=b"", end=b"</sheetData></worksheet>", size=LIMIT):
    """A sheet of findings whose rows, or what is in them, come again and again."""
    return Findings(before, again, end, size)


def beside(tag, again, size=LIMIT):
    """A sheet of findings without a row that holds one list of another kind."""
    return Findings(b"</sheetData><" + tag + b">", again, b"</" + tag + b"></worksheet>", size)


def styles(again, tag=b"fonts", size=LIMIT):
    return Repeated(b"<styleSheet " + MAIN + b"><" + tag + b">", again, b"</" + tag + b"></styleSheet>", size)


def strings(again, size=LIMIT):
    return Repeated(b"<sst " + MAIN + b">", again, b"</sst>", size)


def decided(cell, size=LIMIT):
    """A sheet of findings that has something in every cell of every row."""
    return sheet(b"<row>" + cell * 12 + b"</row>", size=size)


class Different(Findings):
    """A sheet in which no two tags have the same name."""

    def __init__(self):
        super().__init__(b"", b"-")

    def write(self, part, share):
        part.write(self.begin)
        part.writelines(b"<row%d/>" % at for at in range(int(4_000_000 * share)))
        part.write(b"</sheetData></worksheet>")


class Numbered(Findings):
    """Rows of findings whose cells all have texts of their own."""

    def __init__(self):
        super().__init__(b"", b"-")

    def write(self, part, share):
        part.write(self.begin)
        for row in range(int(10_000 * share)):
            cells = b"".join(b'<c t="s"><v>%d</v></c>' % ((row * 12 + at) % int(3_000 * share)) for at in range(12))
            part.write(b"<row>" + cells + b"</row>")
        part.write(b"</sheetData></worksheet>")


class LongTexts(Repeated):
    """Long texts that differ."""

    def __init__(self):
        super().__init__(b"", b"-")

    def write(self, part, share):
        part.write(b"<sst " + MAIN + b">")
        part.writelines(b"<si><t>%d%s</t></si>" % (at, b"x" * 16_384) for at in range(int(3_000 * share)))
        part.write(b"</sst>")


HARMFUL = {
    "fonts": {STYLES: styles(b"<font/>", size=200 * MIB)},
    "fonts within the bound": {STYLES: styles(b"<font/>")},
    "formats": {STYLES: styles(b"<xf/>", b"cellXfs")},
    "number formats": {STYLES: styles(b'<numFmt numFmtId="5" formatCode="d"/>', b"numFmts")},
    "nested styles": {STYLES: Repeated(b"<styleSheet " + MAIN + b">", b"<a>")},
    "nested rows": {SHEET: sheet(b"<row>")},
    "wrapped rows": {SHEET: sheet(b"<a><row/></a>")},
    "names": {
        "xl/workbook.xml": Repeated(
            b"<workbook " + MAIN + b"><definedNames>",
            b'<definedName name="a">b</definedName>',
            b"</definedNames></workbook>",
        )
    },
    "comment": {SHEET: Repeated(b"<!--", b"x", b"--><worksheet/>", 200 * MIB)},
    "comment of markup": {SHEET: Repeated(b"<!--", b"<a ", b"--><worksheet/>")},
    "comments": {SHEET: sheet(b"<!-- -->")},
    "comment, then a document type": {SHEET: Repeated(b"<!--", b"x", b"--><!DOCTYPE a []><a/>", 200 * MIB)},
    "instruction": {SHEET: Repeated(b"<?a ", b"x", b"?><worksheet/>")},
    "attribute": {SHEET: Repeated(b'<worksheet a="', b"x", b'"/>')},
    "attributes": {SHEET: sheet(b'<row a="1" b="2" c="3" d="4" e="5" f="6"/>')},
    "tag": {SHEET: Repeated(b"<worksheet ", b"x", b"/>")},
    "text": {SHEET: sheet(b"x")},
    "section": {SHEET: Repeated(b"<worksheet><![CDATA[", b"x", b"]]></worksheet>")},
    "empty rows": {SHEET: sheet(b"<row/>")},
    "cells in one row": {SHEET: sheet(b"<c/>", b"<row>")},
    "rows of cells": {SHEET: sheet(b"<row>" + b"<c><v>1</v></c>" * 200 + b"</row>")},
    "decisions": {SHEET: decided(b'<c t="inlineStr"><is><t>x</t></is></c>')},
    "decisions in one long text": {
        SHEET: decided(b'<c t="s"><v>0</v></c>'),
        STRINGS: strings(b"<si><t>" + b"x" * 131_072 + b"</t></si>", 1),
    },
    "decisions in a text that is too long": {
        SHEET: decided(b'<c t="s"><v>0</v></c>'),
        STRINGS: strings(b"<si><t>" + b"x" * 200_000 + b"</t></si>", 1),
    },
    "decisions in many long texts": {SHEET: Numbered(), STRINGS: LongTexts()},
    "formulas": {SHEET: decided(b"<c><f>" + b"A1+" * 2_000 + b"1</f></c>")},
    "numbers": {SHEET: decided(b"<c><v>" + b"9" * 4_000 + b"</v></c>")},
    "a number": {SHEET: decided(b"<c><v>" + b"9" * 5_000 + b"</v></c>")},
    "days": {SHEET: decided(b'<c t="d"><v>9999-99-99T99:99:99</v></c>')},
    "the last row": {SHEET: sheet(b'<row r="1048576"/>')},
    "the same row": {SHEET: sheet(b'<row r="3"/>')},
    "columns": {SHEET: sheet(b"<row>" + b"<c/>" * 20_000 + b"</row>")},
    "the widest dimension": {
        SHEET: Repeated(b"<worksheet " + MAIN + b'><dimension ref="A1:XFD1048576"/>', b" ", b"</worksheet>", 1)
    },
    "merged": {SHEET: beside(b"mergeCells", b'<mergeCell ref="A1:B2"/>')},
    "validations": {SHEET: beside(b"dataValidations", b"<dataValidation/>")},
    "links": {SHEET: beside(b"hyperlinks", b"<hyperlink/>")},
    "something else": {SHEET: beside(b"others", b"<other/>")},
    "strings": {STRINGS: strings(b"<si/>")},
    "texts": {STRINGS: strings(b"<si><t>" + b"x" * 100 + b"</t></si>")},
    "texts of four bytes": {STRINGS: strings("<si><t>😀😀😀😀😀😀😀😀😀😀😀😀</t></si>".encode() * 3)},
    "one text": {STRINGS: Repeated(b"<sst " + MAIN + b"><si><t>", b"x", b"</t></si></sst>")},
    "one text in pieces": {STRINGS: Repeated(b"<sst " + MAIN + b"><si>", b"<r><t>x</t></r>", b"</si></sst>")},
    "names of tags": {SHEET: Different()},
    "types": {
        "[Content_Types].xml": Repeated(
            b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
            b'<Override PartName="/a" ContentType="b"/>',
            b"</Types>",
        )
    },
    "links of the workbook": {
        "xl/_rels/workbook.xml.rels": Repeated(
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">',
            b'<Relationship Id="a" Type="b" Target="c"/>',
            b"</Relationships>",
        )
    },
    "properties": {"docProps/core.xml": Repeated(b"<a>", b"<b/>", b"</a>")},
    "table": {TABLE: Repeated(b"<table " + MAIN + b">", b"<tableColumn/>", b"</table>")},
    "anything": {"xl/anything.dat": Repeated(b"\n <!DOCTYPE a>", b"<a/>")},
}


def repacked(source, target, changes, share=1.0):
    """A workbook with some of its parts replaced, or added; shared texts are made known to it.

    `share` makes the harm smaller.
    """
    with zipfile.ZipFile(source) as old:
        findings = old.read(SHEET)
    headed = max(findings.find(b"Object id"), 0)
    headings = findings[: findings.index(b"</row>", headed) + len(b"</row>")]
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "[Content_Types].xml" and STRINGS in changes:
                kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + STRINGS_TYPE + b'"/></Types>'
                content = content.replace(b"</Types>", kind)
            # Without its table the findings are found by their headings, and end nowhere.
            freed = isinstance(changes.get(SHEET), Findings) and part.filename == "xl/worksheets/_rels/sheet2.xml.rels"
            if part.filename not in changes and not freed:
                new.writestr(part.filename, content)
        for name, change in changes.items():
            with new.open(name, "w", force_zip64=True) as part:
                if isinstance(change, Findings):
                    part.write(headings)
                change.write(part, share)
    return target


def _read(name):
    """Reads one of them in full size, and writes the most memory that the process had, in MiB, and what was said."""
    from workbook_by_hand import draw, read

    from mfaaudit.annotating.archive import bounds_for
    from mfaaudit.errors import UsageProblem

    said = "read"
    with tempfile.TemporaryDirectory() as folder:
        report = draw(Path(folder) / "report.xlsx")
        path = repacked(report, Path(folder) / "hostile.xlsx", HARMFUL[name])
        try:
            read(path, bounds=bounds_for(1_000))
        except UsageProblem as problem:
            said = str(problem)
    sys.stdout.write(f"{_peak()} {said}\n")


def _peak():
    """The most memory that this process had, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage says begins, on Linux, with the memory of the process that started this one.
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) >> 10
    import resource

    unit = 1 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // MIB


if __name__ == "__main__":
    _read(sys.argv[1])
