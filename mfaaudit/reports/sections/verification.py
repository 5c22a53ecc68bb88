"""What was read in bulk from sources that nobody documents or that lag, and what a sample says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.material import BATCH_ROWS, Material
from mfaaudit.snapshot.sample import RULE_OF_THREE
from mfaaudit.snapshot.stand_ins import Stratum, Verification
from mfaaudit.sources import BY_NAME, listed_states, registration_details
from mfaaudit.words import Reason, Unknown

WEAKNESS = {
    listed_states.SOURCE.name: "not documented: the property stands in no published schema",
    registration_details.SOURCE.name: "documented; lags by hours and leaves out disabled accounts",
}
"""Why a stand-in has to be verified."""


def section(material: Material) -> Section | None:
    """Verification; None where every user was read from the documented endpoints."""
    made = material.snapshot.verification
    if not made:
        return None
    users = material.snapshot.population.enumerated
    return Section(
        name="Verification",
        title="Verification",
        lead=(
            "This audit read in bulk what it could, and user by user from the documented endpoints: whoever had no "
            "value in bulk, every administrator that is known, and a sample drawn within each per-user MFA state. "
            "Where the two differ anywhere, or the sample could not be read, nothing read in bulk is used, and "
            "everybody is read user by user.",
            "The sample is those users whose SHA-256 of seed, colon and object id in lower case is smallest, so that "
            "anybody can draw it again.",
        ),
        facts=(
            Fact(label="Seed of the sample", value=made[0].seed, note="the id of the run"),
            *(in_short(one) for one in made),
        ),
        tables=(_sources(made, users), _samples(made), _mismatches(material)),
        sheet="Reconciliation",
    )


def in_words(one: Stratum) -> str:
    """What the sample of a stratum says of all its users."""
    if one.mismatches:
        return f"{_mismatches_in(one)}: nothing follows for the others."
    if one.wanted == one.size:
        return f"{_mismatches_in(one)}: all {one.size:,} were asked for, and nobody rests on the sample."
    if not one.verified:
        return "Nobody of the sample could be read: nothing follows for the others."
    return f"{_mismatches_in(one)}: at most {percent_up(one.verified)} of these {one.size:,} users, at 95 % confidence."


def percent_up(verified: int) -> str:
    """Three in so many, as text; rounded up, since it is a bound."""
    tenths = min(1000, -(-RULE_OF_THREE * 1000 // verified))
    return f"{tenths // 10}.{tenths % 10} %"


def _mismatches_in(one: Stratum) -> str:
    return f"{one.mismatches:,} {'mismatch' if one.mismatches == 1 else 'mismatches'} in {one.verified:,}"


def in_short(one: Verification) -> Fact:
    """What became of one source, in a line."""
    label = BY_NAME[one.source].title
    if one.fell_back:
        why = one.why[0].upper() + one.why[1:]
        return Fact(label=label, value="Fell back to one read a user, for all", note=f"{why}.", tone=Tone.OPEN)
    worst = max(one.strata, key=lambda each: each.bound, default=None)
    if worst is None or not worst.bound:
        note = "Nobody rests on a sample."
    else:
        note = f"At most {percent_up(worst.verified)} of the users of any state differ, at 95 % confidence."
    return Fact(label=label, value=f"{one.stood_in:,} users read in bulk", note=note)


def _sources(made: Sequence[Verification], users: int) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for one in made:
            yield [
                BY_NAME[one.source].title,
                one.stand_in,
                WEAKNESS[one.stand_in],
                users,
                one.documented,
                one.stood_in,
                one.unread,
                one.unknown,
                one.left_out,
                one.administrators,
                one.administrators_read,
                one.administrators_from or "not known",
                one.why or "no",
            ]

    return Table(
        name="ReadInBulk",
        title="What was read in bulk",
        note=(
            "Users = read singly + read in bulk + not read. Disabled accounts that are not in the registration report "
            "are not asked for one by one and stay not read. Where only the registration report names the "
            "administrators, disabled ones are not among them."
        ),
        columns=(
            Column(key="title", title="Value", width=24),
            Column(key="standIn", title="Read in bulk from", width=26),
            Column(key="weakness", title="What is to be known of it", kind=ColumnKind.LONG_TEXT, width=40),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER),
            Column(key="documented", title="Read singly", kind=ColumnKind.NUMBER),
            Column(key="stoodIn", title="Read in bulk", kind=ColumnKind.NUMBER),
            Column(key="unread", title="Not read", kind=ColumnKind.NUMBER),
            Column(key="unknown", title="No value in bulk", kind=ColumnKind.NUMBER, width=18),
            Column(key="leftOut", title="Of these, not asked for", kind=ColumnKind.NUMBER, width=24),
            Column(key="administrators", title="Administrators", kind=ColumnKind.NUMBER, width=16),
            Column(key="administratorsRead", title="Of these, read singly", kind=ColumnKind.NUMBER, width=22),
            Column(key="administratorsFrom", title="Known from", kind=ColumnKind.LONG_TEXT, width=34),
            Column(key="fellBack", title="Fell back", kind=ColumnKind.LONG_TEXT, width=50),
        ),
        rows=rows,
        row_count=len(made),
    )


def _samples(made: Sequence[Verification]) -> Table:
    found = [(one, stratum) for one in made for stratum in one.strata]

    def rows() -> Iterator[list[Cell]]:
        for one, stratum in found:
            yield [
                BY_NAME[one.source].title,
                stratum.state or "not listed",
                stratum.size,
                stratum.wanted,
                stratum.verified,
                stratum.unreadable,
                stratum.mismatches,
                in_words(stratum),
            ]

    return Table(
        name="VerifiedSample",
        title="The sample",
        columns=(
            Column(key="title", title="Value", width=24),
            Column(key="state", title="Listed state", width=14),
            Column(key="size", title="Users", kind=ColumnKind.NUMBER),
            Column(key="wanted", title="In the sample", kind=ColumnKind.NUMBER, width=16),
            Column(key="verified", title="Compared", kind=ColumnKind.NUMBER),
            Column(key="unreadable", title="Not readable", kind=ColumnKind.NUMBER, width=14),
            Column(key="mismatches", title="Mismatches", kind=ColumnKind.NUMBER),
            Column(key="bound", title="What follows", kind=ColumnKind.LONG_TEXT, width=70),
        ),
        rows=rows,
        row_count=len(found),
        empty="No value was read in bulk.",
    )


def _mismatches(material: Material) -> Table:
    made = material.snapshot.verification
    people = material.users.select("user_id", "user_userPrincipalName")

    def rows() -> Iterator[list[Cell]]:
        for one in made:
            named = one.mismatches.join(people, on="user_id", how="left", maintain_order="left")
            for start in range(0, named.height, BATCH_ROWS):
                for row in named.slice(start, BATCH_ROWS).iter_rows(named=True):
                    reason = row["documented_reason"]
                    yield [
                        row["user_userPrincipalName"],
                        row["field"],
                        row["stand_in"],
                        one.stand_in,
                        row["stand_in_readAt"],
                        row["stand_in_requestId"],
                        row["documented"] if reason is None else Unknown(Reason(reason)),
                        row["documented_readAt"],
                        row["documented_requestId"],
                        row["user_id"],
                    ]

    return Table(
        name="Mismatches",
        title="Mismatches",
        note="Each user and value where the documented endpoint said something else: its answer counts.",
        columns=(
            Column(key="user", title="User", width=36),
            Column(key="field", title="Value", width=40),
            Column(key="standIn", title="Read in bulk", width=18),
            Column(key="standInSource", title="From", width=26),
            Column(key="standInReadAt", title="Read in bulk at", kind=ColumnKind.TIME, width=20),
            Column(key="standInRequestId", title="request-id (bulk)", width=38),
            Column(key="documented", title="Documented endpoint", width=20),
            Column(key="documentedReadAt", title="Read singly at", kind=ColumnKind.TIME, width=20),
            Column(key="documentedRequestId", title="request-id (single)", width=38),
            id_column(material),
        ),
        rows=rows,
        row_count=sum(one.mismatches.height for one in made),
        empty="No documented answer differs from what was read in bulk.",
        browse=True,
    )
