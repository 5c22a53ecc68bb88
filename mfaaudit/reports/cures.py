"""What to do about a value that was not read: the cure of its reason, made definite for the source."""

from __future__ import annotations

from mfaaudit.sources.options import OPTIONS
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason

GONE = "What was asked for does not exist any more."


def meaning_of(reason: Reason, source: Source) -> str:
    """Why a source gave nothing, in a sentence."""
    return GONE if reason is Reason.NOT_FOUND and source.shape is not Shape.PER_USER else reason.meaning


def what_to_do(reason: Reason, source: Source) -> str:
    """One or two sentences."""
    if reason is Reason.NO_PERMISSION:
        permission = source.permissions[0]
        if source.delegated_only:
            return (
                f"Sign in as a person: no application may read it. The person needs {permission} and one of the roles "
                f"{', '.join(source.directory_roles)}."
            )
        return f"Grant {permission} to the identity that runs the audit, then audit again."
    if reason is Reason.NOT_REQUESTED and source.option:
        return f"Audit again with {OPTIONS[source.option].flag}."
    if reason is Reason.NOT_FOUND and source.shape is not Shape.PER_USER:
        return "Look where it is still named: in a policy, a role assignment, a rule or an exception."
    return reason.cure
