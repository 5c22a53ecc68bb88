"""What to do about a value that was not read: the cure of its reason, made definite for the source."""

from __future__ import annotations

from mfaaudit.evidence.held import narrower_in_words, sufficient
from mfaaudit.evidence.run import Identity, Run
from mfaaudit.sources.options import OPTIONS
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason

GONE = "What was asked for does not exist any more."
NOTHING = "The source has nothing for this account, which Graph knows otherwise."
ABSENT = "Graph found nothing at this address: no such list, setting or row."


def meaning_of(reason: Reason, source: Source, run: Run | None = None, *, read: int = 0) -> str:
    """Why a source gave nothing, in a sentence; with the run, also what the refused token carried.

    `read` says how often the source gave something: whoever could read some of it lacks no role.
    """
    if reason is Reason.NO_PERMISSION and run is not None:
        return f"{reason.meaning} {what_was_carried(source, run, read=read)}".rstrip()
    if reason is Reason.NO_ROW and source.shape is Shape.PER_USER:
        return NOTHING
    if reason is not Reason.NOT_FOUND or source.shape is Shape.PER_USER:
        return reason.meaning
    return GONE if _of_one_object(source) else ABSENT


def what_to_do(reason: Reason, source: Source, run: Run | None = None, *, read: int = 0) -> str:
    """What to do about it, in one or two sentences; with the run, what the refused token carried counts."""
    if reason is Reason.NO_PERMISSION:
        permission = source.permissions[0]
        if run is not None and _has_permission(source, run):
            if read:
                return "Look whether they are in a restricted administrative unit, which needs a role of its own."
            return f"Assign the person the role {' or '.join(source.directory_roles)}, then audit again."
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


def what_was_carried(source: Source, run: Run, *, read: int = 0) -> str:
    """What the refused token carried of the permissions for a source, in a sentence; empty if nothing of the kind."""
    identity = _last_identity(run)
    if not _has_permission(source, run):
        return narrower_in_words(source, identity, source.permissions[0])
    carries = f"The token carries {sufficient(source, identity)[0]}"
    return f"{carries}, and others could be read." if read else f"{carries}: the person may lack a directory role."


def _has_permission(source: Source, run: Run) -> bool:
    """Whether a person was refused who has the permission."""
    identity = _last_identity(run)
    return identity.kind == "delegated" and bool(sufficient(source, identity))


def _last_identity(run: Run) -> Identity:
    """Who read last: what was refused before was asked for again."""
    return run.sessions[-1].identity if run.sessions else run.identity


def _of_one_object(source: Source) -> bool:
    """Whether it is asked about one object of the tenant, which something else names: the members of a group."""
    return "{id}" in source.path
