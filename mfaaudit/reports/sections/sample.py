"""The sheet on which an auditor checks the report against the portal, and the portal against the report."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Input, Section, Table
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.material import Material, cells
from mfaaudit.reports.sampling import OWN_PICKS, SHARE, SIZE, Stratum, sample_of, shares_of
from mfaaudit.snapshot.sample import hash_of

AGREES = ("Yes", "No", "Partly")


def section(material: Material) -> Section:
    """Sample; the page has no place to write in, and leaves it out."""
    seed = material.snapshot.run.id
    order = ", ".join(one.value for one in Stratum if one is not Stratum.ANY)
    return Section(
        name="Sample",
        title="Sample",
        lead=(
            "To rely on this report, check it against the portal, both ways. Open each user of the sample by the link, "
            "look up what stands in the portal, and write down whether the two agree; then pick users in the portal "
            "yourself, and look for them here. What changed since the user was read is no disagreement.",
            f"How the sample was drawn: for each of {order}, in this order, the {SHARE} users who were not drawn "
            "before and whose SHA-256 of run id, colon and object id in lower case is smallest; then, in the same way "
            f"out of everybody, as many as {SIZE} in all still lack. The same run gives the same sample, and nobody "
            "chose it. To draw it again, take the object ids of Users by the column that the table of the strata "
            "names; `printf %s RUN:ID | sha256sum` gives the hash of one.",
        ),
        facts=(
            Fact(label="Seed of the sample", value=seed, note="the id of the run"),
            Fact(
                label="Users in the sample",
                value=min(SIZE, material.users.height),
                note=f"of {material.users.height:,} who were listed",
            ),
        ),
        tables=(_strata(material), _to_portal(material), _to_report()),
        on_page=False,
    )


def _strata(material: Material) -> Table:
    shares = shares_of(material)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for one in shares:
            stratum = one.stratum
            yield stratum.value, stratum.meaning, one.users, one.left, stratum.in_users, len(one.rows)

    wide = ColumnKind.LONG_TEXT
    # The columns stand over those of the sample, of the same widths.
    return Table(
        name="SampleStrata",
        title="The strata that were drawn from",
        note="In the order of drawing. Nobody is drawn twice: whoever was drawn before is left out of what follows.",
        columns=(
            Column(key="stratum", title="Drawn as", width=15),
            Column(key="meaning", title="Who it is", kind=wide, width=38),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER, width=10),
            Column(key="left", title="Not drawn before", kind=ColumnKind.NUMBER, width=18),
            Column(key="inUsers", title="In Users", kind=wide, width=34),
            Column(key="drawn", title="Drawn", kind=ColumnKind.NUMBER, width=10),
        ),
        rows=rows,
        row_count=len(shares),
    )


def _to_portal(material: Material) -> Table:
    drawn = sample_of(material)
    users = material.users[pl.Series([one.row for one in drawn], dtype=pl.UInt32())]
    worst = material.findings.worst_of_users()
    seed = material.snapshot.run.id

    def rows() -> Iterator[tuple[Cell, ...]]:
        yield from zip(
            cells(users, "user.userPrincipalName"),
            users["user_id"].to_list(),
            [one.stratum.value for one in drawn],
            cells(users, "requirements.perUserMfaState"),
            cells(users, "registration.methodsRegistered"),
            cells(users, "registration.isMfaCapable"),
            cells(users, "derived.enforcedBy"),
            [worst[one.row] for one in drawn],
            [", ".join(one.failed) or None for one in drawn],
            users["requirements_readAt"].to_list(),
            *([None] * len(drawn) for _ in _inputs()),
            [hash_of(seed, user) for user in users["user_id"].to_list()],
            strict=True,
        )

    wide = ColumnKind.LONG_TEXT
    return Table(
        name="ReportToPortal",
        title="From the report to the portal: is what it says true?",
        columns=(
            Column(key="userPrincipalName", title="User principal name", width=38),
            id_column(material),
            Column(key="stratum", title="Drawn as", width=15),
            Column(key="perUserMfaState", title="Per-user MFA state", width=18),
            Column(key="methodsRegistered", title="Methods registered", kind=wide, width=34),
            Column(key="isMfaCapable", title="MFA capable", kind=ColumnKind.BOOLEAN, width=16),
            Column(key="enforcedBy", title="What asks for MFA", width=30),
            Column(key="worst", title="Worst verdict", kind=ColumnKind.VERDICT, width=16),
            Column(key="failed", title="Rules failed", kind=wide, width=20),
            Column(key="readAt", title="State read at", kind=ColumnKind.TIME, width=20),
            *_inputs(),
            Column(key="sha256", title="SHA-256 of run id, colon, object id", width=68, on_paper=False),
        ),
        rows=rows,
        row_count=len(drawn),
        empty="No user was listed.",
    )


def _inputs() -> tuple[Column, ...]:
    return (
        Column(
            key="portalValue",
            title="Portal value",
            kind=ColumnKind.LONG_TEXT,
            width=30,
            input=Input(prompt="What the portal shows: per-user MFA state and authentication methods."),
        ),
        Column(
            key="agrees",
            title="Agrees?",
            width=10,
            input=Input(prompt="Whether the portal and the report agree.", choices=AGREES),
        ),
        Column(key="tester", title="Tester", width=20, input=Input(prompt="Who looked.")),
        Column(
            key="testedOn", title="Date", width=12, input=Input(prompt="The day on which you looked.", is_date=True)
        ),
        Column(
            key="screenshot",
            title="Screenshot",
            width=20,
            input=Input(prompt="The file or reference of the screenshot."),
        ),
    )


def _to_report() -> Table:
    columns = (
        Column(key="number", title="Pick", kind=ColumnKind.NUMBER, width=8),
        Column(
            key="pickedObjectId",
            title="Object id, from the portal",
            width=38,
            input=Input(prompt="The object id of a user whom you picked in the portal."),
        ),
        Column(
            key="inReport",
            title="In Users?",
            width=12,
            input=Input(prompt="Whether the sheet Users has a row for this object id.", choices=("Yes", "No")),
        ),
        *_inputs(),
    )

    def rows() -> Iterator[list[Cell]]:
        for number in range(1, OWN_PICKS + 1):
            yield [number, *([None] * (len(columns) - 1))]

    return Table(
        name="PortalToReport",
        title="From the portal to the report: is anybody missing?",
        note="Pick users in the portal without looking at the report; one that is not in Users was not judged.",
        columns=columns,
        rows=rows,
        row_count=OWN_PICKS,
    )
