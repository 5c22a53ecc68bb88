"""Which published requirements a rule bears on: those that it names, and the controls of packs that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mfaaudit.findings import Pack, Rule

PAGES = ("Microsoft-Entra", "Microsoft-Graph")
"""What comes before the colon in a reference to a page of documentation, which requires nothing of anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What one rule bears on; each part is empty where there is nothing."""

    control: str
    """The id of the first control that names the rule."""
    standards: tuple[str, ...]
    requirements: tuple[str, ...]
    """Each with the standard that it is of."""
    pages: tuple[str, ...]


def bearing_of(rule: Rule, packs: Sequence[Pack]) -> Bearing:
    """What a rule bears on, as far as the packs say that it was judged with."""
    named = [
        (f"{pack.framework.name} {pack.framework.version}", control.id)
        for pack in packs
        if pack.framework is not None
        for control in pack.controls
        if rule.id in control.rules
    ]
    pages = [one for one in rule.references if one.partition(":")[0] in PAGES]
    others = [one for one in rule.references if one not in pages]
    return Bearing(
        control=named[0][1] if named else "",
        standards=tuple(dict.fromkeys((*(one for one, _ in named), *(one.partition(":")[0] for one in others)))),
        requirements=tuple(dict.fromkeys((*(f"{standard}: {control}" for standard, control in named), *others))),
        pages=tuple(pages),
    )
