"""Workbooks that want to do harm: each is a report, in which one part was put in the place of another, or added."""

import zipfile

from workbook_by_hand import RUN

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

    def write(self, part):
        part.write(self.begin)
        block = max(1, MIB // len(self.again))
        for at in range(0, self.count, block):
            part.write(self.again * min(block, self.count - at))
        part.write(self.end)


def sheet(again, before=b"", end=b"</sheetData></worksheet>", size=LIMIT):
    """A sheet whose rows, or what is in them, come again and again."""
    return Repeated(b"<worksheet " + MAIN + b"><sheetData>" + before, again, end, size)


def beside(tag, again, size=LIMIT):
    """A sheet without rows that holds one list of another kind."""
    return Repeated(
        b"<worksheet " + MAIN + b"><sheetData/><" + tag + b">", again, b"</" + tag + b"></worksheet>", size
    )


def styles(again, tag=b"fonts", size=LIMIT):
    return Repeated(b"<styleSheet " + MAIN + b"><" + tag + b">", again, b"</" + tag + b"></styleSheet>", size)


def strings(again, size=LIMIT):
    return Repeated(b"<sst " + MAIN + b">", again, b"</sst>", size)


def decided(parts):
    """A sheet of findings in each of whose rows a decision stands, as long as a cell may be, in one shared text."""
    head = parts[SHEET].index(b"<sheetData>") + len(b"<sheetData>")
    begins = parts[SHEET].index(b'<row r="', parts[SHEET].index(b"Object id"))
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 12 + b"</row>"
    return Repeated(parts[SHEET][:begins].replace(b"", b""), row, b"</sheetData></worksheet>") if head else None


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
            b"<workbook " + MAIN + b"><definedNames>", b'<definedName name="a">b</definedName>', b"</definedNames></workbook>"
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
    "merged": {SHEET: beside(b"mergeCells", b'<mergeCell ref="A1:B2"/>')},
    "validations": {SHEET: beside(b"dataValidations", b"<dataValidation/>")},
    "links": {SHEET: beside(b"hyperlinks", b"<hyperlink/>")},
    "something else": {SHEET: beside(b"others", b"<other/>")},
    "strings": {STRINGS: strings(b"<si/>")},
    "texts": {STRINGS: strings(b"<si><t>" + b"x" * 100 + b"</t></si>")},
    "texts of four bytes": {STRINGS: strings("<si><t>😀😀😀😀😀😀😀😀😀😀😀😀</t></si>".encode() * 3)},
    "one text": {STRINGS: Repeated(b"<sst " + MAIN + b"><si><t>", b"x", b"</t></si></sst>")},
    "one text in pieces": {STRINGS: Repeated(b"<sst " + MAIN + b"><si>", b"<r><t>x</t></r>", b"</si></sst>")},
    "names of tags": {SHEET: None},
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


class Different(Repeated):
    """A part in which no two tags have the same name."""

    def write(self, part):
        part.write(self.begin)
        part.writelines(b"<row%d/>" % at for at in range(4_000_000))
        part.write(self.end)


HARMFUL["names of tags"] = {SHEET: Different(b"<worksheet " + MAIN + b"><sheetData>", b"-", b"</sheetData></worksheet>")}


def repacked(source, target, changes):
    """A workbook with some of its parts replaced, or added; shared texts are made known to it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "[Content_Types].xml" and STRINGS in changes:
                kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + STRINGS_TYPE + b'"/></Types>'
                content = content.replace(b"</Types>", kind)
            if part.filename not in changes:
                new.writestr(part.filename, content)
        for name, change in changes.items():
            with new.open(name, "w", force_zip64=True) as part:
                if isinstance(change, bytes):
                    part.write(change)
                else:
                    change.write(part)
    assert RUN
    return target
