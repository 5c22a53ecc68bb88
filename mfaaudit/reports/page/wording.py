"""Every word that the page itself says, in one place, should it ever speak another language."""

from __future__ import annotations

from collections.abc import Mapping

from mfaaudit.reports.page.lists import WITHOUT_SCRIPT
from mfaaudit.words import Reason

LANGUAGE = "en"
"""As the lang attribute has it; the script writes numbers in its way."""

OF_TEMPLATE: Mapping[str, str] = {
    "skip": "Skip to the report",
    "parts": "Parts of the report",
    "about": "What this is about",
    "cover": "About this audit",
    "users": "Users",
    "users_lead": (
        "Every user that this page holds, with the worst verdict of all rules. A row opens everything that was read of "
        "the user, from where and when, and each rule with its reason."
    ),
    "users_held": (
        "The tenant has {total} users. This page holds {held} of them: those with at least one finding, the worst "
        "first. All users stand in the workbook report.xlsx and in users.parquet, all findings in findings.csv."
    ),
    "sign_off": "Sign-off",
    "sign_off_lead": (
        "Who signs confirms to have read Summary, Completeness and Not evaluated, and states the conclusion that they "
        "draw from them."
    ),
    "role": "Role",
    "name": "Name",
    "conclusion": "Conclusion",
    "date": "Date",
    "signature": "Signature",
    "left_out": "The workbook report.xlsx of this audit holds what this page leaves out: {names}.",
    "run": "Run {run} · {generator} · {time} UTC",
    "without_script": (
        "To search, filter, sort and open users, this page needs its script, which this browser does not run."
    ),
    "without_script_all": "Without it the list stands here as it is.",
    "without_script_some": (
        f"Without it the first {WITHOUT_SCRIPT:,} of {{total}} rows stand here; all of them stand in the workbook "
        "report.xlsx."
    ),
    "without_script_users": (
        "Without it this list is not shown; all users stand in the workbook report.xlsx and in users.parquet."
    ),
    "unpacking": "Unpacking {total} rows …",
    "messages": "Messages",
}

OF_SCRIPT: Mapping[str, str] = {
    "theTenant": "(the tenant)",
    "search": "Search",
    "searchHint": "name, rule, value …   ( / )",
    "narrow": "{title}: search and filters",
    "clear": "Clear",
    "all": "all",
    "empty": "(empty)",
    "copy": "Copy",
    "csv": "Save as CSV",
    "listHint": "Arrow keys move through the list, Enter or a click opens a row, / goes to the search.",
    "nothing": "No row matches.",
    "countAll": "{count} rows",
    "countSome": "{found} of {count} rows",
    "countHeld": "This page holds {count} of {total}; the workbook and findings.csv hold the rest.",
    "previous": "Previous",
    "next": "Next",
    "close": "Close",
    "rulesOnUser": "Rules",
    "valuesOfUser": "Values",
    "condition": "Condition",
    "rationale": "Why",
    "remediation": "Remediation",
    "blockedBy": "Waits for",
    "reason": "Reason",
    "observed": "Observed",
    "expected": "Expected",
    "exception": "Exception",
    "firstSeen": "Failing since (UTC)",
    "workedOut": "Worked out from what was read",
    "declared": "Declared in the register of exceptions",
    "blank": "(read, and empty)",
    "beta": "beta",
    "betaMeans": "Microsoft does not support beta endpoints for production use.",
    "readAt": "read {time} UTC",
    "noReadTime": "not read",
    "saved": "{count} rows are being saved as CSV.",
    "copied": "{count} rows copied.",
    "copiedSome": "The first {count} of {all} rows copied; save as CSV for all of them.",
    "noClipboard": "This browser does not let the page write to the clipboard: save as CSV instead.",
    "paperAll": "No filter.",
    "paperChosen": "Filtered by {chosen}.",
    "paperCount": "{found} rows.",
    "paperSome": (
        "The first {shown} of {found} rows are printed; findings.csv and the workbook report.xlsx hold all of them."
    ),
    "dark": "Dark",
    "light": "Light",
    "noPolicy": (
        "This browser does not know Content Security Policy, which keeps this page from loading or sending anything: "
        "read it in a current browser."
    ),
    "noUnpacking": (
        "This browser cannot unpack the lists of this page (it has no DecompressionStream): open the page in a current "
        "Edge, Chrome, Firefox or Safari, or read findings.csv and the workbook report.xlsx."
    ),
}


def of_script() -> dict[str, object]:
    """The words that the script says."""
    return {**OF_SCRIPT, "meanings": {one.value: one.meaning for one in Reason}}
