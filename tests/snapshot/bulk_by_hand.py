"""A tenant of 340 users as verified-bulk reads it, and an audit of it round by round, in a few words."""

from evidence_by_hand import batch, listed, page, preferring, role_of, user, write

from mfaaudit.snapshot import take
from mfaaudit.snapshot.sample import draw
from mfaaudit.snapshot.verification import wanted

SEED = "run"
AT_ONCE = 20
"""Items of a batch: as many as Graph takes."""
BOTH = ("requirements", "signInPreferences")
STATES = {f"d{n}": "disabled" for n in range(330)} | {f"e{n}": "enabled" for n in range(6)}
STATES |= {f"f{n}": "enforced" for n in range(4)}
SAMPLE = {*draw(SEED, [one for one, state in STATES.items() if state == "disabled"])}
SAMPLE |= {one for one, state in STATES.items() if state != "disabled"}
ADMIN, ONE, OTHER, THIRD, *_ = sorted(set(STATES) - SAMPLE)
"""Users whom the sample leaves out; the first is the administrator."""


def evidence(*, states=STATES, people=None, rows=None, roles=(), **instead):
    """What is read in bulk: by default all agree, and one user is an administrator.

    `people` and `rows` replace rows of the list and of the report, None takes one out; `instead` replaces a source.
    """
    of_users = {one: user(one) for one in STATES} | (people or {})
    report = {one: preferring(one, isAdmin=one == ADMIN) for one in STATES} | (rows or {})
    given = {
        "users": [page("users", list(of_users.values()))],
        "listedStates": [page("listedStates", [listed(one, state) for one, state in states.items()])],
        "userRegistrationDetails": [page("userRegistrationDetails", [row for row in report.values() if row])],
        "roleAssignments": [page("roleAssignments", [role_of(one) for one in roles])],
    }
    return [one for answers in (given | instead).values() for one in answers]


def agreeing(source, one):
    """What the documented endpoints answer if the bulk sources are right."""
    if source == "requirements":
        return {"perUserMfaState": STATES[one]}
    return {
        "isSystemPreferredAuthenticationMethodEnabled": True,
        "userPreferredMethodForSecondaryAuthentication": "push",
    }


def but(**exceptions):
    """Answers that agree, but for some users: `but(d1={"requirements": body or (status, code)})`."""
    return lambda source, one: exceptions.get(one, {}).get(source, agreeing(source, one))


def batches(of_users):
    """The answers as an audit asks for them: twenty to a batch."""
    given = list(of_users.items())
    return [batch(dict(given[start : start + AT_ONCE]), attempt=60) for start in range(0, len(given), AT_ONCE)]


def one_round(folder, say=agreeing, asked=(), now=None):
    """Asks for whoever is wanted `now` and has not been asked; gives the pairs of source and user."""
    now = wanted(folder, SEED) if now is None else now
    todo = {(source, one) for source, users in now.items() for one in users} - set(asked)
    of_users = {}
    for source, one in sorted(todo):
        of_users.setdefault((source, one), say(source, one))
    write(folder, *batches(of_users), collect="verified-bulk", id=SEED)
    return todo


def audited(folder, *given, say=agreeing):
    """A whole audit: the snapshot, and for each source who was asked."""
    write(folder, *given)
    asked = set()
    while todo := one_round(folder, say, asked):
        asked |= todo
    return take(folder), {source: {one for name, one in asked if name == source} for source in BOTH}


def of(snapshot, source):
    """The verification of one source."""
    return next(one for one in snapshot.verification if one.source == source)
