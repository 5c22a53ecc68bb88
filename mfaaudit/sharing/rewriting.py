"""What becomes of a word, a list of words, a time: the one place that knows, for frames, parts and rules alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

import polars as pl

from mfaaudit.declared.register import folded
from mfaaudit.findings.account_classes import DECLARED
from mfaaudit.reports.small_groups import too_small
from mfaaudit.sharing.becomes import WITHHELD, Becomes, Mode
from mfaaudit.sharing.pseudonyms import Pseudonyms
from mfaaudit.sharing.texts import Texts

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
_LABEL = re.compile(r" \([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)$", re.IGNORECASE)
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
        texts: Texts,
        groupings: Mapping[str, Mapping[str, str]],
        twins: Collection[str] = (),
    ) -> None:
        """`names` gives the object id that a folded name belongs to; `groupings` what a group of a field is called.

        `twins` are the names that several Conditional Access policies have.
        """
        self.mode = mode
        self._names = names
        self._twins = twins
        self._ids: tuple[pl.Series, pl.Series] | None = None
        self._groupings = groupings
        self._ways: Mapping[Becomes, Callable[[str], str]] = {
            **_PLAIN_WAYS,
            Becomes.TEXT: texts.rewrite,
            **({} if pseudonyms is None else self._keyed_ways(pseudonyms)),
        }

    def word(self, text: str, becomes: Becomes, field: str = "") -> str:
        """What becomes of a text; an empty one stays as it is, unless those without any are few."""
        if becomes is Becomes.GROUPING:
            return self._groupings.get(field, {}).get(text, OTHER.get(field, "other"))
        if not text or becomes is Becomes.KEPT:
            return text
        return self._ways[becomes](text)

    def column(self, values: pl.Series, becomes: Becomes, field: str = "") -> pl.Series:
        """What becomes of a column; what is null stays null, as its reason stands beside it."""
        if becomes is Becomes.KEPT:
            return values
        if becomes in PATTERNS:
            return values.dt.strftime(PATTERNS[becomes])
        if becomes is Becomes.MIDNIGHT:
            return values.dt.truncate("1d")
        if values.dtype not in _OF_WORDS:
            said = pl.Series([WITHHELD, None], dtype=pl.String())
            return said.gather(values.is_null().cast(pl.UInt8())).alias(values.name)
        if isinstance(values.dtype, pl.List):
            found = self._table(values.explode().drop_nulls().unique(), becomes, field)
            made = values.list.eval(pl.element().replace(*found)) if len(found[0]) else values
            return made.list.unique(maintain_order=True) if becomes in (Becomes.YES_NO, Becomes.WITHHELD) else made
        if becomes is Becomes.PERSON:
            return self._accounts(values)
        words = values.cast(pl.String())
        found = self._table(words.drop_nulls().unique(), becomes, field)
        return words.replace(*found) if len(found[0]) else words

    def _accounts(self, ids: pl.Series) -> pl.Series:
        # The verdicts of every rule stand beside the same ids.
        if self._ids is None or not self._ids[0].equals(ids, null_equal=True):
            self._ids = ids, ids.replace(*self._table(ids.drop_nulls().unique(), Becomes.PERSON, ""))
        return self._ids[1].alias(ids.name)

    def _policy(self, text: str) -> str:
        # Some values name a policy with its id and some without: it is one policy.
        name = name_of_policy(text)
        return text if name in self._twins else name

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
            Becomes.PERSON: pseudonyms.account,
            Becomes.SUBJECT: named,
            Becomes.NAMED: named,
            Becomes.TENANT: lambda _: pseudonyms.other(TENANT, ""),
            Becomes.APPLICATION: of(APPLICATION),
            Becomes.POLICY: lambda text: pseudonyms.other(POLICY, self._policy(text)),
            Becomes.GROUP: lambda text: pseudonyms.other(GROUP, text.lower()),
            Becomes.EXCEPTION: of(EXCEPTION),
            Becomes.YES_NO: lambda _: ADMINISTRATOR,
        }


_OF_WORDS = (pl.String, pl.Categorical, pl.Enum, pl.List(pl.String))


_PLAIN_WAYS: Mapping[Becomes, Callable[[str], str]] = {
    Becomes.WITHHELD: lambda _: WITHHELD,
    Becomes.CLASS_REASON: lambda text: f"{DECLARED}{WITHHELD}" if text.startswith(DECLARED) else text,
}
"""Those that need no key."""


def name_of_policy(label: str) -> str:
    """The name in a label, which is a name with the id of the policy, or a name alone."""
    return _LABEL.sub("", label) or label


def twins_of(labels: Iterable[str]) -> frozenset[str]:
    """The names that stand in more than one label with an id."""
    counts = Counter(name_of_policy(label) for label in {one for one in labels if _LABEL.search(one)})
    return frozenset(name for name, times in counts.items() if times > 1)


def merged(values: pl.Series, field: str, rewrite: Callable[[str], str]) -> Mapping[str, str]:
    """Every group of a field that is shown -> what it is called; the small ones are missing, and stand together."""
    sizes = dict(values.drop_nulls().value_counts(name="users").iter_rows())
    small = too_small(sizes)
    return {name: rewrite(name) for name in sorted(sizes) if name not in small}
