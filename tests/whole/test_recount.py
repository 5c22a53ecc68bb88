"""Counts in results.json against an independent recount from the raw evidence, rule by rule, in every mood."""

import csv
import datetime
import json
from collections import Counter

import raw_evidence

PHONE = {"mobilePhone", "alternateMobilePhone", "officePhone", "sms"}
APPROVAL = {"microsoftAuthenticatorPush", "microsoftAuthenticatorPasswordless"}
NOT_A_SECOND_FACTOR = {
    "email",
    "securityQuestion",
    "temporaryAccessPass",
    "appPassword",
    "qrCode",
    "x509CertificateSingleFactor",
}
PHONE_OR_NO_FACTOR = PHONE | NOT_A_SECOND_FACTOR
TELEPHONY = {"sms", "voiceMobile", "voiceAlternateMobile", "voiceOffice"}
PREFERENCES = {*TELEPHONY, "push", "oath", "none"}
KNOWN_STATES = {"disabled", "enabled", "enforced"}
NOTHING = "none"


def people(bundle):
    """For each user what the evidence says, None where it says nothing."""
    listed = raw_evidence.users(bundle)
    rows = raw_evidence.registration(bundle) or {}
    states = raw_evidence.own_reads(bundle, "requirements")
    preferences = raw_evidence.own_reads(bundle, "signInPreferences")
    made = []
    for user_id, user in listed.items():
        state = answered(states, user_id, "perUserMfaState")
        preferred = answered(preferences, user_id, "userPreferredMethodForSecondaryAuthentication")
        system = answered(preferences, user_id, "isSystemPreferredAuthenticationMethodEnabled")
        row = rows.get(user_id, {})
        made.append(
            {
                "in_scope": user["accountEnabled"] and user.get("userType") != "Guest",
                "guest": user.get("userType") == "Guest",
                "enabled": user["accountEnabled"],
                "created": user["createdDateTime"],
                "state": state if state in KNOWN_STATES else None,
                "system_preferred": None if system == NOTHING else system,
                "preferred": preferred if preferred in PREFERENCES else None,
                "registered": row.get("isMfaRegistered"),
                "capable": row.get("isMfaCapable"),
                "methods": row.get("methodsRegistered"),
            }
        )
    return made


def answered(reads, user_id, name):
    status, body = reads.get(user_id, (0, None))
    if status != 200 or name not in body:
        return None
    # Graph says null, or nothing, when no preference is set; for a yes or no it means nothing.
    return NOTHING if body[name] in (None, "") else body[name]


def tally(everybody, applies, judge):
    """Counts of pass, fail, not applicable and not evaluated; `applies` and `judge` say None for unknown."""
    counts = {"pass": 0, "fail": 0, "waived": 0, "notApplicable": 0, "notEvaluated": 0, "error": 0}
    for one in everybody:
        scope = applies(one)
        if scope is False:
            counts["notApplicable"] += 1
            continue
        verdict = judge(one)
        if scope is None or verdict is None:
            counts["notEvaluated"] += 1
        else:
            counts["pass" if verdict else "fail"] += 1
    return counts


def both(*values):
    if False in values:
        return False
    return None if None in values else True


def counts_of(job, rule_id):
    return next(rule["counts"] for rule in job.results["rules"] if rule["id"] == rule_id)


def in_scope(one):
    return one["in_scope"]


def registered(one):
    return both(one["in_scope"], one["registered"])


def test_everybody_who_was_listed_is_counted(job):
    population = job.results["population"]
    assert population["enumerated"] == len(raw_evidence.users(job.bundle)) > 100
    first, last = (int(one["body"]) for one in raw_evidence.lines(job.bundle, "userCount"))
    assert (population["countBefore"], population["countAfter"]) == (first, last)


def test_registered_and_capable(job):
    everybody = people(job.bundle)
    assert counts_of(job, "BASE-01") == tally(everybody, in_scope, lambda one: one["registered"])
    assert counts_of(job, "BASE-02") == tally(everybody, in_scope, lambda one: one["capable"])


def test_system_preferred(job):
    assert counts_of(job, "BASE-03") == tally(people(job.bundle), in_scope, lambda one: one["system_preferred"])


