"""A year of one organisation, audit by audit: every cause of a change is named for those whom it befell, and no other.

What befell them is worked out from the simulated people and from the files that were edited, not from the program.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from quarters import QUARTER, judge, read, tenant_of

from mfaaudit.cli import main
from mfaaudit.comparing.chosen import choose
from mfaaudit.comparing.judged import judge_chosen
from mfaaudit.earlier import Cause, causes_in
from mfaaudit.simulated.account import Account
from mfaaudit.simulated.ageing import Happening
from mfaaudit.simulated.mood import READ_ALL

USERS, LAST, SEED = 160, 3, 9
RESISTANT = ("fido2SecurityKey", "windowsHelloForBusiness", "passKeyDeviceBoundAuthenticator")
POLICY = "Block legacy clients"
OLD_DAYS = 900
MOVED = (Happening.JOINED, Happening.BACK, Happening.LEFT)
SWITCHED = (Happening.DISABLED, Happening.ENABLED)


def pack(states):
    """The rules of a quarter; `states` is what was edited in them."""
    rules = {
        "Y-KEY": ("applies_to: {}", f"registration.methodsRegistered: {{contains_any: [{', '.join(RESISTANT)}]}}"),
        "Y-CLASS": (
            "applies_to: {derived.accountClass: person}",
            f"registration.methodsRegistered: {{contains_any: [{', '.join(RESISTANT)}]}}",
        ),
        "Y-REG": ("applies_to: {}", "registration.isMfaRegistered: true"),
        "Y-STATE": ("applies_to: {}", f"requirements.perUserMfaState: {{in: [{', '.join(states)}]}}"),
        "Y-AGE": ("applies_to: {}", f"user.createdDateTime: {{newer_than_days: {OLD_DAYS}}}"),
        "Y-POLICY": ("scope: tenant", f'derived.enabledPolicies: {{contains_any: ["{POLICY}"]}}'),
    }
    text = """pack: {id: year, version: "1.0.0", title: A year, description: Of one organisation., posture: any}
population: {user.accountEnabled: true, user.userType: Member}
rules:
"""
    for name, (about, require) in rules.items():
        about = "" if about == "applies_to: {}" else f"    {about}\n"
        text += f"  - id: {name}\n    title: Rule {name}\n    rationale: A reason.\n    severity: low\n{about}"
        text += f"    require: {{{require}}}\n    remediation: A cure.\n"
    return text


def register(*entries):
    text = "schema: 1\nexceptions:\n"
    for name, user, approved, expires in entries:
        text += f"""  - id: {name}
    kind: waiver
    rules: [Y-KEY]
    subject: {{userId: {user}}}
    reason: Is on a ship.
    compensating_control: Signs in from the ship only.
    requested_by: it@northharbour.example
    approved_by: ciso@northharbour.example
    approved_on: {approved}
    expires_on: {expires}
    ticket: CHG-1
