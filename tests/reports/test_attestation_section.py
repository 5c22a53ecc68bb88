"""The page to sign: a statement, figures in percent for each category, exceptions, and what was not assessed."""

import dataclasses
from datetime import date
from fractions import Fraction

import pytest
from audit_by_hand import NOW, audit
from judged_by_hand import population

from mfaaudit.declared.declare import EntryRow
from mfaaudit.declared.register import Entry, Subject
from mfaaudit.declared.words import ExceptionKind, State
from mfaaudit.findings.load import load_pack, shipped_packs
from mfaaudit.reports.attestation_figures import figures_of
from mfaaudit.reports.sections import SECTIONS, SHEETS
from mfaaudit.reports.sections.attestation import LINES, section
from mfaaudit.words import Reason, Unknown

PACKS = ("nydfs-500-12", "cyber-insurance")
CAPABLE, ANSWER = "registration.isMfaCapable", "derived.enforcedBy"
GUEST = {"user.userType": "Guest", "derived.accountClass": "guest"}
SERVICE = {"derived.accountClass": "service"}
EMERGENCY = {"derived.accountClass": "breakGlass"}
LOST = Unknown(Reason.THROTTLED)


def material(*users, packs=("nydfs-500-12",), **how):
    people = [{CAPABLE: True, "registration.methodsRegistered": ("fido2SecurityKey",)} | user for user in users]
    made = audit(*people, packs=packs, tenant={"derived.legacyAuthenticationPolicies": ("Block",)}, **how)
    made.snapshot.population = population(len(users))
    made.snapshot.run.tenant_called, made.snapshot.run.default_domain = "Contoso", "contoso.example"
    made.snapshot.run.started_at = NOW
    return made


def rows_of(part, name):
    return [list(row) for row in next(table for table in part.tables if table.name == name).rows()]


def test_only_a_pack_with_a_statement_has_a_page_to_sign():
    assert section(audit({}, packs=("enforcement",))) is None
    assert {name for name in shipped_packs() if load_pack(name).attestation} == set(PACKS)
    assert section in SECTIONS
    assert "Attestation" in SHEETS


def test_each_statement_is_shown_and_each_pack_has_its_answers():
    part = section(material({}, packs=PACKS))

    for pack in map(load_pack, PACKS):
        assert any(pack.attestation in line for line in part.lead)
    assert [row[0] for row in rows_of(part, "AttestedControls1")] == [one.id for one in load_pack(PACKS[0]).controls]
    assert [row[0] for row in rows_of(part, "AttestedControls2")] == [one.id for one in load_pack(PACKS[1]).controls]


def test_figures_stand_for_each_category_and_what_is_not_known_counts_as_not():
    found = {
        row.category: row
        for row in figures_of(
            material(
                {},
                {ANSWER: "excluded", CAPABLE: False},
                {ANSWER: LOST, CAPABLE: LOST},
                GUEST,
                GUEST | {ANSWER: "none"},
                SERVICE,
                EMERGENCY | {ANSWER: "excluded"},
                {"user.accountEnabled": False, ANSWER: "none"},
                {"derived.roles": ("62e90394-69f5-4237-9190-012177145e10",)},
            ).users
        )
    }
    members = found["Members"]

    assert (members.accounts, members.asked, members.asked_not_known) == (4, 2, 1)
    assert (members.asked_share, members.capable_share) == (Fraction(1, 2), Fraction(1, 2))
    assert (members.capable, members.capable_not_known) == (2, 1)
    assert (found["Guests"].asked_share, found["Guests"].accounts) == (Fraction(1, 2), 2)
    assert found["Service and synchronization accounts"].accounts == 1
    assert found["Emergency access accounts"].asked_share == 0
    assert found["Of these, administrators"].accounts == 1
    assert found["Shared and room mailboxes"].asked_share is None
    # Each enabled account stands in one category.
    apart = [
        row.accounts for name, row in found.items() if name not in ("All enabled accounts", "Of these, administrators")
    ]
    assert sum(apart) == found["All enabled accounts"].accounts == 8


def test_what_was_not_assessed_is_listed_with_what_nobody_can_see():
    part = section(material({ANSWER: LOST, "derived.isAskedEverywhere": LOST}, packs=PACKS))
    open_ones = rows_of(part, "AttestedOpen")

    assert any(row[1] == "THROTTLED" and row[2] == 1 for row in open_ones)
    assert any("VPN" in row[0] for row in open_ones)
    assert any("CI-BACKUP" in row[0] and row[1] == "A person must look" for row in open_ones)


def test_exceptions_stand_with_owner_approver_and_end():
    entry = Entry(
        id="E-1",
        kind=ExceptionKind.COMPENSATING_CONTROL,
        rules=("ENF-01",),
        subject=Subject("00000000-0000-4000-8000-00000000000a", is_group=False),
        reason="Kiosk",
        compensating_control="A locked room",
        risk="",
        requested_by="plant@contoso.example",
        approved_by="ciso@contoso.example",
        approved_on=date(2026, 3, 1),
        expires_on=date(2026, 6, 1),
        review_on=None,
        ticket="CHG-1",
        last_drill_on=None,
        line=1,
    )
    held = EntryRow(entry=entry, states=(State.ACTIVE,), users=1, waived=1, effective_until=date(2026, 6, 1), until={})
    over = dataclasses.replace(held, effective_until=None)

    part = section(dataclasses.replace(material({}), exceptions=(held, over)))

    assert rows_of(part, "AttestedExceptions") == [
        ["E-1", 1, "Kiosk", "A locked room", "plant@contoso.example", "ciso@contoso.example", "2026-06-01", None]
    ]


def test_there_are_lines_to_sign_on():
    table = next(table for table in section(material({})).tables if table.name == "AttestedBy")

    assert [row[0] for row in table.rows()] == list(LINES) == ["Name", "Title", "Date", "Signature"]
    assert table.columns[1].input is not None


@pytest.mark.parametrize("name", PACKS)
def test_a_statement_says_what_it_rests_on_and_the_pack_what_it_does_not_cover(name):
    pack = load_pack(name)

    assert "Exceptions and Not assessed" in pack.attestation
    assert any(word in f"{pack.description}{pack.controls}" for word in ("VPN", "on-premises"))
    assert pack.framework.source == "secondary"
