"""Opens packs: what one file says, together with what it includes of others or extends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mfaaudit.declared.words import ANY
from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.inherit import Parent, RawRule, inherited, lists_named
from mfaaudit.findings.opened import HEAD_KEYS, JUDGES, PACK_KEYS, Opened, rules_of, text_of
from mfaaudit.findings.policy import Assessment, Control, Rule, Text
from mfaaudit.findings.read_condition import Lists
from mfaaudit.findings.read_control import read_controls, read_framework
from mfaaudit.findings.read_rule import KEYS, NEEDED, POSTURES
from mfaaudit.findings.read_words import read_id, read_texts
from mfaaudit.findings.shelf import PackFile, Shelf
from mfaaudit.yaml_nodes import ID, Node, nearest, parse

DEEPEST = 5
"""Packs that extend or include one another."""
MOST = 40
"""Packs that one pack can be made of."""


class Library:
    """The packs that one pack is made of, each read once however many of them name it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._opened: dict[str, Opened] = {}

    def open(self, name: str, node: Node, trail: tuple[str, ...]) -> Opened:
        """The pack that is named at a place. Raises PolicyProblem if it is not there, or cannot be used there."""
        if not ID.fullmatch(name):
            raise node.key_problem(f"{name[:60]!r} is no id of a pack", "Name a pack by its id alone.")
        if name in trail:
            raise node.key_problem(
                f"the packs {' → '.join((*trail, name))} lead back to one another",
                "A pack extends or includes packs that stand alone.",
            )
        if name not in self._opened:
            found = self._shelf.find(name)
            if found is None:
                raise node.key_problem(f"there is no pack {name!r}", nearest(name, self._shelf.names()))
            # Asked before it is opened, as what is opened on the way down is not known here yet.
            if len(self._opened) == MOST or len(trail) == DEEPEST:
                raise self._too_many(node, (*trail, name))
            opened = open_pack(found, self, trail)
            if opened.id != name:
                # A bundle keeps packs by their id, and could not find this one again.
                raise opened.head["id"].problem(
                    f"the file of the pack {name} holds a pack {opened.id}", "Name the file as the pack."
                )
            self._opened[name] = opened
        opened = self._opened[name]
        if len(trail) + opened.levels > DEEPEST:
            raise self._too_many(node, (*trail, name))
        return opened

    def _too_many(self, node: Node, trail: tuple[str, ...]) -> PolicyProblem:
        return node.key_problem(
            f"{' → '.join(trail)} is one pack too many",
            f"A pack is made of at most {MOST} others, {DEEPEST} below one another with itself.",
        )


def read_lists(text: str, file: str) -> Lists:
    """Shared lists by name. Raises PolicyProblem."""
    root = parse(text, file).fields("a file of lists", ("lists",), ("lists",))
    return _lists(root["lists"])


def open_pack(given: PackFile, library: Library, trail: tuple[str, ...]) -> Opened:
    """A pack, below those of the trail. Raises PolicyProblem."""
    root = parse(given.text, given.file).fields("a pack", PACK_KEYS, ("pack",))
    head = root["pack"].fields("pack", HEAD_KEYS, ("id", "version", "title"))
    pack_id = read_id(head["id"], "the id of a pack")
    trail = (*trail, pack_id)
    beside = read_lists(given.lists_text, given.lists_file) if given.lists_text else {}
    own_lists = _lists(root["lists"]) if "lists" in root else {}
    parent = _parent(head, library, trail)
    own = _own_rules(root)
    parts = _included(root, library, trail)
    left_out: dict[str, str] = {}
    if parent is None:
        for key in ("change", "without"):
            if key in root:
                raise root[key].key_problem(f"{key} is about a pack that this one extends", "Add `extends` to `pack`.")
        rules = own
    else:
        for key in ("population", "preconditions"):
            if key in root:
                raise root[key].key_problem(
                    f"a pack that extends {parent.id} has its {key}", "Write it under `change`, for the rule it is for."
                )
        changed, left_out = inherited(_as_parent(parent), root, own_lists)
        rules = [*changed, *own]
    return Opened(
        file=given,
        root=root,
        head=head,
        id=pack_id,
        version=head["version"].text("version"),
        posture=head["posture"].word("posture", POSTURES) if "posture" in head else parent.posture if parent else ANY,
        judges=head["judges"].word("judges", JUDGES) if "judges" in head else parent.judges if parent else JUDGES[0],
        conflicts_with=(
            *(parent.conflicts_with if parent else ()),
            *read_texts(head.get("conflicts_with"), "conflicts_with"),
        ),
        attestation=head["attestation"].text("attestation")
        if "attestation" in head
        else parent.attestation
        if parent
        else "",
        lists={**beside, **(parent.lists if parent else {}), **own_lists},
        fill_in=_fill_in(root, own_lists, parent),
        rules=rules,
        population=parent.population if parent else root.get("population"),
        preconditions=parent.preconditions if parent else root.get("preconditions"),
        included=_each_once(
            (*(parent.included if parent else ()), *(rule for part in parts for rule in part.rules)), left_out
        ),
        framework=read_framework(head["framework"]) if "framework" in head else parent.framework if parent else None,
        controls=_kept(parent, left_out),
        left_out=left_out,
        based_on=_sources(parent, parts),
        levels=1 + max((one.levels for one in (parent, *(part.opened for part in parts)) if one), default=0),
    )


