"""What a condition comes to, worked out slowly in plain Python."""

import re
from datetime import timedelta
from fnmatch import fnmatchcase

from drawn_rules import NEW, SOME

from mfaaudit.findings.examples import NOW
from mfaaudit.sources.registration_details import METHODS as CLASSIFIED
from mfaaudit.words import Unknown


def conjunction(answers):
    return False if False in answers else None if None in answers else True


def negation(answer):
    return None if answer is None else not answer


AS_IT_IS = "as it is"
EMPTY = (None, "", "none", ())


def slow(condition, user, empty=AS_IT_IS):
    """True, false or None for unknown, key by key; `empty` is what a test says of an empty value."""
    return conjunction([slow_part(key, inner, user, empty) for key, inner in condition.items()])


def slow_part(key, inner, user, empty):
    if key == "not":
        # What speaks for the whole speaks against what is denied in it.
        return negation(slow(inner, user, empty if empty in (AS_IT_IS, None) else not empty))
    if key == "all_of":
        return conjunction([slow(part, user, empty) for part in inner])
    if key == "any_of":
        return negation(conjunction([negation(slow(part, user, empty)) for part in inner]))
    if isinstance(user[key], Unknown):
        return None
    tests = inner if isinstance(inner, dict) else {"eq": inner}
    answers = [slow_compared(name, operand, user[key], user) for name, operand in tests.items()]
    if empty != AS_IT_IS and user[key] in EMPTY:
        # Another field that was not read leaves nothing open: this one is empty whatever that holds.
        answers = [empty for _ in answers]
    return conjunction(answers)


def slow_compared(name, operand, value, user):
    if name == "eq_field":
        return None if isinstance(user[operand], Unknown) else value == user[operand]
    return slow_test(name, operand, value)


def compare(name, a, b):
    return {"eq": a == b, "lt": a < b, "lte": a <= b, "gt": a > b, "gte": a >= b}[name]


def slow_test(name, operand, value):
    match name:
        case "eq" | "ne":
            return (value == operand) == (name == "eq")
        case "in" | "not_in":
            return (value in operand) == (name == "in")
        case "exists":
            return value not in EMPTY
        case "regex":
            return re.search(operand, value, re.IGNORECASE) is not None
        case "empty" | "not_empty" if isinstance(value, str):
            return (value in EMPTY) == (name == "empty")
        case "empty" | "not_empty":
            return (len(value) == 0) == (name == "empty")
        case "matches":
            return fnmatchcase(value.lower(), operand.lower())
        case "older_than_days" | "newer_than_days":
            return (value < NOW - timedelta(days=operand)) == (name == "older_than_days")
        case "contains":
            return operand in value
        case "contains_all":
            return set(operand) <= set(value)
        case "count":
            ((comparison, bound),) = operand.items()
            return compare(comparison, len(value), bound)
    return slow_with_unclassified(name, operand, value)


# What nobody has classified may turn out to be nothing that counts, one thing or several: no more is known.
MEANINGS = [(), *((one,) for one in SOME), *(CLASSIFIED[:size] for size in range(1, 8))]


def slow_with_unclassified(name, operand, value):
    """The answer that all meanings of an unclassified method agree on."""
    answers = set()
    for meant in MEANINGS if NEW in value else [()]:
        methods = {*value, *meant} - {NEW}
        if name == "contains_any":
            answers.add(bool(methods & set(operand)))
        elif name == "contains_none":
            answers.add(not methods & set(operand))
        elif name == "contains_other_than":
            answers.add(bool(methods - set(operand)))
        else:
            ((comparison, bound),) = ((key, inner) for key, inner in operand.items() if key != "of")
            answers.add(compare(comparison, len(methods - set(operand["of"])), bound))
    return answers.pop() if len(answers) == 1 else None


def slow_verdict(scope, require, user, empty=AS_IT_IS):
    looked_at, holds = slow(scope, user), slow(require, user, empty)
    if looked_at is False:
        return "NOT_APPLICABLE"
    if looked_at is None or holds is None:
        return "NOT_EVALUATED"
    return "PASS" if holds else "FAIL"
