"""What the report says: the cover, and the parts in their order."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.declared.words import ANY, AUTO
from mfaaudit.findings import Pack
from mfaaudit.reports.document import Document, Fact, SignOff, Tone
from mfaaudit.reports.input_words import INPUTS_LABEL, MANIFEST_LINE, how_to_check
from mfaaudit.reports.material import Material
from mfaaudit.reports.profiles import Profiles
from mfaaudit.reports.register_numbers import NO_REGISTER, register_numbers
from mfaaudit.reports.sections import SHEETS, sections_of

ROLES = ("Prepared by", "Reviewed by", "Approved by")
CONCLUSIONS = ("Effective", "Effective with exceptions", "Not effective", "No conclusion")


def document_of(material: Material) -> Document:
    """The whole report on one audit."""
    snapshot, conclusion = material.snapshot, material.conclusion
    run, population = snapshot.run, snapshot.population
    name = run.tenant_called
    return Document(
        title="MFA state of every user",
        subtitle=f"{name} (SIMULATED TENANT)" if run.simulated else name,
        statement=f"{conclusion.headline}: {conclusion.statement}",
        statement_tone=conclusion.tone,
        cover=(
            Fact(label="Tenant", value=name, note=run.default_domain),
            Fact(label="Tenant id", value=run.tenant_id),
            Fact(label="Read from (UTC)", value=run.started_at),
            Fact(
                label="Read until (UTC)",
                value=run.finished_at,
                note=f"in {len(run.sessions)} sessions: see the part Run" if len(run.sessions) > 1 else "",
            ),
            Fact(
                label="Population",
                value=population.enumerated,
                note=population.statement,
                tone=Tone.PLAIN if population.complete else Tone.OPEN,
            ),
            *_judging(material),
            Fact(label="Run by", value=_who(material)),
            Fact(label="Run id", value=run.id),
            Fact(label="Tool", value=f"{run.tool} {run.tool_version}"),
            *_inputs(material),
        ),
        sign_off=tuple(SignOff(role=role) for role in ROLES),
        conclusions=CONCLUSIONS,
        sections=sections_of(material),
        run_id=run.id,
        created=run.finished_at,
        generator=f"{run.tool} {run.tool_version}",
        identifier=f"sha256:{material.inputs_sha256}" if material.inputs_sha256 else "",
        by_hand=MANIFEST_LINE,
        sheets=SHEETS,
        profiles=Profiles(material),
    )


def _judging(material: Material) -> Iterator[Fact]:
    findings, posture, numbers = material.findings, material.declared.posture, register_numbers(material)
    asked = "Inferred" if posture.asked == AUTO else f"Declared as {posture.asked}"
    yield Fact(
        label="Posture",
        value=posture.statement,
        note=" ".join((f"{asked}.", *posture.remarks, *posture.inputs)),
        tone=Tone.OPEN if posture.value is None or posture.remarks else Tone.PLAIN,
    )
    yield Fact(label="Judged against", value=", ".join(_pack(pack) for pack in findings.packs))
    if findings.unfit:
        yield Fact(
            label="Packs that do not fit",
            value=", ".join(_pack(pack) for pack in findings.unfit),
            note="They are for another posture, and say nothing of this tenant.",
            tone=Tone.OPEN,
        )
    yield Fact(label="Exceptions", value=NO_REGISTER if numbers is None else f"{numbers.words}.")


def _inputs(material: Material) -> Iterator[Fact]:
    if material.inputs_sha256:
        yield Fact(label=INPUTS_LABEL, value=material.inputs_sha256, note=how_to_check(material))


def _pack(pack: Pack) -> str:
    return f"{pack.id} {pack.version} ({'any posture' if pack.posture == ANY else pack.posture})"


def _who(material: Material) -> str:
    identity = material.snapshot.run.identity
    who = identity.called
    return f"{who or 'unknown'} ({identity.kind})"
