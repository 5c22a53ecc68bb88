"""What was not read: its effect in rules and users, once for a whole source, and user by user where it is not."""

from dataclasses import replace
from types import SimpleNamespace

import polars as pl
from judged_by_hand import CAPABLE, DEFAULTS, MFA, NOW, material, pack, rows, rule, uid

from mfaaudit.reports.effects import effect_of
from mfaaudit.reports.sections import not_evaluated
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.snapshot.objects import Failure
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Reason, Unknown

STATE = "requirements.perUserMfaState"
REPORT = BY_NAME["userRegistrationDetails"]
LICENCE = {field.name: Unknown(Reason.NO_LICENSE) for field in REPORT.fields}
WELL = {MFA: True, CAPABLE: True, STATE: "enforced"}
PACKS = (pack("mine", rule(), rule("R-2", {CAPABLE: True}), rule("R-3", {STATE: "enforced"})),)


def coverage(source, wanted, reasons):
    return Coverage(
        source=source,
        wanted=wanted,
        read=wanted - sum(reasons.values()),
        reasons=reasons,
        requests=1,
        first=NOW,
        last=NOW,
    )


def failure(source, reason, *, user="", status=403):
    return Failure(
        source=source,
        user_id=user,
        reason=reason,
        status=status,
        code="Denied",
        request_id="r-1",
        client_request_id="c-1",
        attempts=5,
        read_at=NOW,
    )


def made(*users, cover=(), failures=(), packs=PACKS, **how):
    """Users of whom a source without any value was not read at all."""
    found = material(*users, packs=packs, **how)
    snapshot = SimpleNamespace(**vars(found.snapshot) | {"coverage": tuple(cover), "failures": tuple(failures)})
    frame = found.users
    for name, prefix in (("requirements", "requirements"), ("userRegistrationDetails", "registration")):
        gone = pl.all_horizontal(pl.col(f"{one.column}_reason").is_not_null() for one in BY_NAME[name].fields)
        frame = frame.with_columns(pl.when(gone).then(None).otherwise(pl.lit(NOW)).alias(f"{prefix}_readAt"))
    return replace(found, snapshot=snapshot, declared=replace(found.declared, users=frame))


def test_a_source_that_gave_nothing_is_one_line_with_its_effect():
    found = made(
        *[WELL | LICENCE] * 3,
        cover=[coverage(REPORT.name, 3, {Reason.NO_LICENSE: 3})],
        failures=[failure(REPORT.name, Reason.NO_LICENSE)],
    )
    part = not_evaluated.section(found)
    (row,) = rows(part, "UnreadSources")

    assert row["effect"] == "2 rules not evaluated for 3 users"
    assert (row["reason"], row["count"], row["status"], row["requestId"]) == ("NO_LICENSE", 3, 403, "r-1")
    assert row["endpoint"] == "v1.0/reports/authenticationMethods/userRegistrationDetails"
    assert rows(part, "UnreadUsers") == []
    (failed,) = rows(part, "FailedReads")
    for one in (row, failed):
        assert (one["status"], one["clientRequestId"], one["attempts"]) == (403, "c-1", 5)
    assert (failed["endpoint"], failed["code"], failed["readAt"]) == (row["endpoint"], "Denied", NOW)


def test_a_source_that_gave_something_is_told_user_by_user():
    lost = {STATE: Unknown(Reason.NO_PERMISSION)}
    found = made(
        WELL,
        WELL | lost,
        WELL | {STATE: Unknown(Reason.UNKNOWN_VALUE)},
        cover=[coverage("requirements", 3, {Reason.NO_PERMISSION: 1, Reason.UNKNOWN_VALUE: 1})],
        failures=[failure("requirements", Reason.NO_PERMISSION, user=uid(1).upper())],
    )
    part = not_evaluated.section(found)
    first, second = rows(part, "UnreadUsers")

    assert (first["userId"], first["reason"], first["status"], first["requestId"]) == (
        uid(1).upper(),
        "NO_PERMISSION",
        403,
        "r-1",
    )
    assert (first["clientRequestId"], first["attempts"], first["code"]) == ("c-1", 5, "Denied")
    assert first["endpoint"] == second["endpoint"] == "beta/users/{id}/authentication/requirements"
    assert (second["clientRequestId"], second["attempts"], second["readAt"]) == (None, None, None)
    assert first["cure"] == "Grant Policy.Read.All to the identity that runs the audit, then audit again."
    assert (second["reason"], second["status"], second["requestId"]) == ("UNKNOWN_VALUE", None, None)
    assert rows(part, "FailedReads") == [], "a read about one user stands with the user"
    assert [row["effect"] for row in rows(part, "UnreadSources")] == ["1 rule not evaluated for 1 user"] * 2


def test_the_users_of_an_effect_are_counted_once_over_all_rules():
    found = made(WELL | LICENCE, WELL, cover=[coverage(REPORT.name, 2, {Reason.NO_LICENSE: 1})])

    assert effect_of(found, REPORT.name, Reason.NO_LICENSE).words == "2 rules not evaluated for 1 user"
    assert effect_of(found, REPORT.name, Reason.THROTTLED).words == "none: no rule was left open by it"
    assert effect_of(found, "requirements", Reason.NO_LICENSE).words == "none: no rule was left open by it"


def test_a_list_is_not_blamed_for_what_the_own_reads_of_a_user_explain():
    asks = pack("mine", rule("R-1", {"derived.enforcedBy": "none"}))
    gone = Unknown(Reason.NOT_FOUND)
    found = made(
        {"derived.enforcedBy": gone, STATE: gone},
        {"derived.enforcedBy": gone, STATE: "disabled"},
        packs=(asks,),
        cover=[coverage("requirements", 2, {Reason.NOT_FOUND: 1}), coverage("groupMembers", 4, {Reason.NOT_FOUND: 1})],
    )
    by_source = {row["title"]: row for row in rows(not_evaluated.section(found), "UnreadSources")}

    assert by_source["Per-user MFA state"]["effect"] == "1 rule not evaluated for 1 user"
    assert by_source["Members of groups"]["effect"] == "1 rule not evaluated for 1 user"
    assert "does not exist any more" in by_source["Members of groups"]["meaning"]


def test_a_rule_about_the_tenant_counts_apart():
    tenant = pack("mine", rule("T-1", {DEFAULTS: True}, scope="tenant"))
    found = made(packs=(tenant,), tenant={DEFAULTS: Unknown(Reason.NO_PERMISSION)})
    source = "identitySecurityDefaultsEnforcementPolicy"

    assert effect_of(found, source, Reason.NO_PERMISSION).words == "1 rule about the tenant not evaluated"
