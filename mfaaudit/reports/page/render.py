"""Draws the page from its template; every word passes through `plain` and is escaped for HTML."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from mfaaudit import shipped
from mfaaudit.reports.document import ChartKind, ColumnKind, Document, Tone
from mfaaudit.reports.page import charts, lists, wording
from mfaaudit.reports.page.order import arranged
from mfaaudit.reports.page.ready_rows import ready_rows, shown
from mfaaudit.reports.page.words import look, words
from mfaaudit.reports.plain import plain

STYLES = ("colours", "page", "parts", "charts", "tables", "lists", "drawer", "paper")
SCRIPTS = (
    *("elements", "packed", "rows", "people", "choices", "list", "export", "drawer", "paper", "tables", "theme"),
    "start",
)


def parts_of(document: Document) -> Iterator[str]:
    """The page piece by piece, of which the data of its lists is the largest."""
    template = _compiled(_text("report.html"))
    style, script = style_of_page(), script_of_page()
    return template.generate(
        page=arranged(document),
        document=document,
        style=Markup(style),  # noqa: S704 our own file
        script=Markup(script),  # noqa: S704 our own file
        policy=_policy(style, script),
        without_script=lists.WITHOUT_SCRIPT,
    )


def style_of_page() -> str:
    """All styles, in one."""
    return "".join(_text(f"styles/{name}.css") for name in STYLES)


def script_of_page() -> str:
    """All scripts, in one, behind the words that they say."""
    said = json.dumps(wording.of_script(), ensure_ascii=False, indent=1, sort_keys=True).replace("<", "\\u003c")
    return f'"use strict";\nconst WORDS = {said};\n' + "".join(_text(f"scripts/{name}.js") for name in SCRIPTS)


def _text(name: str) -> str:
    return shipped.templates().joinpath(*name.split("/")).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    # The page may load nothing, send nothing and run nothing but these two.
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


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
        columns_of=lists.columns_of,
        data=lists.data,
        language=wording.LANGUAGE,
        lines=charts.lines,
        look=look,
        ready_rows=ready_rows,
        say=wording.OF_TEMPLATE,
        shown=shown,
        words=words,
    )
    return made


def _harmless(value: Any) -> Any:
    return value if isinstance(value, Markup) else plain(str(value))
