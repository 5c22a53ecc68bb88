"""The file in which people say what an account is, where nothing that was read can tell."""

from __future__ import annotations

from dataclasses import dataclass

from mfaaudit.declared.reading import DECLARED, guid, listed, plain
from mfaaudit.declared.words import CLASSES, AccountClass
from mfaaudit.yaml_files import sha256_of_text
from mfaaudit.yaml_nodes import Node, parse

KEYS = ("userId", "class", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One account, and what it is."""

    user_id: str
    """In lower case."""
    account_class: AccountClass
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """One file of classes."""

    accounts: tuple[Override, ...]
    file: str
    text: str
    """The file as it was read, so that a bundle can keep it."""
    sha256: str


def read_overrides(text: str, file: str) -> Overrides:
    """Classes of accounts. Raises PolicyProblem with file, line and hint for whatever is wrong in it first."""
    nodes = listed(parse(text, file, kind=DECLARED), "a file of account classes", "accounts")
    accounts: dict[str, Override] = {}
    for node in nodes:
        one = _override(node)
        if one.user_id in accounts:
            raise node.problem(f"the account {one.user_id} comes twice", "Keep one of the two.")
        accounts[one.user_id] = one
    return Overrides(accounts=tuple(accounts.values()), file=file, text=text, sha256=sha256_of_text(text))


def _override(node: Node) -> Override:
    found = node.fields("an account", KEYS, KEYS)
    name = AccountClass(found["class"].word("class", CLASSES))
    if name is AccountClass.BREAK_GLASS:
        raise found["class"].problem(
            "an emergency account is not declared here",
            "Record it in the register of exceptions, where somebody approves it and drills have dates.",
        )
    if name is AccountClass.AGENT:
        raise found["class"].problem(
            "the account of an AI agent is not declared here",
            "Remove the entry: Graph itself says whose account it is.",
        )
    return Override(
        user_id=guid(found["userId"], "userId"), account_class=name, reason=plain(found["reason"], "reason")
    )