"""
    return text


def classes(*users):
    listed = "".join(f"\n  - {{userId: {user}, class: service, reason: Runs the export.}}" for user in users)
    return f"schema: 1\naccounts: {listed or '[]'}\n"


@dataclass
class Year:
    bundles: list
    directories: list
    starts: list
    people: dict
    """The three whom the edited files name, to whom nothing else happens."""

    def accounts(self, quarter):
        return {one.id: one for one in self.directories[quarter].accounts}

    def happened(self, quarter, *what):
        return {one.user_id for one in self.directories[LAST].events if one.quarter == quarter and one.what in what}


def holds_key(account: Account):
    return bool({*account.methods} & {*RESISTANT})


MET = {"Y-KEY": holds_key, "Y-REG": lambda account: account.registered}
"""What rules ask of the registration report, as the simulated people know it."""


def accepted_in(quarter):
    """The states that Y-STATE accepts; it was edited before the second quarter ended."""
    return ("enabled", "enforced") if quarter >= 2 else ("disabled", "enabled", "enforced")


def in_both(year, quarter):
    before, now = year.accounts(quarter - 1), year.accounts(quarter)
    both = before.keys() & now.keys()
    return before, now, {user for user in both if in_scope(before[user]) and in_scope(now[user])}


def in_scope(account: Account):
    return account.enabled and account.user_type == "Member"


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    folder = tmp_path_factory.mktemp("year")
    tenants = [tenant_of(quarter, LAST, users=USERS, seed=SEED) for quarter in range(LAST + 1)]
    directories = [one.directory for one in tenants]
    touched = {one.user_id for one in directories[LAST].events}
    calm = [
        one.id
        for one in directories[0].accounts
        if in_scope(one)
        and one.department
        and not one.is_admin
        and not holds_key(one)
        and one.id not in touched
        # Nobody takes one of them for a program.
        and not one.user_principal_name.startswith("svc-")
    ]
    people = dict(zip(("expiring", "added", "declared"), calm, strict=False))
    day = directories[0].now.date()
    expiring = ("EX-1", people["expiring"], day - timedelta(days=10), day + timedelta(days=30))
    later = (directories[2].now - timedelta(days=5)).date()
    added = ("EX-2", people["added"], later, later + timedelta(days=300))
    bundles, starts = [], []
    for quarter, tenant in enumerate(tenants):
        edited = quarter >= 2
        files = {
            "policy.yaml": pack(accepted_in(quarter)),
            "exceptions.yaml": register(expiring, *([added] if edited else [])),
            "classes.yaml": classes(*([people["declared"]] if edited else [])),
        }
        own = folder / f"files-{quarter}"
        own.mkdir()
        for name, text in files.items():
            (own / name).write_text(text, encoding="utf-8")
        granted = [one for one in READ_ALL if quarter < LAST or one != "AuditLog.Read.All"]
        bundle = read(tenant, folder / f"q{quarter}", (LAST - quarter) * QUARTER, permissions=granted)
        how = {"exceptions": own / "exceptions.yaml", "classes": own / "classes.yaml"}
        bundles.append(judge(bundle, [str(own / "policy.yaml")], **how))
        run = json.loads((bundle / "evidence" / "run.json").read_text(encoding="utf-8"))
        starts.append(datetime.fromisoformat(run["started_at"]))
    return Year(bundles=bundles, directories=directories, starts=starts, people=people)


@pytest.fixture(scope="module")
def told(year):
    """For each quarter but the first, what the program says: the causes of each change, by account and rule."""
    made = {}
    for quarter in range(1, LAST + 1):
        _, earlier = judge_chosen(choose(year.bundles[quarter - 1 : quarter + 1]), lambda *_: None)
        made[quarter] = {
            (None if row["account"] is None else earlier.ids[row["account"]], earlier.rules[row["rule"]].rule.id): (
                set(causes_in(row["causes"])),
                row["before"],
                row["now"],
            )
            for row in earlier.rows.iter_rows(named=True)
            # The rules on the register come with it.
            if earlier.rules[row["rule"]].rule.pack == "year"
        }
    return made


def with_cause(told, quarter, cause, *rules):
    """Whom the program names a cause for, under these rules or all."""
    return {pair for pair, (causes, *_) in told[quarter].items() if cause in causes and (not rules or pair[1] in rules)}


def test_every_cause_is_named_at_least_once(told):
    named = {cause for rows in told.values() for causes, *_ in rows.values() for cause in causes}
    assert named == set(Cause)


def test_whoever_came_or_went_is_a_matter_of_the_listing_and_nobody_else(year, told):
    for quarter in range(1, LAST + 1):
        moved = year.happened(quarter, *MOVED)
        named = with_cause(told, quarter, Cause.LISTED)
        assert {user for user, _ in named} <= moved
        assert named == {pair for pair in told[quarter] if pair[0] in moved}
        before, now = year.accounts(quarter - 1), year.accounts(quarter)
        for user in moved:
            account = now.get(user) or before[user]
            old = (year.starts[quarter if user in now else quarter - 1] - account.created) >= timedelta(days=OLD_DAYS)
            assert ((user, "Y-AGE") in named) == (in_scope(account) and old)


def test_a_stricter_rule_is_the_cause_for_those_whom_it_says_something_else_of(year, told):
    before, now, both = in_both(year, 2)
    disabled = {user for user in both if before[user].state == "disabled" and not before[user].fault}
    # Whoever was enforced in the meantime fails in neither audit.
    failing = {user for user in disabled if now[user].state == "disabled" and not now[user].fault}
    assert failing
    assert with_cause(told, 2, Cause.RULE) == {(user, "Y-STATE") for user in failing}
    for quarter in (1, 3):
        assert not with_cause(told, quarter, Cause.RULE)


def test_an_exception_ran_out_and_another_was_written(year, told):
    expected = {1: {(year.people["expiring"], "Y-KEY")}, 2: set(), 3: set()}
    assert {quarter: with_cause(told, quarter, Cause.WAIVER_DATE) for quarter in expected} == expected
    assert told[1][year.people["expiring"], "Y-KEY"][1:] == ("WAIVED", "FAIL")
    expected = {1: set(), 2: {(year.people["added"], "Y-KEY")}, 3: set()}
    assert {quarter: with_cause(told, quarter, Cause.WAIVER_CHANGED) for quarter in expected} == expected
    assert told[2][year.people["added"], "Y-KEY"][1:] == ("FAIL", "WAIVED")


def test_what_somebody_declared_puts_one_account_out_of_scope(year, told):
    expected = {1: set(), 2: {(year.people["declared"], "Y-CLASS")}, 3: set()}
    assert {quarter: with_cause(told, quarter, Cause.DECLARED) for quarter in expected} == expected


def test_a_policy_that_was_renamed_is_a_matter_of_the_tenant(told):
    expected = {1: set(), 2: {(None, "Y-POLICY")}, 3: set()}
    assert {quarter: with_cause(told, quarter, Cause.TENANT) for quarter in expected} == expected


def test_accounts_that_were_switched_off_or_on_are_out_of_scope_or_in(year, told):
    for quarter in range(1, LAST + 1):
        named = with_cause(told, quarter, Cause.SCOPE)
        switched = year.happened(quarter, *SWITCHED)
        assert {user for user, _ in named} <= switched
        before, now = year.accounts(quarter - 1), year.accounts(quarter)
        for user in switched:
            side, start = (before, quarter - 1) if before[user].enabled else (now, quarter)
            old = year.starts[start] - side[user].created >= timedelta(days=OLD_DAYS)
            assert ((user, "Y-AGE") in named) == old
    assert any(with_cause(told, quarter, Cause.SCOPE) for quarter in told)


def test_what_people_did_themselves_is_a_matter_of_their_accounts(year, told):
    for quarter in range(1, LAST + 1):
        before, now, both = in_both(year, quarter)
        readable = {user for user in both if not before[user].fault and not now[user].fault}
        old, new = accepted_in(quarter - 1), accepted_in(quarter)
        # Under the rule as it is now; whoever failed in neither audit is in no list.
        moved = {user for user in readable if (before[user].state in new) != (now[user].state in new)}
        moved = {user for user in moved if before[user].state not in old or now[user].state not in new}
        assert with_cause(told, quarter, Cause.USER, "Y-STATE") == {(user, "Y-STATE") for user in moved}
        for rule, met in MET.items() if quarter < LAST else ():
            moved = {user for user in both if met(before[user]) != met(now[user])}
            assert with_cause(told, quarter, Cause.USER, rule) == {(user, rule) for user in moved}
        assert not with_cause(told, quarter, Cause.USER, "Y-AGE", "Y-POLICY")


def test_what_was_not_read_is_a_matter_of_the_data(year, told):
    for quarter in range(1, LAST + 1):
        before, _, both = in_both(year, quarter)
        refused = year.happened(quarter, Happening.REFUSED, Happening.READABLE)
        assert {user for user, _ in with_cause(told, quarter, Cause.DATA, "Y-STATE")} <= refused
        for rule, met in MET.items():
            # Without AuditLog.Read.All nobody's methods are read any more; what is waived is no failure.
            waived = {year.people["added"]} if rule == "Y-KEY" else set()
            lost = {user for user in both if not met(before[user])} - waived if quarter == LAST else set()
            assert with_cause(told, quarter, Cause.DATA, rule) == {(user, rule) for user in lost}
    assert with_cause(told, LAST, Cause.DATA)


def test_whoever_only_grew_older_fails_by_the_date(year, told):
    for quarter in range(1, LAST + 1):
        _, now, both = in_both(year, quarter)
        limit, since = year.starts[quarter] - timedelta(days=OLD_DAYS), year.starts[quarter - 1]
        crossed = {user for user in both if since - timedelta(days=OLD_DAYS) < now[user].created <= limit}
        assert with_cause(told, quarter, Cause.TIME) == {(user, "Y-AGE") for user in crossed}
    assert any(with_cause(told, quarter, Cause.TIME) for quarter in told)


def test_the_whole_year_in_one_comparison(year, tmp_path, capsys):
    out = tmp_path / "year"
    code = main(["compare", *map(str, reversed(year.bundles)), "--out", str(out), "--quiet", "--format", "json,csv"])
    assert code == 10
    capsys.readouterr()
    made = json.loads((out / "changes.json").read_text(encoding="utf-8"))
    assert [one["runId"] for one in made["audits"]] == [one.run.id for one in choose(year.bundles)]

    sign_ins = made["signInsOfPeriod"]
    assert len(sign_ins["gaps"]) == LAST
    assert sum(one["success"]["value"] for one in sign_ins["days"]) == sum(
        one["signInMetrics"]["success"] for one in made["audits"]
    ), "windows that do not touch add up to all days"

    # Whoever failed in one audit, and passes in the next, was fixed within the quarter between them.
    lasted = {one["id"]: one for one in made["timeToFix"]["byRule"]}
    fixed = 0
    for quarter in (1, 2):
        before, now, both = in_both(year, quarter)
        fixed += len({user for user in both if not before[user].registered and now[user].registered})
    assert lasted["Y-REG"]["fixed"] == fixed > 0
    assert lasted["Y-REG"]["medianDaysAtMost"] in (91, 92, 182, 183)
    assert lasted["Y-REG"]["open"] == 0, "in the last audit nobody could be judged by it"
    # That rule asked something else before the second quarter ended: nothing is known of it from before.
    assert lasted["Y-STATE"]["longestDaysAtMost"] in (None, 91, 92)
