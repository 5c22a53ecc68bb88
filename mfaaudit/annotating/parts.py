"""What is read of the small parts of a workbook: links, sheets, formats, shared texts; as a stream, never as a tree."""

from __future__ import annotations

import posixpath
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree
from openpyxl.packaging.relationship import get_rels_path
from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from mfaaudit.annotating.archive import Archive

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
SUBJECT = "{http://purl.org/dc/elements/1.1/}subject"
LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
WORKBOOKS = tuple(
    f"application/vnd.{kind}.main+xml"
    for kind in (
        "ms-excel.template.macroEnabled",
        "openxmlformats-officedocument.spreadsheetml.template",
        "ms-excel.sheet.macroEnabled",
        "openxmlformats-officedocument.spreadsheetml.sheet",
    )
)
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
CHUNK = 64 << 10
LONGEST_PIECE = 2 << 20
"""Bytes between two elements that are taken: a row of a sheet, or everything before its first."""
MOST_TAGS = 1_000_000
"""Of a part that is no sheet and holds no texts."""
MOST_STYLES = 65_536
"""Formats of cells; Excel takes 65,490."""
LONGEST_TEXT = 131_072
"""Bytes of a text that cells share; Excel takes 32,767 characters."""
MOST_AT_HAND = 1 << 20
"""Characters of shared texts that are kept at hand after a cell had them."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one part to another."""

    id: str
    type: str
    target: str


def elements(archive: Archive, name: str, tags: Iterable[str], *, most_tags: int = MOST_TAGS) -> Iterator[Any]:
    """The elements of a part that have one of these tags, one at a time: each is emptied before the next.

    Raises UsageProblem for a part in which too much stands between two of them, or that has too many tags.
    """
    parser = _parser("end", tags)
    with archive.open(name) as part:
        since, count = 0, 0
        while chunk := part.read(CHUNK):
            count += chunk.count(b"<")
            if count > most_tags:
                raise archive.unfit(name, f"has more than {most_tags:,} tags")
            parser.feed(chunk)
            since += len(chunk)
            for _, element in parser.read_events():
                since = 0
                yield element
                _forget(element)
            if since > LONGEST_PIECE:
                raise archive.unfit(name, f"has a row or another piece of more than {LONGEST_PIECE >> 20} MiB")
        parser.close()


def _parser(event: str, tags: Iterable[str]) -> Any:
    return etree.XMLPullParser(
        events=(event,),
        tag=tuple(tags),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )


def _forget(element: Any) -> None:
    """Frees an element, and all that stands before it in the part."""
    element.clear()
    while (parent := element.getparent()) is not None:
        while element.getprevious() is not None:
            del parent[0]
        element = parent


def links_of(archive: Archive, name: str) -> list[Link]:
    """The links of a part to others of the same workbook."""
    file: str = get_rels_path(name)  # type: ignore[no-untyped-call]
    if file not in archive.names:
        return []
    parent = posixpath.dirname(name)
    links = []
    for link in elements(archive, file, [f"{LINKS}Relationship"]):
        # A link to a web page leads to no part, and a sheet may have as many as it has rows.
        if link.get("TargetMode") != "External":
            links.append(Link(link.get("Id", ""), link.get("Type", ""), _path(parent, link.get("Target", ""))))
        if len(links) > archive.bounds.most_parts:
            raise archive.unfit(file, f"has more than {archive.bounds.most_parts:,} links")
    return links


def _path(parent: str, target: str) -> str:
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(parent, target))


def parts_by_kind(archive: Archive) -> tuple[str, str | None]:
    """The part that is the workbook, and the one with the texts that cells share, if any.

    Raises ValueError if there is no workbook.
    """
    found: dict[str, str] = {}
    by_default = set()
    tags = (f"{TYPES}Override", f"{TYPES}Default")
    for each in elements(archive, "[Content_Types].xml", tags):
        kind = each.get("ContentType", "")
        if kind in (*WORKBOOKS, STRINGS):
            if each.tag == tags[0]:
                found.setdefault(kind, each.get("PartName", "")[1:])
            else:
                by_default.add(kind)
    books = [found[kind] for kind in WORKBOOKS if kind in found]
    if not books and not by_default.intersection(WORKBOOKS):
        raise ValueError("it has no workbook part")
    return (books[0] if books else "xl/workbook.xml"), found.get(STRINGS)


def subject_of(archive: Archive) -> str:
    """The subject in the properties of a workbook."""
    if "docProps/core.xml" not in archive.names:
        return ""
    return next((each.text or "" for each in elements(archive, "docProps/core.xml", [SUBJECT])), "")


