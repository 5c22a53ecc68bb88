"""Every error that a person may meet, each with a hint that says what to do next.

MfaAuditError
├── UsageProblem        exit 2  an option, a file or a folder that cannot be used as given
│   ├── PolicyProblem           a policy file: where, what, and the nearest allowed word
│   ├── OutputProblem           a folder that exists, or that cannot be written
│   │   ├── BusyProblem             another process is at work in the folder
│   │   └── DiskProblem (exit 1)    a disk that is full, at its limits, or broken
│   └── KeyProblem              a key that is missing, damaged, or not kept secret
├── TenantProblem       exit 1  no audit was performed
│   ├── SignInFailed            no token was to be had
│   ├── WrongTenant             the token, or the data, is another tenant's
│   ├── Refused                 Graph refuses what the audit cannot do without
│   └── Unreachable             Graph did not answer
├── BundleProblem       exit 1  a bundle that is damaged, unfinished or of another version
└── SystemRefusal       exit 1  what the operating system refused, and no other error explains
"""

from __future__ import annotations

from typing import Any, ClassVar


class MfaAuditError(Exception):
    """What went wrong, on what, and what to do next."""

    exit_code: ClassVar[int] = 1
    headline: ClassVar[str] = "error"
    """What it comes to, before it is said what went wrong."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        """How it gets from another process to this one: its arguments have names, and those are lost by default."""
        return _again, (type(self), *self.args), self.__dict__


def _again(kind: type[MfaAuditError], *arguments: object) -> MfaAuditError:
    return kind.__new__(kind, *arguments)


class UsageProblem(MfaAuditError):
    """An option, a file or a folder that cannot be used as given."""

    exit_code = 2


class PolicyProblem(UsageProblem):
    """A policy file that says something no rule can mean."""

    def __init__(self, message: str, *, hint: str, file: str, line: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class OutputProblem(UsageProblem):
    """A folder that exists already, or that cannot be written."""


class BusyProblem(OutputProblem):
    """Another process is at work in the folder."""


class DiskProblem(OutputProblem):
    """A disk that is full, at its limits, or broken: no option or folder was given wrongly."""

    exit_code = 1


class KeyProblem(UsageProblem):
    """A key, for pseudonyms or for signing, that is missing, damaged, or not kept secret."""


class TenantProblem(MfaAuditError):
    """The tenant could not be audited at all."""

    headline = "fatal: no audit was performed"


class SignInFailed(TenantProblem):
    """No token was to be had."""


class WrongTenant(TenantProblem):
    """The token, or the data, belongs to another tenant than the one asked for."""


class Refused(TenantProblem):
    """Graph refuses what the audit cannot do without."""


class Unreachable(TenantProblem):
    """Graph did not answer."""


class BundleProblem(MfaAuditError):
    """A bundle that is damaged, unfinished or of another version."""

    headline = "fatal: the bundle cannot be used"


class SystemRefusal(MfaAuditError):
    """What the operating system refused to any part of the program: a full disk behind stdout, too few open files."""
