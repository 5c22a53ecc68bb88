"""What a comparison says: the cover, and the parts in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mfaaudit.comparing.chosen import Chosen
from mfaaudit.comparing.conclusion import Conclusion
from mfaaudit.comparing.runs import section as runs
from mfaaudit.comparing.words import section as words
from mfaaudit.earlier import Earlier
from mfaaudit.reports.change_numbers import everything, in_short
from mfaaudit.reports.document import Document, Fact, Section, SignOff, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.sections import changes, changes_by_user, sign_ins_of_period, time_to_fix

ROLES = ("Prepared by", "Reviewed by", "Approved by")
CONFIRMS = "Who signs confirms to have read Changes, Changes by user and Run, and states what follows from them."
CONCLUSIONS = ("Every change is explained", "Explained with exceptions", "Not explained", "No conclusion")


def document_of(material: Material, earlier: Earlier, chosen: Sequence[Chosen], conclusion: Conclusion) -> Document:
    """All of it; `material` is the latest audit, and `earlier` what it is compared with."""
    run, audits = material.snapshot.run, everything(earlier)
    name = run.tenant_called
    sections = tuple(_sections(material, earlier, chosen))
    return Document(
        title="What changed between audits of MFA",
        subtitle=f"{name} (SIMULATED TENANT)" if run.simulated else name,
        statement=f"{conclusion.headline}. {in_short(earlier)}",
        statement_tone=conclusion.tone,
        cover=(
            Fact(label="Tenant", value=name, note=run.default_domain),
            Fact(label="Tenant id", value=run.tenant_id),
            Fact(label="Previous audit (UTC)", value=earlier.previous.started_at, note=f"Run {audits[-2].run_id}."),
            Fact(label="Latest audit (UTC)", value=earlier.now.started_at, note=f"Run {earlier.now.run_id}."),
            Fact(label="Audits in all", value=len(audits)),
            Fact(
                label="New failures",
                value=conclusion.new_failures,
                tone=Tone.BAD if conclusion.new_failures else Tone.GOOD,
            ),
            Fact(
                label="Not compared",
                value=" ".join(conclusion.doubts) or "nothing",
                tone=Tone.OPEN if conclusion.doubts else Tone.PLAIN,
            ),
            Fact(label="Tool", value=f"{run.tool} {run.tool_version}"),
        ),
        sign_off=tuple(SignOff(role=role) for role in ROLES),
        conclusions=CONCLUSIONS,
        sections=sections,
        run_id=run.id,
        confirms=CONFIRMS,
        created=run.finished_at,
        generator=f"{run.tool} {run.tool_version}",
        sheets=[one.title for one in sections],
    )


def _sections(material: Material, earlier: Earlier, chosen: Sequence[Chosen]) -> Iterator[Section]:
    audits = everything(earlier)
    for made in (changes.section(material), changes_by_user.section(material)):
        if made is not None:
            yield replace(made, sheet="")
    yield time_to_fix.of_audits(audits)
    yield sign_ins_of_period.of_audits(audits)
    yield runs(chosen, audits)
    yield words()
