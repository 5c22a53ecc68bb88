"""What to do about a value that was not read: the cure of its reason, made definite for the source."""

from __future__ import annotations

from mfaaudit.sources.options import OPTIONS
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason

GONE = "What was asked for does not exist any more."
NOTHING = "The source has nothing for this account, which Graph knows otherwise."
ABSENT = "Graph found nothing at this address: no such list, setting or row."


def meaning_of(reason: Reason, source: Source) -> str:
    """Why a source gave nothing, in a sentence."""
    if reason is Reason.NO_ROW and source.shape is Shape.PER_USER:
        return NOTHING
    if reason is not Reason.NOT_FOUND or source.shape is Shape.PER_USER:
        return reason.meaning
    return GONE if _of_one_object(source) else ABSENT


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
        if _of_one_object(source):
            return "Look where it is still named: in a policy, a role assignment, a rule or an exception."
        return "Check that --cloud and --tenant are the right ones; the tenant or the cloud may not have this feature."
    return reason.cure


def _of_one_object(source: Source) -> bool:
    """Whether it is asked about one object of the tenant, which something else names: the members of a group."""
    return "{id}" in source.path
