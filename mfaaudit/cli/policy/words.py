"""Packs, rules and controls in a line or a paragraph."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import click

from mfaaudit.declared.words import ANY

if TYPE_CHECKING:
    from mfaaudit.findings import Control, Pack, Rule

WIDTH = 100
BEARING = {"full": "decides", "partly": "is evidence for", "manual": "says nothing of"}


def head(pack: Pack) -> str:
    """Id, version and title."""
    return f"{pack.id} {pack.version}  {pack.title}"


def summary(pack: Pack) -> str:
    """How much there is in a pack, and for whom it is."""
    parts = [counted(len(pack.rules), "rule")]
    if pack.framework is not None:
        parts.append(f"{_controls(pack)} of {framework(pack)}")
    parts.append("any posture" if pack.posture == ANY else f"posture {pack.posture}")
    if pack.judges != "tenant":
        parts.append("judges the data")
    return " · ".join(parts)


def framework(pack: Pack) -> str:
    """The published text that the pack renders, and from where that is known; empty if it renders none."""
    if pack.framework is None:
        return ""
    known = " (known from secondary sources)" if pack.framework.source == "secondary" else ""
    return f"{pack.framework.name} {pack.framework.version}{known}"


def needs(pack: Pack) -> list[str]:
    """What only its user can know, a sentence a list."""
    return [f"needs the list {name}: {what}" for name, what in pack.fill_in.items()]


def _controls(pack: Pack) -> str:
    found = Counter(one.assessment for one in pack.controls)
    detail = (
        ", ".join(f"{found[one]} {one}" for one in type(pack.controls[0].assessment) if found[one]) if found else ""
    )
    return counted(len(pack.controls), "control") + (f" ({detail})" if detail else "")


def counted(number: int, what: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def controls_of(rule: Rule, pack: Pack) -> list[Control]:
    """The controls of the pack's framework that a rule bears on."""
    return [one for one in pack.controls if rule.id in one.rules]


def bearing(rule: Rule, pack: Pack) -> str:
    """Which controls a rule decides or is evidence for, in a sentence; empty if there are none."""
    parts = []
    for assessment, verb in BEARING.items():
        ids = [one.id for one in controls_of(rule, pack) if one.assessment == assessment]
        if ids:
            parts.append(f"{verb} {', '.join(ids)}")
    if not parts:
        return ""
    where = f" of {framework(pack)}" if pack.framework is not None else ""
    text = f"{' and '.join(parts)}{where}."
    return text[:1].upper() + text[1:]


def paragraph(text: str, *, indent: str = "") -> None:
    """Prints a text, wrapped; whatever a file holds of control characters is shown as a mark."""
    from mfaaudit.reports.plain import plain

    # A name is not broken, so that it can be searched for.
    wrapped = textwrap.fill(
        plain(text.strip().replace("\n", " ")),
        width=WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    click.echo(wrapped)


def line(text: str, *, bold: bool = False, fg: str | None = None) -> None:
    """Prints a text in one line, as `paragraph` does."""
    from mfaaudit.reports.plain import plain

    click.secho(plain(text), bold=bold, fg=fg)
