"""Edits that make the good pack bad: the keys of rules, heads and controls, and operators."""

REQUIRE = "      registration.isMfaRegistered: true\n    rem"
STATE = "      requirements.perUserMfaState:"
METHODS = "      registration.methodsRegistered:"


def required(text):
    """The edit that gives the first rule another requirement, which begins on line 15."""
    return REQUIRE, f"{text}\n    rem"


def kept(text):
    """The edit that gives the first rule another key, on line 14."""
    return "severity: high", f"severity: high\n    {text}"


def headed(text):
    """The edit that gives the head another key, on line 5."""
    return "  title: Mine", f"  title: Mine\n  {text}"


def controlled(text):
    """The edit that adds a control, on line 10."""
    return "rules:\n", f"controls:\n  - {{id: X, title: T, {text}}}\nrules:\n"


# what stands in the good pack, what comes instead, and the line, the message and the hint of the refusal
BAD_KEYS = {
    "a severity of users in a rule about the tenant": (
        "severity: low",
        "severity: low\n    severity_when: [{if: {registration.isAdmin: true}, severity: high}]",
        26,
        "is one for all",
        "Remove severity_when",
    ),
    "a severity without a condition": (*kept("severity_when: [{severity: low}]"), 14, "lacks the key 'if'", "Add"),
    "a condition without a severity": (
        *kept("severity_when: [{if: {registration.isAdmin: true}}]"),
        14,
        "lacks the key 'severity'",
        "Add",
    ),
    "a severity on a condition of the tenant": (
        *kept("severity_when:\n      - if: {tenant.securityDefaults.isEnabled: true}\n        severity: low"),
        15,
        "about the tenant",
        "preconditions",
    ),
    "a severity that is none": (
        *kept("severity_when:\n      - if: {registration.isAdmin: true}\n        severity: lo"),
        16,
        "cannot be 'lo'",
        "'low'",
    ),
    "one severity that is no list": (
        *kept("severity_when: {if: {registration.isAdmin: true}, severity: low}"),
        14,
        "must be a list",
        "[one, two]",
    ),
    "an empty value that means something else": (*kept("null_means: fial"), 14, "cannot be 'fial'", "'fail'"),
    "an empty value in an aggregate": (
        "severity: low",
        "severity: low\n    null_means: pass",
        26,
        "an aggregate counts users",
        "`count`",
    ),
    "a blocker that is not there": (*kept("blocked_by: [M-3]"), 10, "blocked by 'M-3'", "'M-2'"),
    "a blocker that is no list": (*kept("blocked_by: M-2"), 14, "must be a list, not 'M-2'", "[one, two]"),
    "a blocker that is a path": (*kept("blocked_by: [../M-2]"), 14, "cannot be '../M-2'", "letters, digits"),
    "waivable in words": (*kept("waivable: sometimes"), 14, "is true or false, not 'sometimes'", "true or false"),
    "another posture of a rule": (*kept("posture: per-usr"), 14, "cannot be 'per-usr'", "'per-user'"),
    "another posture": (*headed("posture: conditional"), 5, "cannot be 'conditional'", "'conditional-access'"),
    "something else that is judged": (*headed("judges: date"), 5, "cannot be 'date'", "'data'"),
    "a conflict that is no list": (*headed("conflicts_with: other"), 5, "must be a list", "[one, two]"),
    "a precondition of a rule about users": (
        *kept("preconditions:\n      - {registration.isAdmin: true}"),
        15,
        "about the user",
        "aggregate",
    ),
    "preconditions that are no list": (
        *kept("preconditions: {tenant.securityDefaults.isEnabled: true}"),
        14,
        "must be a list, not keys with values",
        "`- `",
    ),
    "an assessment by hand": (*kept("assessment: manual"), 14, "cannot be 'manual'", "full, partly"),
    "a reference that is no text": (*kept("references: [7]"), 14, "references must be text, not '7'", "quotes"),
    "a framework without a source": (
        *headed('framework: {name: F, version: "1"}'),
        5,
        "lacks the key 'source'",
        "Add",
    ),
    "a framework known from hearsay": (
        *headed('framework: {name: F, version: "1", source: hearsay}'),
        5,
        "cannot be 'hearsay'",
        "primary, secondary",
    ),
    "a control of no rule": (*controlled("assessment: full, rules: [M-11]"), 10, "no rule 'M-11'", "'M-1'"),
    "a control without rules": (*controlled("assessment: full"), 10, "a manual control has no rules", "`note`"),
    "a control by hand with rules": (
        *controlled("assessment: manual, rules: [M-1], note: N"),
        10,
        "a manual control has no rules",
        "`note`",
    ),
    "a control in part without a note": (
        *controlled("assessment: partly, rules: [M-1]"),
        10,
        "partly needs a note",
        "do not prove",
    ),
    "a control by hand without a note": (*controlled("assessment: manual"), 10, "manual needs a note", "prove"),
    "a control twice": (
        "rules:\n",
        "controls:\n  - {id: X, title: T, assessment: full, rules: [M-1]}\n"
        "  - {id: X, title: T, assessment: full, rules: [M-2]}\nrules:\n",
        11,
        "the control 'X' comes twice",
        "once",
    ),
    "a list to fill in that is not there": (
        "rules:\n",
        "fill_in:\n  people: Ids.\nrules:\n",
        10,
        "people is no list of this pack",
        "sample under `lists`",
    ),
    "a field compared with itself": (
        *required("      registration.isMfaRegistered: {eq_field: registration.isMfaRegistered}"),
        15,
        "what registration.isMfaRegistered is compared with cannot be",
        "Allowed",
    ),
    "a field compared with one of another kind": (
        *required("      registration.isMfaRegistered: {eq_field: user.userType}"),
        15,
        "cannot be 'user.userType'",
        "Allowed",
    ),
    "there, or not": (
        *required("      registration.isMfaRegistered: {exists: false}"),
        15,
        "exists takes only true",
        "`not`",
    ),
    "a boolean that is empty": (
        *required("      registration.isMfaRegistered: {empty: true}"),
        15,
        "whose kind is boolean",
        "exists",
    ),
    "a pattern that is none": (
        *required("      user.displayName: {regex: '[a'}"),
        15,
        "no regular expression",
        "`matches`",
    ),
    "a repeated group": (
        *required("      user.displayName: {regex: '(a+)+'}"),
        15,
        "holds a repeated group",
        "without repetition",
    ),
    "a condition that is a word": (
        *required("      registration.isMfaRegistered"),
        15,
        "must be keys with values",
        "key: value",
    ),
    "a key that is a list": (*required("      ? [a, b]\n      : true"), 15, "a key must be one word", "key: value"),
    "an example of two kinds": (
        "given:\n          registration.isMfaRegistered: true\n        verdict",
        "given: {}\n        users: []\n        verdict",
        18,
        "either given or users",
        "aggregate",
    ),
    "a rule that waits for itself": (*kept("blocked_by: [M-1]"), 10, "M-1 → M-1 wait for one another", "Remove one"),
}
