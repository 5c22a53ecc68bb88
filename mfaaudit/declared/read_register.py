"""Reads the register of exceptions, strictly: what is not understood is an error, never ignored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mfaaudit.declared.reading import DECLARED, day, guid, listed, plain, word
from mfaaudit.declared.register import Entry, Register, Subject
from mfaaudit.declared.words import KINDS, ExceptionKind
from mfaaudit.yaml_files import sha256_of_text
from mfaaudit.yaml_nodes import Node, parse

NEEDED = ("id", "kind", "rules", "subject", "reason", "requested_by", "expires_on", "ticket")
APPROVED_BY, APPROVED_ON = "approved_by", "approved_on"
ALLOWED = (*NEEDED, APPROVED_BY, APPROVED_ON, "compensating_control", "risk", "review_on", "last_drill_on")
SUITES = frozenset({"Office365", "MicrosoftAdminPortals"})
"""Words that Graph has for applications that a policy excludes together (conditionalAccessApplications)."""
NAMES = frozenset({"upn", "userprincipalname", "mail", "email", "name", "displayname", "user"})
"""In lower case: what somebody would write who names an account, or a group, by a name."""


def read_register(text: str, file: str) -> Register:
    """A register. Raises PolicyProblem with file, line and hint for whatever is wrong in it first."""
    nodes = listed(parse(text, file, kind=DECLARED), "a register of exceptions", "exceptions")
    entries = tuple(_entry(node) for node in nodes)
    seen: set[str] = set()
    for entry, node in zip(entries, nodes, strict=True):
        if entry.id.casefold() in seen:
            raise node.problem(f"the exception id {entry.id!r} comes twice", "Give each exception an id of its own.")
        seen.add(entry.id.casefold())
    return Register(entries=entries, file=file, text=text, sha256=sha256_of_text(text))


def _entry(node: Node) -> Entry:
    found = node.fields("an exception", ALLOWED, NEEDED)
    kind = ExceptionKind(found["kind"].word("kind", KINDS))
    by, approved = _approval(found, node)
    expires = day(found["expires_on"], "expires_on")
    if approved is not None and expires < approved:
        raise found["expires_on"].problem(
            f"expires_on ({expires}) lies before approved_on ({approved})",
            "Look whether the two are the wrong way round.",
        )
    review = day(found["review_on"], "review_on") if "review_on" in found else None
    if review is not None and not (approved or review) <= review <= expires:
        raise found["review_on"].problem(
            f"review_on ({review}) lies outside the time from {approved or 'its approval'} to {expires}",
            "Review an exception while it holds.",
        )
    return Entry(
        id=word(found["id"], "the id of an exception"),
        kind=kind,
        rules=_rules(found["rules"]),
        subject=_subject(found["subject"]),
        reason=plain(found["reason"], "reason"),
        compensating_control=_compensating(found, kind, node),
        risk=plain(found["risk"], "risk") if "risk" in found else "",
        requested_by=plain(found["requested_by"], "requested_by"),
        approved_by=by,
        approved_on=approved,
        expires_on=expires,
        review_on=review,
        ticket=plain(found["ticket"], "ticket"),
        last_drill_on=_drill(found, kind),
        line=node.line,
    )


def _approval(found: Mapping[str, Node], node: Node) -> tuple[str | None, date | None]:
    """Who approved an entry, and from when it holds; both are missing from one that is only proposed."""
    given = [key for key in (APPROVED_BY, APPROVED_ON) if key in found]
    if not given:
        return None, None
    if len(given) == 1:
        (missing,) = {APPROVED_BY, APPROVED_ON}.difference(given)
        raise node.problem(
            f"an exception lacks the key {missing!r}",
            f"Add `{missing}:`; without both keys of its approval it would be a proposal, which has no effect.",
        )
    return plain(found[APPROVED_BY], APPROVED_BY), day(found[APPROVED_ON], APPROVED_ON)


def _rules(node: Node) -> tuple[str, ...]:
    nodes = node.elements("rules")
    if not nodes:
        raise node.problem("rules is empty", "Name at least one rule by its id.")
    seen: dict[str, None] = {}
    for one in nodes:
        rule = word(one, "the id of a rule")
        if rule in seen:
            raise one.problem(f"the rule {rule!r} comes twice", "Name each rule once.")
        seen[rule] = None
    return tuple(seen)


def _subject(node: Node) -> Subject:
    for key, value in node.items("subject"):
        if key.casefold() in NAMES:
            raise value.key_problem(
                f"a subject has no key {key!r}",
                "A name can be given to somebody else, an id cannot: write {userId: …}, {groupId: …} or "
                "{applicationId: …}.",
            )
    found = node.fields("subject", ("userId", "groupId", "applicationId"))
    if len(found) != 1:
        raise node.problem(
            "a subject is one account, one group or one application",
            "Write one of {userId: …}, {groupId: …} and {applicationId: …}.",
        )
    ((key, value),) = found.items()
    if key == "applicationId":
        text = value.text(key)
        return Subject(text if text in SUITES else guid(value, key), is_group=False, is_application=True)
    return Subject(guid(value, key), is_group=key == "groupId")


def _compensating(found: Mapping[str, Node], kind: ExceptionKind, node: Node) -> str:
    if "compensating_control" in found:
        return plain(found["compensating_control"], "compensating_control")
    if kind is ExceptionKind.FALSE_POSITIVE:
        return ""
    raise node.problem(
        "an exception lacks the key 'compensating_control'",
        "Say what protects the account instead; only a false positive needs nothing.",
    )


def _drill(found: Mapping[str, Node], kind: ExceptionKind) -> date | None:
    if "last_drill_on" not in found:
        return None
    if kind is not ExceptionKind.BREAK_GLASS:
        raise found["last_drill_on"].key_problem(
            f"last_drill_on belongs to {ExceptionKind.BREAK_GLASS}", "Remove it, or change the kind."
        )
    return day(found["last_drill_on"], "last_drill_on")
