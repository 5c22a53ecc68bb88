"""Reads one action of the catalogue, strictly: what is not understood is an error, never ignored."""

from __future__ import annotations

import re

from mfaaudit.actions.action import PLACES, Action, Change, Who
from mfaaudit.declared.words import CLASSES, AccountClass
from mfaaudit.findings.read_condition import ConditionReader, Lists
from mfaaudit.findings.read_rule import read_preconditions
from mfaaudit.findings.read_words import read_id
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason
from mfaaudit.yaml_nodes import Node, parse

NEEDED = ("id", "title", "who", "steps")
KEYS = (*NEEDED, "tell", "scope", "preconditions", "when", "reasons", "safe_if", "not_for", "change")
OF_USERS = ("tell", "safe_if", "not_for", "change")
PLAIN = re.compile(r"[a-z][a-z0-9-]*")
"""What the name of a file can be on every system, beside those that are made from it."""
OWN = "rule-"
"""How the id of an action begins that is made of a rule's own remediation."""


def read_action(text: str, file: str, lists: Lists) -> Action:
    """An action. Raises PolicyProblem with file, line and hint for whatever is wrong in it first."""
    found = parse(text, file).fields("an action", KEYS, NEEDED)
    reader = ConditionReader(lists)
    scope = Scope(found["scope"].word("scope", [one.value for one in Scope])) if "scope" in found else Scope.USER
    who = Who(found["who"].word("who", [one.value for one in Who]))
    if "tell" in found and who is not Who.USER:
        raise found["tell"].key_problem("only users are told what to do", "Take `tell` away, or write `who: user`.")
    for key in OF_USERS if scope is not Scope.USER else ():
        if key in found:
            raise found[key].key_problem(f"{key} is about single users", f"Take `{key}` away, or `scope: tenant`.")
    return Action(
        id=_id(found["id"]),
        title=found["title"].text("title"),
        who=who,
        steps=found["steps"].text("steps"),
        tell=found["tell"].text("tell") if "tell" in found else "",
        scope=scope,
        preconditions=read_preconditions(reader, found.get("preconditions")),
        when=reader.read(found["when"], scope) if "when" in found else None,
        reasons=tuple(Reason(name) for name in _words(found.get("reasons"), "a reason", [*Reason])),
        safe_if=reader.read(found["safe_if"], scope) if "safe_if" in found else None,
        not_for=tuple(AccountClass(name) for name in _words(found.get("not_for"), "a class of accounts", CLASSES)),
        change=_change(found["change"]) if "change" in found else None,
    )


def _id(node: Node) -> str:
    name = read_id(node, "the id of an action")
    if not PLAIN.fullmatch(name) or name.startswith(OWN):
        raise node.problem(
            f"the id of an action cannot be {node.described()}",
            f"Use small letters, digits and dashes; what begins with {OWN} is made of a rule's own remediation.",
        )
    return name


def _words(node: Node | None, what: str, allowed: list[Reason] | tuple[str, ...]) -> tuple[str, ...]:
    return () if node is None else tuple(one.word(what, allowed) for one in node.elements(what))


def _change(node: Node) -> Change:
    parts = node.fields("change", ("set", "to"), ("set", "to"))
    place = PLACES[parts["set"].word("set", PLACES)]
    value = parts["to"].scalar()
    text = str(value).lower() if isinstance(value, bool) else value
    if text not in place.values:
        raise parts["to"].problem(
            f"{place.field} cannot be set to {parts['to'].described()}", f"Allowed: {', '.join(place.values)}."
        )
    return Change(place=place, value=text)
