"""Reads one file of rules, and what it includes of others or extends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.inherit import RawRule, inherited
from mfaaudit.findings.policy import Control, Framework, Pack, Rule, Text
from mfaaudit.findings.read_condition import ConditionReader, Lists
from mfaaudit.findings.read_control import read_controls, read_framework
from mfaaudit.findings.read_rule import KEYS, NEEDED, POSTURES, Surroundings, read_preconditions, read_rule
from mfaaudit.findings.read_words import read_id, read_texts
from mfaaudit.findings.shelf import PackFile, Shelf, Shipped, sha256_of_text
from mfaaudit.sources.field import Scope
from mfaaudit.yaml_nodes import Node, nearest, parse

PACK_KEYS = (
    "pack",
    "lists",
    "fill_in",
    "population",
    "preconditions",
    "include",
    "change",
    "without",
    "rules",
    "controls",
)
HEAD_KEYS = (
    "id",
    "version",
    "title",
    "description",
    "posture",
    "judges",
    "conflicts_with",
    "extends",
    "framework",
)
JUDGES = ("tenant", "data")
DEEPEST = 5
"""Packs that extend or include one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A pack whose rules are still nodes, so that another pack can change them."""

    file: PackFile
    root: Mapping[str, Node]
    head: Mapping[str, Node]
    id: str
    version: str
    posture: str
    judges: str
    conflicts_with: tuple[str, ...]
    lists: Lists
    fill_in: Mapping[str, str]
    rules: Sequence[RawRule]
    population: Node | None
    preconditions: Node | None
    included: tuple[Rule, ...]
    framework: Framework | None
    controls: tuple[Control, ...]
    left_out: Mapping[str, str]
    based_on: tuple[Text, ...]


def read_pack(text: str, file: str, lists_text: str = "", lists_file: str = "", shelf: Shelf | None = None) -> Pack:
    """A pack. Raises PolicyProblem with file, line and hint for whatever is wrong in it first."""
    given = PackFile(file=file, text=text, lists_text=lists_text, lists_file=lists_file)
    return _pack(_open(given, shelf or Shipped(), ()))


def read_lists(text: str, file: str) -> Lists:
    """Shared lists by name. Raises PolicyProblem."""
    root = parse(text, file).fields("a file of lists", ("lists",), ("lists",))
    return _lists(root["lists"])


def _pack(opened: Opened) -> Pack:
    reader = ConditionReader(opened.lists)
    around = Surroundings(
        reader=reader,
        pack=opened.id,
        posture=opened.posture,
        population=None if opened.population is None else reader.read(opened.population, Scope.USER),
        preconditions=read_preconditions(reader, opened.preconditions),
    )
    own = [read_rule(raw.node, raw.found, around, raw.changed_from) for raw in opened.rules]
    rules = (*own, *opened.included)
    _no_twins(rules)
    if not rules:
        raise (opened.root.get("rules") or opened.root["pack"]).problem(
            "the pack has no rules", "Write at least one, or include some of another pack."
        )
    _blockers_are_there(rules)
    return Pack(
        id=opened.id,
        version=opened.version,
        title=opened.head["title"].text("title"),
        description=opened.head["description"].text("description") if "description" in opened.head else "",
        posture=opened.posture,
        judges=opened.judges,
        conflicts_with=opened.conflicts_with,
        framework=opened.framework,
        controls=read_controls(opened.root.get("controls"), {rule.id for rule in rules}) or opened.controls,
        rules=rules,
        fill_in=opened.fill_in,
        left_out=opened.left_out,
        text=_text(opened),
        based_on=opened.based_on,
    )


def _open(given: PackFile, shelf: Shelf, trail: tuple[str, ...]) -> Opened:
    root = parse(given.text, given.file).fields("a pack", PACK_KEYS, ("pack",))
    head = root["pack"].fields("pack", HEAD_KEYS, ("id", "version", "title"))
    pack_id = read_id(head["id"], "the id of a pack")
    if pack_id in trail or len(trail) == DEEPEST:
        raise head["id"].problem(
            f"the packs {' → '.join((*trail, pack_id))} lead back to one another"
            if pack_id in trail
            else f"{' → '.join((*trail, pack_id))} is one pack too deep",
            "A pack extends or includes packs that stand alone.",
        )
    trail = (*trail, pack_id)
    beside = read_lists(given.lists_text, given.lists_file) if given.lists_text else {}
    own_lists = _lists(root["lists"]) if "lists" in root else {}
    parent = _parent(head, shelf, trail)
    own = _own_rules(root)
    included, sources = _included(root, shelf, trail)
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
        changed, left_out = inherited(parent.rules, f"{parent.id} {parent.version}", root, own_lists)
        rules = [*changed, *own]
    return Opened(
        file=given,
        root=root,
        head=head,
        id=pack_id,
        version=head["version"].text("version"),
        posture=head["posture"].word("posture", POSTURES) if "posture" in head else parent.posture if parent else "any",
        judges=head["judges"].word("judges", JUDGES) if "judges" in head else parent.judges if parent else JUDGES[0],
        conflicts_with=(
            *(parent.conflicts_with if parent else ()),
            *read_texts(head.get("conflicts_with"), "conflicts_with"),
        ),
        lists={**beside, **(parent.lists if parent else {}), **own_lists},
        fill_in=_fill_in(root, own_lists, parent),
        rules=rules,
        population=parent.population if parent else root.get("population"),
        preconditions=parent.preconditions if parent else root.get("preconditions"),
        included=(*(parent.included if parent else ()), *included),
        framework=read_framework(head["framework"]) if "framework" in head else parent.framework if parent else None,
        controls=_kept(parent, left_out),
        left_out=left_out,
        based_on=(*((*parent.based_on, _text(parent)) if parent else ()), *sources),
    )


def _parent(head: Mapping[str, Node], shelf: Shelf, trail: tuple[str, ...]) -> Opened | None:
    return None if "extends" not in head else _open(_find(head["extends"], shelf), shelf, trail)


def _find(node: Node, shelf: Shelf, name: str | None = None) -> PackFile:
    name = node.text("the name of a pack") if name is None else name
    found = shelf.find(name)
    if found is None:
        raise node.key_problem(f"there is no pack {name!r}", nearest(name, shelf.names()))
    return found


def _included(
    root: Mapping[str, Node], shelf: Shelf, trail: tuple[str, ...]
) -> tuple[tuple[Rule, ...], tuple[Text, ...]]:
    rules: list[Rule] = []
    sources: list[Text] = []
    for name, node in root["include"].items("include") if "include" in root else ():
        opened = _open(_find(node, shelf, name), shelf, trail)
        other = _pack(opened)
        known = {rule.id: rule for rule in other.rules}
        if not node.is_list() and node.scalar() == "all":
            rules += known.values()
        else:
            rules += [known[one.word("a rule to include", known)] for one in node.elements("the rules to include")]
        sources += [*other.based_on, other.text]
    return tuple(rules), tuple(sources)


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
    controls = parent.controls or read_controls(parent.root.get("controls"), None)
    return tuple(replace(one, rules=tuple(rule for rule in one.rules if rule not in left_out)) for one in controls)


def _lists(node: Node) -> Lists:
    return {
        name: tuple(one.text("a value") for one in values.elements("a list")) for name, values in node.items("lists")
    }


def _text(opened: Opened) -> Text:
    given = opened.file
    return Text(
        pack=opened.id,
        file=given.file,
        text=given.text,
        sha256=sha256_of_text(given.text),
        lists_text=given.lists_text,
        lists_sha256=sha256_of_text(given.lists_text) if given.lists_text else "",
    )


def _no_twins(rules: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise _problem(rule, f"the rule id {rule.id!r} comes twice", "Give each rule an id of its own.")
        seen.add(rule.id)


def _blockers_are_there(rules: Sequence[Rule]) -> None:
    known = {rule.id for rule in rules}
    for rule in rules:
        for other in rule.blocked_by:
            if other not in known:
                raise _problem(
                    rule, f"{rule.id} is blocked by {other!r}, which the pack does not hold", nearest(other, known)
                )


def _problem(rule: Rule, message: str, hint: str) -> PolicyProblem:
    return PolicyProblem(message, hint=hint, file=rule.file, line=rule.line)
