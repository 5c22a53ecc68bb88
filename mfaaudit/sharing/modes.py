"""What each sort of copy says of itself."""

from __future__ import annotations

from collections.abc import Mapping

from mfaaudit.sharing.becomes import Mode

WORDS: Mapping[Mode, str] = {
    Mode.FULL: "Full copy: everybody is named. The evidence and the lists for action stay in the bundle.",
    Mode.INTERNAL: (
        "Internal copy: users appear by object id, user principal name and department, without display names. "
        "It is for readers within the organisation."
    ),
    Mode.PSEUDONYMOUS: (
        "Pseudonymous copy: persons appear as u-..., and the tenant is not named; who holds the key can tell who they "
        "are. It is still personal data."
    ),
}

LIMITS: Mapping[Mode, tuple[str, ...]] = {
    Mode.FULL: ("Nothing is withheld: it is for those who may see the bundle itself.",),
    Mode.INTERNAL: (
        "Withheld: display names and managers, request ids, what was written into exceptions and classes (reason, "
        "compensating control, risk, who asked and who approved), the folder of actions, and what earlier audits said. "
        "Sign-in times are given to the month. Names of policies, groups and departments stand as they are.",
    ),
    Mode.PSEUDONYMOUS: (
        "Withheld: display names, user principal names, managers, object ids, request ids, the tenant's name, domain "
        "and id, the names of policies, groups and exceptions (each has a pseudonym), what was written into exceptions "
        "and classes, which directory roles are held (only whether), the machine and the account on it, the folder of "
        "actions, and what earlier audits said.",
        "Merged or coarsened: departments of fewer than five users stand together; creation and sign-in times are "
        "given to the month, read times of users and of their rows in reports to the day.",
        "The same key gives the same pseudonyms in every audit of the tenant, so that copies with one key id can be "
        "compared; under another key they cannot. Object ids alone, or a list of the directory, do not lead back.",
        "Verdicts were reached from the full data before anything was withheld, and every count is that of the full "
        "report.",
        "Not protected against: a reader who knows enough of a person to recognise a rare combination of department, "
        "methods, month of creation and findings; classes of accounts with few members; names of one word, and ids of "
        "packs and rules, that the author of a rule pack wrote down.",
    ),
}

CLASSIFICATIONS: Mapping[Mode, str] = {
    Mode.FULL: "Confidential: personal data (full copy)",
    Mode.INTERNAL: "Confidential: personal data (internal copy)",
    Mode.PSEUDONYMOUS: "Confidential: personal data under pseudonyms",
}