def test_the_preferred_telephone(job):
    def judge(one):
        return None if one["preferred"] is None else one["preferred"] not in TELEPHONY

    assert counts_of(job, "BASE-04") == tally(people(job.bundle), in_scope, judge)


def test_methods_of_the_registered(job):
    # A method that nobody has classified leaves open what would hang on it.
    known = PHONE_OR_NO_FACTOR | set(job_methods())

    # Registered, and without a method: the report contradicts itself.
    def other_than_telephone(one):
        if not one["methods"]:
            return None
        if any(method in known and method not in PHONE_OR_NO_FACTOR for method in one["methods"]):
            return True
        return None if any(method not in known for method in one["methods"]) else False

    def two_usable(one):
        if not one["methods"]:
            return None
        # Two phones are one kind of method, and so are two ways to approve in Microsoft Authenticator.
        usable = {
            "phone" if method in PHONE else "approval" if method in APPROVAL else method
            for method in one["methods"]
            if method in known and method not in NOT_A_SECOND_FACTOR
        }
        strange = [method for method in one["methods"] if method not in known]
        if len(usable) >= 2:
            return True
        return None if len(usable) + len(strange) >= 2 else False

    everybody = people(job.bundle)
    assert counts_of(job, "BASE-05") == tally(everybody, registered, other_than_telephone)
    assert counts_of(job, "BASE-06") == tally(everybody, registered, two_usable)


def job_methods():
    """Methods that the userRegistrationDetails page names, and those that tenants are known to send."""
    from mfaaudit.vocabulary import FIELDS

    return FIELDS["registration.methodsRegistered"].values


def test_the_share_of_the_capable(job):
    inside = [one for one in people(job.bundle) if one["in_scope"]]
    judged = [one for one in inside if one["capable"] is not None]
    capable = sum(one["capable"] for one in judged)
    unread = len(inside) - len(judged)
    least, most = 100 * capable / len(inside), 100 * (capable + unread) / len(inside)
    if most < 99:
        expected = "FAIL"
    elif least >= 99 and 100 * len(judged) >= 95 * len(inside):
        expected = "PASS"
    else:
        expected = "NOT_EVALUATED"
    assert next(rule["status"] for rule in job.results["rules"] if rule["id"] == "BASE-T1") == expected


def security_defaults(bundle):
    one = raw_evidence.lines(bundle, "identitySecurityDefaultsEnforcementPolicy")[-1]
    return json.loads(one["body"])["isEnabled"] if one["status"] == 200 else None


def policies_were_read(bundle):
    return raw_evidence.lines(bundle, "conditionalAccessPolicies")[-1]["status"] == 200


def test_per_user_mfa_where_security_defaults_are_off(job):
    defaults = security_defaults(job.bundle)
    off = None if defaults is None else not defaults
    # Without the policies nobody can tell in which posture the tenant is.
    fits = True if policies_were_read(job.bundle) else None
    started = datetime.datetime.fromisoformat(job.results["run"]["startedAt"])

    def judge(one):
        return None if one["state"] is None else one["state"] != "disabled"

    def waiting_long(one):
        created = datetime.datetime.fromisoformat(one["created"])
        enabled = None if one["state"] is None else one["state"] == "enabled"
        return both(off, fits, one["in_scope"], enabled, created < started - datetime.timedelta(days=14))

    everybody = people(job.bundle)
    assert counts_of(job, "PUM-01") == tally(everybody, lambda one: both(off, fits, one["in_scope"]), judge)
    assert counts_of(job, "PUM-02") == tally(everybody, waiting_long, lambda one: one["registered"])


REASONS = ("NO_PERMISSION", "NO_LICENSE", "NOT_FOUND", "THROTTLED", "TIMEOUT", "SERVER_ERROR", "NO_ROW", "STALE")
"""Of several reasons the first speaks for the user; all others come after these."""


def rank(reason):
    return (*REASONS, reason).index(reason)


