"""What the fixed words of a report mean, for those that do not say so themselves."""

from __future__ import annotations

from collections.abc import Mapping

from mfaaudit.declared.words import (
    CONDITIONAL_ACCESS,
    MIXED,
    NOTHING,
    PER_USER,
    SECURITY_DEFAULTS,
    THIRD_PARTY,
    AccountClass,
    ExceptionKind,
)
from mfaaudit.findings import Assessment
from mfaaudit.findings.controls import Outcome
from mfaaudit.reports.document import Tone
from mfaaudit.words import Severity, Verdict

VERDICTS: Mapping[Verdict, str] = {
    Verdict.PASS: "The rule is about the account, and is met.",
    Verdict.FAIL: "The rule is about the account, and is not met.",
    Verdict.WAIVED: "The rule is not met, and an exception in force covers that. It stays in every total.",
    Verdict.NOT_APPLICABLE: "The rule is not about the account, or not about a tenant in this posture.",
    Verdict.NOT_EVALUATED: "A value was not read that decides. Neither good nor bad; the reason says why.",
    Verdict.ERROR: "The rule broke down. Neither good nor bad; tell whoever maintains the program.",
}
COLOURS: Mapping[Verdict, Tone] = {
    Verdict.PASS: Tone.GOOD,
    Verdict.FAIL: Tone.BAD,
    Verdict.WAIVED: Tone.PLAIN,
    Verdict.NOT_APPLICABLE: Tone.PLAIN,
    Verdict.NOT_EVALUATED: Tone.OPEN,
    Verdict.ERROR: Tone.BAD,
}
TONES: Mapping[Tone, str] = {
    Tone.GOOD: "Green: as it should be.",
    Tone.BAD: "Red: a failure, or a number of failures.",
    Tone.OPEN: "Amber: not known, or not proved. It is no failure, and it is not in order either.",
    Tone.PLAIN: "No colour, or grey: a number or a word without a judgement.",
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.CRITICAL: "The gravest: to be dealt with before anything else.",
    Severity.HIGH: "To be dealt with next.",
    Severity.MEDIUM: "To be planned.",
    Severity.LOW: "To be put right in the ordinary course of things.",
    Severity.INFO: "To be known; nothing has to be done.",
}
CLASSES: Mapping[AccountClass, str] = {
    AccountClass.PERSON: "A person of the organization; what nothing marks as anything else.",
    AccountClass.GUEST: "Somebody of another organization: the user type is Guest.",
    AccountClass.SHARED_MAILBOX: "The disabled account behind a mailbox of several people.",
    AccountClass.ROOM_MAILBOX: "The disabled account behind a room that can be booked.",
    AccountClass.SERVICE: "A program signs in, and no person who could answer a prompt.",
    AccountClass.SYNCHRONIZATION: "Synchronises a directory on premises with Microsoft Entra ID.",
    AccountClass.BREAK_GLASS: "For emergencies, as the register of exceptions says.",
    AccountClass.DEVICE: "Signs in to a device of a room or a desk.",
    AccountClass.AGENT: "The user account of an AI agent: it has no password and no MFA, and no rule is about it.",
}
KINDS: Mapping[ExceptionKind, str] = {
    ExceptionKind.WAIVER: "A rule is not met, and that is accepted for a time.",
    ExceptionKind.BREAK_GLASS: "An account for emergencies.",
    ExceptionKind.SERVICE_ACCOUNT: "An account that nobody can answer a prompt for.",
    ExceptionKind.COMPENSATING_CONTROL: "Something else protects the account.",
    ExceptionKind.FALSE_POSITIVE: "The rule is wrong about this account.",
}
POSTURES: Mapping[str, str] = {
    PER_USER: "The per-user MFA state is what asks for MFA; without it the password alone would do.",
    SECURITY_DEFAULTS: "Security defaults are on, and ask everybody.",
    CONDITIONAL_ACCESS: "Policies of Conditional Access ask for MFA.",
    THIRD_PARTY: "Another product asks for MFA, which Graph does not show; this is declared and never inferred.",
    MIXED: "Policies ask some, the per-user state others.",
    NOTHING: "Nothing that was read asks anybody.",
}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.MET: "Rules that decide the control were judged for everybody, something passes and nothing fails.",
    Outcome.WITH_EXCEPTIONS: "The same, but for failures that exceptions cover.",
    Outcome.NOT_MET: "A rule that decides the control fails.",
    Outcome.NO_FAILURE: "The rules are evidence only, and none fails: that does not show that the control is met.",
    Outcome.FAILURES: "The rules are evidence only, and at least one fails.",
    Outcome.WAIVED: "All that fails is waived, and that does not show that the control is met.",
    Outcome.NOT_JUDGED: "Something was not evaluated, or not everybody is known to have been listed.",
    Outcome.NOT_APPLICABLE: "The rules are about nobody in this tenant.",
    Outcome.BY_HAND: "No rule can say: a person has to look.",
}
ASSESSMENTS: Mapping[Assessment, str] = {
    Assessment.FULL: "The rule decides the control that it refers to.",
    Assessment.PARTLY: "The rule is evidence for the control, not proof of it.",
    Assessment.MANUAL: "A person has to look; the rule decides nothing.",
}
GLOSSARY: Mapping[str, str] = {
    "Registered": "The account holds a method for MFA (isMfaRegistered). That the policy allows it is another matter.",
    "Capable": "The account holds a method that the authentication methods policy allows (isMfaCapable).",
    "Required": "Something asks the account for MFA (derived.enforcedBy). That it can answer is another matter.",
    "Used": "The account signed in with MFA. Graph counts that for the tenant, and not for each user.",
    "Per-user MFA state": "The older switch at each account: disabled, enabled or enforced. Policies do not change it.",
    "System-preferred MFA": "Microsoft picks the strongest method that the account holds when it asks; where Microsoft "
    "manages the setting, since July 2026 for the first factor too.",
    "Phishing-resistant": "A method that no false sign-in page can use, such as a passkey or a certificate.",
    "Security defaults": "A switch of the whole tenant with which Microsoft asks everybody for MFA.",
    "Conditional Access": "Policies that say who is asked for what, on which resources and when.",
    "Enumerated": "Listed by Graph: the population that every count and every share is out of.",
    "In scope": "Whoever a rule is about: passed, failed, waived, not evaluated or in error.",
    "Pass share": "Pass / (pass + fail + waived), rounded down. A waived failure counts as a failure.",
    "Net of waivers": "(Pass + waived) / (pass + fail + waived), rounded down.",
    "Coverage": "The share of those in scope who could be judged, rounded down: 100 % means all.",
    "NOT READ": "In place of a value that is not known, with the reason. A cell is empty where nothing belongs there.",
    "Guess": "A class of accounts that rests on a name, and is called so wherever it stands.",
    "beta": "An address of Graph that Microsoft does not support for production use.",
    "request-id": "How Microsoft support finds one answer of Graph again.",
    "client-request-id": "What the program had called the request that was answered.",
    "Attempts": "How often one read was asked for, the failed ones included.",
    "Throttled": "Answered 429: refused because too much was asked. It is asked for again after a pause.",
    "SHA-256": "A number that a file of other content does not have: whoever has the file can make it again.",
}
