"""`mfaaudit policy explain`: what each rule asks of whom, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mfaaudit.cli.options import as_json, telling
from mfaaudit.cli.policy.words import bearing, controls_of, framework, head, line, needs, paragraph
from mfaaudit.cli.terminal import State, print_json
from mfaaudit.errors import UsageProblem

if TYPE_CHECKING:
    from mfaaudit.findings import Control, Pack, Rule


@click.command()
@click.argument("name", metavar="NAME|FILE")
@click.argument("rules", metavar="[RULE]...", nargs=-1)
@as_json
@telling
@click.pass_obj
def explain(state: State, name: str, rules: tuple[str, ...], json_wanted: bool, quiet: bool, verbose: bool) -> int:
    """Say in English what the rules of a pack ask of whom, and which controls of its framework they bear on."""
    from mfaaudit.findings import in_words, load_pack

    state.verbose = verbose
    pack = load_pack(name)
    wanted = _wanted(pack, rules)
    if json_wanted:
        print_json(_for_programs(pack, wanted, whole=not rules))
        return 0
    if not quiet:
        line(head(pack), bold=True)
        for need in needs(pack):
            paragraph(need[:1].upper() + need[1:])
        click.echo()
    for rule in wanted:
        text = f"{in_words(rule)} {bearing(rule, pack)}".strip()
        paragraph(f"{rule.id}: {text}")
    manual = [] if rules else _manual(pack)
    if manual:
        click.echo()
        paragraph(f"Controls of {framework(pack)} that no rule decides; a person must look:")
        for one in manual:
            paragraph(f"{one.id}: {one.title}. {one.note}", indent="    ")
    return 0


def _wanted(pack: Pack, names: tuple[str, ...]) -> list[Rule]:
    from mfaaudit.yaml_nodes import nearest

    known = {rule.id: rule for rule in pack.rules}
    for name in names:
        if name not in known:
            raise UsageProblem(f"the pack {pack.id} has no rule {name!r}", hint=nearest(name, known))
    return [known[name] for name in names] if names else list(pack.rules)


def _manual(pack: Pack) -> list[Control]:
    return [one for one in pack.controls if one.assessment == "manual"]


def _for_programs(pack: Pack, rules: list[Rule], *, whole: bool) -> dict[str, Any]:
    from mfaaudit.findings import in_words

    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "posture": pack.posture,
        "framework": None
        if pack.framework is None
        else {"name": pack.framework.name, "version": pack.framework.version, "source": pack.framework.source},
        "needs": dict(pack.fill_in),
        "rules": [
            {
                "id": rule.id,
                "pack": rule.pack,
                "title": rule.title,
                "scope": rule.scope.value,
                "severity": rule.severity.value,
                "inWords": in_words(rule),
                "changedFrom": rule.changed_from or None,
                "actions": list(rule.actions),
                "controls": [_control(one) for one in controls_of(rule, pack)],
            }
            for rule in rules
        ],
        "manual": [_control(one) for one in _manual(pack)] if whole else [],
    }


def _control(control: Control) -> dict[str, str]:
    return {
        "id": control.id,
        "title": control.title,
        "assessment": control.assessment.value,
        "note": control.note,
    }
