"""How to judge, and what to write: what the options of a command ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mfaaudit.actions import check_actions, shipped_catalogue
from mfaaudit.declared.declare import group_ids
from mfaaudit.declared.load import load_overrides, load_register
from mfaaudit.declared.overrides import Overrides
from mfaaudit.declared.register import Register
from mfaaudit.declared.words import AUTO
from mfaaudit.earlier import Audit
from mfaaudit.errors import UsageProblem
from mfaaudit.facts import WISHED
from mfaaudit.findings import Pack, Terms, load_packs, shipped_packs
from mfaaudit.findings.declarations import Declarations
from mfaaudit.findings.load import ALWAYS
from mfaaudit.findings.needs import fields_needed, groups_named
from mfaaudit.reports import FORMATS
from mfaaudit.sources.options import OPTIONS
from mfaaudit.words import Severity

FORMAT_NAMES = tuple(one.name for one in FORMATS)
REGISTER_PACK = "exceptions-register"
"""The rules on the register itself, which go with every register."""
BY_NAME, AS_FILE, BY_ITSELF = "by name", "as a file", "by itself"
"""A shipped pack that was asked for; a file that was; a pack that goes with every audit, or with every register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """How to judge, and what to write."""

    packs: tuple[Pack, ...]
    fail_on: Severity
    formats: tuple[str, ...]
    posture: str = AUTO
    """What was declared, or `auto`."""
    allow_conflicts: bool = False
    register: Register | None = None
    overrides: Overrides | None = None
    earlier: tuple[Audit, ...] = ()
    """Audits to compare with, each judged with its own rules; in any order. The last to begin of them has its grounds,
    or else its replay."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Pack -> how it came to be judged by: BY_NAME, AS_FILE or BY_ITSELF; empty where that was not written down."""

    @property
    def declarations(self) -> Declarations:
        """What people declared."""
        return Declarations(
            register=self.register,
            overrides=self.overrides,
            posture=self.posture,
            every_posture=self.allow_conflicts,
        )

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose members have to be read, by object id in lower case."""
        return tuple(sorted({*groups_named(self.packs), *group_ids(self.register)}))

    @property
    def options(self) -> tuple[str, ...]:
        """The optional sources that cost too little to be asked for, and that a rule needs."""
        needed = {WISHED[name] for name in fields_needed(self.packs) if name in WISHED}
        return tuple(name for name in needed if OPTIONS[name].implied)


def brief(
    policies: Sequence[str],
    fail_on: str,
    formats: str,
    *,
    posture: str = AUTO,
    exceptions: Path | None = None,
    classes: Path | None = None,
    allow_conflicts: bool = False,
    earlier: Sequence[Audit] = (),
) -> Brief:
    """What the options ask for.

    Raises UsageProblem, or PolicyProblem for a pack, a register or a file of classes that cannot be used.
    """
    wanted = wanted_formats(formats)
    packs = load_packs(
        (*policies, *((REGISTER_PACK,) if exceptions is not None else ())),
        Terms(posture=posture, allow_conflicts=allow_conflicts),
    )
    check_actions(packs, shipped_catalogue())
    return Brief(
        packs=packs,
        fail_on=Severity(fail_on),
        formats=wanted,
        posture=posture,
        allow_conflicts=allow_conflicts,
        register=None if exceptions is None else load_register(exceptions),
        overrides=None if classes is None else load_overrides(classes),
        earlier=tuple(earlier),
        given=_given(policies, packs),
    )


def _given(policies: Sequence[str], packs: Sequence[Pack]) -> dict[str, str]:
    # Names of files stay out: they may say more of a person's disk than of the audit.
    named = set(policies).intersection(shipped_packs())
    return {
        pack.id: BY_NAME if pack.id in named else BY_ITSELF if pack.id in (*ALWAYS, REGISTER_PACK) else AS_FILE
        for pack in packs
    }


def wanted_formats(formats: str, known: Collection[str] = FORMAT_NAMES) -> tuple[str, ...]:
    """The names of formats, each once, out of those that are `known`. Raises UsageProblem for another, or for none."""
    wanted = tuple(dict.fromkeys(name.strip() for name in formats.split(",") if name.strip()))
    strange = [name for name in wanted if name not in known]
    if strange or not wanted:
        raise UsageProblem(
            f"--format {formats!r} names no format" if not strange else f"--format: there is no format {strange[0]!r}",
            hint=f"Choose from {', '.join(known)}, separated by commas.",
        )
    return wanted