@dataclass(frozen=True, slots=True)
class Named:
    """What the workbook part says: which day is the first, and the sheets with the ids of their links."""

    epoch: datetime
    sheets: tuple[tuple[str, str], ...]


def named_sheets(archive: Archive, name: str) -> Named:
    """The sheets of a workbook in their order."""
    epoch, sheets = CALENDAR_WINDOWS_1900, []
    tags = [f"{MAIN}{tag}" for tag in ("workbookPr", "sheet", "definedName", "pivotCache", "externalReference")]
    for each in elements(archive, name, tags):
        if each.tag == tags[0] and each.get("date1904") in ("1", "true", "t"):
            epoch = CALENDAR_MAC_1904
        elif each.tag == tags[1] and each.get(LINK_ID):
            sheets.append((each.get("name", ""), each.get(LINK_ID, "")))
    return Named(epoch, tuple(sheets))


def root_of(archive: Archive, name: str, tag: str) -> Mapping[str, str]:
    """The attributes of a part's outermost element. Raises ValueError if it is another one, or there is none."""
    parser = _parser("start", ["*"])
    with archive.open(name) as part:
        for _ in range(LONGEST_PIECE // CHUNK):
            parser.feed(part.read(CHUNK))
            for _, element in parser.read_events():
                if element.tag == tag:
                    return dict(element.attrib)
                raise ValueError(f"{name} begins with {element.tag}")
    raise ValueError(f"{name} is empty")


def dated_styles(archive: Archive, name: str) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the cell formats that show a day or a time, and of those that show a length of time."""
    tags = [f"{MAIN}{tag}" for tag in ("numFmt", "xf", "font", "fill", "border", "dxf", "cellStyle", "color", "ext")]
    codes: dict[int, str] = {}
    formats = []
    for each in elements(archive, name, tags):
        parent = each.getparent()
        if each.tag == tags[0] and parent is not None and parent.tag == f"{MAIN}numFmts":
            codes[int(each.get("numFmtId", "-1"))] = each.get("formatCode", "")[:255]
        elif each.tag == tags[1] and parent is not None and parent.tag == f"{MAIN}cellXfs":
            formats.append(int(each.get("numFmtId", "0")))
        if len(codes) > MOST_STYLES or len(formats) > MOST_STYLES:
            raise archive.unfit(name, f"has more than {MOST_STYLES:,} formats")
    shown: list[Any] = [codes[number] if number in codes else builtin_format_code(number) for number in formats]
    days = frozenset(at for at, code in enumerate(shown) if is_date_format(code))
    lengths = frozenset(at for at, code in enumerate(shown) if is_timedelta_format(code))
    return days, lengths


class Strings:
    """The texts that cells share, end to end in one block of bytes: a list of them would take several times as much."""

    def __init__(self, archive: Archive, name: str | None) -> None:
        """Reads them. Raises UsageProblem if there are too many."""
        self._archive = archive
        self._name = name
        self._content = bytearray()
        self._ends = array("Q", [0])
        self._at_hand: dict[int, str] = {}
        self._characters = 0
        if name is not None:
            self._read(archive, name)

    def __getitem__(self, index: int) -> str:
        text = self._at_hand.get(index)
        if text is None:
            text = self._decoded(index)
            self._characters += len(text)
            if self._characters > MOST_AT_HAND:
                self._at_hand.clear()
                self._characters = len(text)
            self._at_hand[index] = text
        return text

    def _decoded(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise IndexError(f"there is no shared text {index}")
        start, end = self._ends[index], self._ends[index + 1]
        if end - start > LONGEST_TEXT and self._name is not None:
            raise self._archive.unfit(self._name, f"has a text of more than {LONGEST_TEXT >> 10} KiB in a cell")
        return self._content[start:end].decode("utf-8")

    def _read(self, archive: Archive, name: str) -> None:
        most = archive.bounds.most_strings
        for each in elements(archive, name, [f"{MAIN}si"], most_tags=most * 64):
            if len(self._ends) > most:
                raise archive.unfit(name, f"has more than {most:,} texts")
            # What openpyxl makes of an escaped underscore.
            self._content += text_of(each).replace("x005F_", "").encode("utf-8", "surrogatepass")
            self._ends.append(len(self._content))


def text_of(element: Any) -> str:
    """The text of a cell or of a shared text, without its formats and without how it is pronounced."""
    plain = [each.text or "" for each in element.findall(f"{MAIN}t")]
    return "".join([*plain[-1:], *(each.text or "" for each in element.iterfind(f"{MAIN}r/{MAIN}t"))])
