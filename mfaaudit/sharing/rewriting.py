"""What becomes of a word, a list of words, a time: the one place that knows, for frames, parts and rules alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import polars as pl

from mfaaudit.declared.register import folded
from mfaaudit.findings.account_classes import DECLARED
from mfaaudit.sharing.becomes import WITHHELD, Becomes, Mode
from mfaaudit.sharing.pseudonyms import Pseudonyms
from mfaaudit.sharing.texts import Texts

SMALL = 5
"""A group of fewer is not shown by itself."""
OTHER = {"user.department": "other (small departments)"}
"""What the small groups of a field are called together."""
ADMINISTRATOR = "administrator"
TENANT, APPLICATION, POLICY, GROUP, EXCEPTION, SOMEBODY = (
    "tenant",
    "application",
    "policy",
    "group",
    "exception",
    "person",
)
PATTERNS: Mapping[Becomes, str] = {
    Becomes.DAY: "%Y-%m-%d",
    Becomes.MONTH: "%Y-%m",
}


class Rewriter:
    """Makes of each value what is to become of it."""

    def __init__(
        self,
        mode: Mode,
        pseudonyms: Pseudonyms | None,
        names: Mapping[str, str],
        texts: Texts | None,
        groupings: Mapping[str, Mapping[str, str]],
    ) -> None:
        """`names` gives the object id that a folded name belongs to; `groupings` what a group of a field is called."""
        self.mode = mode
        self._names = names
        self._texts = texts
        self._groupings = groupings
        self._ways = _plain_ways() if pseudonyms is None else self._keyed_ways(pseudonyms)

    def word(self, text: str, becomes: Becomes, field: str = "") -> str:
        """What becomes of a text; an empty one stays as it is."""
        if not text or becomes is Becomes.KEPT:
            return text
        if becomes is Becomes.GROUPING:
            return self._groupings[field].get(text, OTHER.get(field, "other"))
        return self._ways[becomes](text)

    def column(self, values: pl.Series, becomes: Becomes, field: str = "") -> pl.Series:
        """What becomes of a column; what is null stays null, as its reason stands beside it."""
        name = values.name
        if becomes is Becomes.KEPT:
            return values
        if becomes in PATTERNS:
            return values.dt.strftime(PATTERNS[becomes])
        if becomes is Becomes.WITHHELD or values.dtype not in _OF_WORDS:
            said = pl.Series([[WITHHELD] if isinstance(values.dtype, pl.List) else WITHHELD])
            nothing = pl.Series([None], dtype=said.dtype).new_from_index(0, len(values))
            return said.new_from_index(0, len(values)).zip_with(values.is_not_null(), nothing).alias(name)
        if isinstance(values.dtype, pl.List):
            found = self._table(values.explode().drop_nulls().unique(), becomes, field)
            made = values.list.eval(pl.element().replace(*found)) if len(found[0]) else values
            return made.list.unique(maintain_order=True) if becomes is Becomes.YES_NO else made
        words = values.cast(pl.String())
        found = self._table(words.drop_nulls().unique(), becomes, field)
        return words.replace(*found) if len(found[0]) else words

    def time(self, moment: datetime, becomes: Becomes) -> datetime:
        """A time that has to stay one: the beginning of its day, or of its month."""
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return moment if becomes is Becomes.KEPT else day.replace(day=1) if becomes is Becomes.MONTH else day

    def _table(self, words: pl.Series, becomes: Becomes, field: str) -> tuple[list[str], list[str]]:
        before = words.to_list()
        return before, [self.word(one, becomes, field) for one in before]

    def _keyed_ways(self, pseudonyms: Pseudonyms) -> Mapping[Becomes, Callable[[str], str]]:
        def of(kind: str) -> Callable[[str], str]:
            return lambda text: pseudonyms.other(kind, text)

        def named(text: str) -> str:
            account = self._names.get(folded(text))
            return pseudonyms.other(SOMEBODY, folded(text)) if account is None else pseudonyms.account(account)

        return {
            **_plain_ways(),
            Becomes.PERSON: pseudonyms.account,
            Becomes.SUBJECT: named,
            Becomes.NAMED: named,
            Becomes.TENANT: lambda _: pseudonyms.other(TENANT, ""),
            Becomes.APPLICATION: of(APPLICATION),
            Becomes.POLICY: of(POLICY),
            Becomes.GROUP: lambda text: pseudonyms.other(GROUP, text.lower()),
            Becomes.EXCEPTION: of(EXCEPTION),
            Becomes.YES_NO: lambda _: ADMINISTRATOR,
            Becomes.TEXT: lambda text: text if self._texts is None else self._texts.rewrite(text),
        }


_OF_WORDS = (pl.String, pl.Categorical, pl.Enum, pl.List(pl.String))


def _plain_ways() -> Mapping[Becomes, Callable[[str], str]]:
    """Those that need no key."""
    return {
        Becomes.WITHHELD: lambda _: WITHHELD,
        Becomes.EMPTIED: lambda _: "",
        Becomes.CLASS_REASON: lambda text: f"{DECLARED}{WITHHELD}" if text.startswith(DECLARED) else text,
    }


def merged(values: pl.Series, field: str) -> Mapping[str, str]:
    """Every group of a field that is shown -> itself; the small ones are missing, and are shown together.

    Where they are few even together, the smallest of the others goes with them.
    """
    counts = values.drop_nulls().value_counts(name="users").sort("users", values.name)
    sizes = list(counts.iter_rows())
    together = 0
    kept: dict[str, str] = {}
    for name, users in sizes:
        if users < SMALL or 0 < together < SMALL:
            together += users
        else:
            kept[name] = name
    # A group that is called as the small ones are together is one of them.
    kept.pop(OTHER.get(field, "other"), None)
    return kept


def ids_of(accounts: Iterable[str], pseudonyms: Pseudonyms) -> Mapping[str, str]:
    """Object ids in lower case -> pseudonyms, for texts."""
    return {account.lower(): pseudonyms.account(account) for account in accounts}
