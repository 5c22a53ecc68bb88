"""Draws the page from its template; every word passes through `plain` and is escaped for HTML."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from mfaaudit import shipped
from mfaaudit.reports.document import ChartKind, ColumnKind, Document, Tone
from mfaaudit.reports.page import charts, rows
from mfaaudit.reports.page.words import look, sort_key, words
from mfaaudit.reports.plain import plain


def parts_of(document: Document) -> Iterator[str]:
    """The page piece by piece, of which a list to search in is the largest."""
    folder = shipped.templates()
    style = folder.joinpath("report.css").read_text(encoding="utf-8")
    script = folder.joinpath("report.js").read_text(encoding="utf-8")
    template = _environment().from_string(folder.joinpath("report.html").read_text(encoding="utf-8"))
    return template.generate(
        document=document,
        style=Markup(style),  # noqa: S704 our own file
        script=Markup(script),  # noqa: S704 our own file
        policy=_policy(style, script),
        left_out=[section.title for section in document.sections if not section.on_page],
    )


def _policy(style: str, script: str) -> str:
    # The page may load nothing, send nothing and run nothing but these two.
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _environment() -> Environment:
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Text that came from a file with other line ends must still fit the hashes in the policy.
        newline_sequence="\n",
    )
    made.globals.update(
        ChartKind=ChartKind,
        ColumnKind=ColumnKind,
        Tone=Tone,
        bars=charts.bars,
        colour=charts.colour,
        data=rows.data,
        lines=charts.lines,
        look=look,
        sort_key=sort_key,
        words=words,
    )
    return made


def _harmless(value: Any) -> Any:
    return value if isinstance(value, Markup) else plain(str(value))