def test_the_ledger_from_the_evidence_and_the_rows_of_findings(job):
    with (job.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["userId"]]
    reasons = {}
    for row in rows:
        if row["status"] == "NOT_EVALUATED":
            reasons.setdefault(row["userId"], set()).add(row["reason"])
    failing = {row["userId"] for row in rows if row["status"] == "FAIL"}
    # Guests are looked at by one rule only, and only if they hold a role.
    guests = sum(counts_of(job, "PUM-04")[name] for name in ("pass", "fail", "notEvaluated"))
    looked_at = sum(one["in_scope"] for one in people(job.bundle)) + guests
    expected = {
        ("evaluated", None): (looked_at - len(reasons), len(failing - set(reasons))),
        ("waived", None): (0, 0),
        ("outOfScope", None): (len(people(job.bundle)) - looked_at, 0),
        ("error", None): (0, 0),
    }
    unreadable = {user: min(found, key=rank) for user, found in reasons.items()}
    failed = Counter(reason for user, reason in unreadable.items() if user in failing)
    for reason, count in (Counter(unreadable.values()) or {None: 0}).items():
        expected["unreadable", reason] = (count, failed[reason])

    ledger = {(one["bucket"], one["reason"]): (one["users"], one["failing"]) for one in job.results["ledger"]}
    assert ledger == expected
    assert sum(count for count, _ in ledger.values()) == len(raw_evidence.users(job.bundle))


def test_duplicates_and_orphans_are_those_of_the_raw_pages(job):
    rows = [row["id"] for body in raw_evidence.bodies(job.bundle, "users") for row in body["value"] if "id" in row]
    report = [row["id"] for body in raw_evidence.bodies(job.bundle, "userRegistrationDetails") for row in body["value"]]
    population = job.results["population"]

    assert sorted(population["duplicateIds"]) == sorted((Counter(rows) - Counter(set(rows))).elements())
    assert population["duplicates"] == len(population["duplicateIds"])
    assert sorted(population["orphanIds"]) == sorted(set(report) - set(rows))


def test_coverage_of_the_users_own_reads(job):
    listed = raw_evidence.users(job.bundle)
    for source in ("requirements", "signInPreferences"):
        good = sum(status == 200 for status, _ in raw_evidence.own_reads(job.bundle, source).values())
        said = next(one for one in job.results["coverage"] if one["source"] == source)
        assert (said["wanted"], said["read"], said["unread"]) == (len(listed), good, len(listed) - good)
        assert sum(said["reasons"].values()) == said["unread"]


def test_registration_by_method_is_what_graph_said_or_what_the_rows_add_up_to(job):
    registration = job.results["registration"]
    if registration["source"].startswith("usersRegisteredBy"):
        body = raw_evidence.bodies(job.bundle, "usersRegisteredByMethod")[-1]
        counts = body["userRegistrationMethodCounts"]
        assert registration["byMethod"] == {one["authenticationMethod"]: one["userCount"] for one in counts}
    rows, listed = raw_evidence.registration(job.bundle), raw_evidence.users(job.bundle)
    for one in registration["reconciliation"]:
        if one["what"] == "mfaCapable" and one["ours"] is not None:
            assert one["ours"] == sum(row["isMfaCapable"] for user_id, row in rows.items() if user_id in listed)


def test_attempts_and_sign_ins_by_method_are_those_of_the_raw_rows(job):
    activity = job.results["registration"]["activity"]
    found = raw_evidence.bodies(job.bundle, "userRegistrationActivity")
    if not found:
        assert activity["registrationAndReset"] is None
        assert activity["registrationAndResetReason"] in ("NO_PERMISSION", "NO_LICENSE")
        return
    # What comes twice counts once; what cannot be read, or is said in two ways, is null.
    rows = {json.dumps(row, sort_keys=True): row for body in found for row in body["value"]}.values()
    expected = {}
    for row in rows:
        expected.setdefault((row["feature"], row["authMethod"]), []).append(row["failureActivityCount"])
    said = {(row["feature"], row["method"]): row["failed"] for row in activity["registrationAndReset"]}
    assert said == {key: counts[0] if len(counts) == 1 else None for key, counts in expected.items()}


def test_sign_ins_a_day(job):
    for name, key in (("getMetricsForMfaSignInSuccess", "success"), ("getMetricsForMfaSignInFailure", "failure")):
        said = job.results["signInMetrics"][key]
        found = raw_evidence.bodies(job.bundle, name)
        if not found:
            assert said is None
            continue
        days = dict.fromkeys(job.results["signInMetrics"]["days"], 0)
        for body in found:
            for bucket in body["value"]:
                days[bucket["intervalStartDateTime"][:10]] += bucket["value"]
        assert said == days
