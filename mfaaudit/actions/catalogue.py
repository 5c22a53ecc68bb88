"""The actions that ship, one file each, and whether what rules name is among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mfaaudit import shipped
from mfaaudit.actions.action import Action, Who
from mfaaudit.actions.read_action import OWN, read_action
from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.open_pack import read_lists
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.findings.shelf import LISTS
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason
from mfaaudit.yaml_files import read_text
from mfaaudit.yaml_nodes import PACK, nearest

FOLDER = "actions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Actions by id, and by the reason for which something could not be judged."""

    actions: Mapping[str, Action]
    by_reason: Mapping[Reason, Action] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[Reason, Action] = {}
        for action in self.actions.values():
            for reason in action.reasons:
                if reason in found:
                    raise PolicyProblem(
                        f"{action.id} and {found[reason].id} are both for the reason {reason}",
                        hint="Name each reason in one action.",
                        file=f"{action.id}.yaml",
                    )
                found[reason] = action
        object.__setattr__(self, "by_reason", found)

    @classmethod
    def of(cls, actions: Iterable[Action]) -> Catalogue:
        """A catalogue of these actions."""
        return cls(actions={action.id: action for action in actions})

    def of_reason(self, reason: Reason) -> Action:
        """The action for what could not be judged for a reason; without one, what the reason itself advises."""
        return self.by_reason.get(reason) or Action(
            id=f"{OWN}{reason.value.lower().replace('_', '-')}",
            title=reason.meaning,
            who=Who.AUDITOR,
            steps=reason.cure,
            scope=Scope.TENANT,
        )

    def of_rule(self, rule: Rule) -> tuple[Action, ...]:
        """The actions that a rule names, in its order; one that is not there, or is about others, is left out."""
        named = (self.actions.get(name) for name in rule.actions)
        return tuple(action for action in named if action is not None and action.scope is rule.scope)


@lru_cache(maxsize=1)
def shipped_catalogue() -> Catalogue:
    """The actions that ship with the program, in the order of their ids. Raises PolicyProblem."""
    lists = read_lists(read_text(shipped.policies().joinpath(LISTS), LISTS, PACK), LISTS)
    folder = shipped.policies().joinpath(FOLDER)
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    found = []
    for one in files:
        shown = f"{FOLDER}/{one.name}"
        action = read_action(read_text(one, shown, PACK), shown, lists)
        if one.name != f"{action.id}.yaml":
            raise PolicyProblem(
                f"the file holds an action {action.id}", hint="Name the file as the action.", file=shown
            )
        found.append(action)
    return Catalogue.of(found)


def check_actions(packs: Sequence[Pack], catalogue: Catalogue) -> None:
    """Raises PolicyProblem if a rule names an action that there is not, or one about others than itself."""
    for rule in (rule for pack in packs for rule in pack.rules):
        fitting = sorted(action.id for action in catalogue.actions.values() if action.scope is rule.scope)
        for name in rule.actions:
            if name not in fitting:
                there = name in catalogue.actions
                raise PolicyProblem(
                    f"{rule.id} names the action {name!r}, which "
                    + (f"is not about the {rule.scope}" if there else "there is not"),
                    hint=nearest(name, fitting),
                    file=rule.file,
                    line=rule.line,
                )