def _parent(head: Mapping[str, Node], library: Library, trail: tuple[str, ...]) -> Opened | None:
    if "extends" not in head:
        return None
    return library.open(head["extends"].text("the name of a pack"), head["extends"], trail)


def _as_parent(opened: Opened) -> Parent:
    return Parent(
        name=f"{opened.id} {opened.version}",
        rules=opened.rules,
        included={rule.id: rule.pack for rule in opened.included},
        population=opened.population,
        preconditions=opened.preconditions,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a pack includes of another."""

    opened: Opened
    rules: Sequence[Rule]


def _included(root: Mapping[str, Node], library: Library, trail: tuple[str, ...]) -> list[Part]:
    parts = []
    for name, node in root["include"].items("include") if "include" in root else ():
        opened = library.open(name, node, trail)
        known = {rule.id: rule for rule in rules_of(opened)}
        if not node.is_list() and node.scalar() == "all":
            wanted = list(known)
        else:
            wanted = [one.word("a rule to include", known) for one in node.elements("the rules to include")]
        _no_sample(opened, wanted, node)
        parts.append(Part(opened=opened, rules=[known[one] for one in wanted]))
    return parts


def _no_sample(opened: Opened, wanted: Sequence[str], node: Node) -> None:
    """Raises PolicyProblem if a rule that is included needs a list of which there is only a sample."""
    for raw in opened.rules:
        looked_at = (*raw.found.values(), opened.population, opened.preconditions)
        lacking = lists_named(one for one in looked_at if one is not None).intersection(opened.fill_in)
        if lacking and raw.found["id"].text("id") in wanted:
            raise node.key_problem(
                f"the rule {raw.found['id'].text('id')} of {opened.id} needs the list {min(lacking)}, of which that "
                "pack has only a sample",
                f"Write a pack that extends {opened.id}, with the list under `lists`, and include that.",
            )


def _each_once(rules: Sequence[Rule], left_out: Mapping[str, str]) -> tuple[Rule, ...]:
    # A rule that comes by two ways is one rule.
    kept = {(rule.id, rule.pack, rule.file, rule.line): rule for rule in rules if rule.id not in left_out}
    return tuple(kept.values())


def _sources(parent: Opened | None, parts: Sequence[Part]) -> tuple[Text, ...]:
    opened = (*([parent] if parent else []), *(part.opened for part in parts))
    return tuple({text.pack: text for one in opened for text in (*one.based_on, text_of(one))}.values())


def _own_rules(root: Mapping[str, Node]) -> list[RawRule]:
    nodes = root["rules"].elements("rules") if "rules" in root else []
    return [RawRule(node=node, found=node.fields("a rule", KEYS, NEEDED)) for node in nodes]


def _fill_in(root: Mapping[str, Node], own_lists: Lists, parent: Opened | None) -> dict[str, str]:
    wanted = {name: what for name, what in parent.fill_in.items() if name not in own_lists} if parent else {}
    for name, node in root["fill_in"].items("fill_in") if "fill_in" in root else ():
        if name not in own_lists:
            raise node.key_problem(f"{name} is no list of this pack", "Give it a sample under `lists`.")
        wanted[name] = node.text("what belongs in it")
    return wanted


def _kept(parent: Opened | None, left_out: Mapping[str, str]) -> tuple[Control, ...]:
    """The controls of the pack that is extended, with the rules that are still there."""
    if parent is None:
        return ()
    return tuple(_without(one, left_out) for one in read_controls(parent.root.get("controls"), None) or parent.controls)


def _without(control: Control, left_out: Mapping[str, str]) -> Control:
    gone = [rule for rule in control.rules if rule in left_out]
    if not gone:
        return control
    # What was decided by all of its rules is not decided by the rest of them.
    rules = tuple(rule for rule in control.rules if rule not in left_out)
    note = f"{control.note} Left out: {', '.join(gone)}.".strip()
    return replace(control, rules=rules, assessment=Assessment.PARTLY if rules else Assessment.MANUAL, note=note)


def _lists(node: Node) -> Lists:
    return {
        name: tuple(one.text("a value") for one in values.elements("a list")) for name, values in node.items("lists")
    }
