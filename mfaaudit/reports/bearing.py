"""Which published requirements a rule bears on: those that it names, and the controls of packs that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mfaaudit.findings import Assessment, Control, Pack, Rule

PAGES = ("Microsoft-Entra", "Microsoft-Graph")
"""What comes before the colon in a reference to a page of documentation, which requires nothing of anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What one rule bears on; each part is empty where there is nothing."""

    control: str
    """The id of the first control that names the rule."""
    decides: bool
    """Whether the rule alone decides that control: then it is met where the rule passes."""
    standards: tuple[str, ...]
    requirements: tuple[str, ...]
    """Each with the standard that it is of."""
    pages: tuple[str, ...]


def bearing_of(rule: Rule, packs: Sequence[Pack]) -> Bearing:
    """What a rule bears on, as far as the packs say that it was judged with."""
    named = [
        (f"{pack.framework.name} {pack.framework.version}", control, _decides(rule, pack, control))
        for pack in packs
        if pack.framework is not None
        for control in pack.controls
        if rule.id in control.rules
    ]
    pages = [one for one in rule.references if one.partition(":")[0] in PAGES]
    others = [one for one in rule.references if one not in pages]
    return Bearing(
        control=named[0][1].id if named else "",
        decides=bool(named) and named[0][2],
        standards=tuple(dict.fromkeys((*(one for one, *_ in named), *(one.partition(":")[0] for one in others)))),
        requirements=tuple(dict.fromkeys((*(f"{standard}: {control.id}" for standard, control, _ in named), *others))),
        pages=tuple(pages),
    )


def _decides(rule: Rule, pack: Pack, control: Control) -> bool:
    # What a pack leaves out may bear on any control.
    return control.assessment is Assessment.FULL and control.rules == (rule.id,) and not pack.left_out
