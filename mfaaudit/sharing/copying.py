"""From an audit, judged, to what of it may be passed on: verdicts and counts stay, names and identifiers do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from mfaaudit.declared.declare import Declared, EntryRow
from mfaaudit.declared.posture import posture_of
from mfaaudit.declared.register import Subject
from mfaaudit.declared.waivers import Waivers
from mfaaudit.findings import Findings, RuleResult, observed
from mfaaudit.reports.material import Material
from mfaaudit.reports.shared_copy import SharedCopy
from mfaaudit.sharing.becomes import Becomes, Mode, chosen
from mfaaudit.sharing.key import Key
from mfaaudit.sharing.modes import WORDS
from mfaaudit.sharing.of_fields import OF_FIELDS, plan_of_column
from mfaaudit.sharing.parts import part
from mfaaudit.sharing.pseudonyms import PERSON, Issued, Pseudonyms, names_of
from mfaaudit.sharing.rewriting import Rewriter, merged, twins_of
from mfaaudit.sharing.texts import Texts
from mfaaudit.snapshot import Snapshot
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS

NO_WAIVERS = Waivers(height=0, ids=pl.Series([], dtype=pl.String()), by_rule={}, overlapping=frozenset())
NAMES = ("user_userPrincipalName", "user_displayName")


def full_copy(material: Material) -> Material:
    """All of it."""
    return replace(material, share=_said(Mode.FULL, ""))


def internal_copy(material: Material) -> Material:
    """Without names beside the user principal name, and without what only who runs the audit needs."""
    texts = Texts(ids={}, names=_display_names(material), domains=(), person=str)
    how = Rewriter(Mode.INTERNAL, pseudonyms=None, names={}, texts=texts, groupings={})
    return _copy(material, how, _said(Mode.INTERNAL, ""))


def pseudonymous_copy(material: Material, key: Key) -> tuple[Material, dict[str, Issued]]:
    """Without anything that names somebody; and what each pseudonym in it stands for."""
    users = material.users
    pseudonyms = Pseudonyms(key, material.snapshot.run.tenant_id, _accounts(material))
    texts = _texts(material, pseudonyms)
    # A group may be called after the house.
    of_house = _texts(material, pseudonyms, words=[material.snapshot.run.tenant_name])
    how = Rewriter(
        Mode.PSEUDONYMOUS,
        pseudonyms=pseudonyms,
        names=names_of([*users.select("user_id", *NAMES).iter_rows(), *_readers(material)]),
        texts=texts,
        groupings={
            name: merged(users[FIELDS[name].column], name, of_house.rewrite)
            for name, plan in OF_FIELDS.items()
            if chosen(plan, Mode.PSEUDONYMOUS) is Becomes.GROUPING and FIELDS[name].column in users.columns
        },
        twins=twins_of(_policies(material)),
    )
    made = _copy(material, how, _said(Mode.PSEUDONYMOUS, key.id))
    return made, pseudonyms.issued


def _said(mode: Mode, key_id: str) -> SharedCopy:
    return SharedCopy(mode=mode.value, words=WORDS[mode], key_id=key_id)


def _copy(material: Material, how: Rewriter, said: SharedCopy) -> Material:
    declared = _declared(material.declared, how)
    return part(
        material,
        how,
        snapshot=_snapshot(material.snapshot, declared, how),
        declared=declared,
        findings=_findings(material.findings, declared, how),
        exceptions=tuple(_entry(one, how) for one in material.exceptions),
        share=said,
    )


def _declared(before: Declared, how: Rewriter) -> Declared:
    made = part(before, how, _standings=(), _waivers=NO_WAIVERS)
    # Its sentences name policies: they are said again of what those became.
    return replace(made, posture=posture_of(before.posture.asked, made.tenant))


def _snapshot(before: Snapshot, declared: Declared, how: Rewriter) -> Snapshot:
    groups = before.groups
    if chosen((Becomes.KEPT, Becomes.GROUP), how.mode) is Becomes.GROUP:
        # Reports ask only whether the members of a group could be read.
        groups = {
            how.word(group, Becomes.GROUP): frozenset() if isinstance(members, frozenset) else members
            for group, members in groups.items()
        }
    return part(before, how, users=declared.users.select(before.users.columns), groups=groups)


def _findings(before: Findings, declared: Declared, how: Rewriter) -> Findings:
    tenant = declared.tenant.row(0, named=True)
    return part(before, how, results=tuple(_result(one, tenant, how) for one in before.results))


def _result(before: RuleResult, tenant: dict[str, object], how: Rewriter) -> RuleResult:
    made = part(before, how)
    if before.rule.scope is Scope.TENANT and before.rule.aggregate is None:
        return replace(made, observed=observed(made.rule, tenant))
    # Of a rule about users nothing stands there; of one that counts, numbers.
    return made


def _entry(before: EntryRow, how: Rewriter) -> EntryRow:
    subject = before.entry.subject
    kind = Becomes.APPLICATION if subject.is_application else Becomes.GROUP if subject.is_group else Becomes.PERSON
    becomes = chosen((Becomes.KEPT, kind), how.mode)
    entry = part(before.entry, how, subject=replace(subject, id=how.word(subject.id, becomes)))
    return part(before, how, entry=entry)


def _accounts(material: Material) -> dict[str, str]:
    """Every account that a report can name, by its object id."""
    others = [
        *material.snapshot.orphans,
        *(object_id for object_id, *_ in _readers(material)),
        *(subject.id for subject in _subjects(material) if not (subject.is_group or subject.is_application)),
        *material.declared.orphaned_overrides,
    ]
    users = material.users.select("user_id", pl.col(NAMES[0]).fill_null(""))
    listed = dict(users.iter_rows())
    known = {one.lower() for one in listed}
    return listed | {one: "" for one in others if one.lower() not in known}


def _subjects(material: Material) -> list[Subject]:
    return [one.entry.subject for one in material.exceptions]


def _readers(material: Material) -> list[tuple[str, str, None]]:
    """Who read the tenant: object id, user principal name, no display name."""
    run = material.snapshot.run
    identities = (run.identity, *(one.identity for one in run.sessions))
    return [(one.object_id, one.user_principal_name, None) for one in identities if one.object_id]


def _policies(material: Material) -> Iterator[str]:
    """What Conditional Access policies are called wherever they are named."""
    for frame in (material.users, material.declared.tenant):
        for column in frame:
            if plan_of_column(column.name)[1] is Becomes.POLICY and column.dtype == pl.List(pl.String()):
                yield from column.explode().drop_nulls().unique()


def _display_names(material: Material) -> set[str]:
    return set(material.users[NAMES[1]].drop_nulls().unique())


def _texts(material: Material, pseudonyms: Pseudonyms, words: Iterable[str] = ()) -> Texts:
    snapshot, run, users = material.snapshot, material.snapshot.run, material.users
    ids = {issued.id.lower(): made for made, issued in pseudonyms.issued.items() if issued.kind == PERSON}
    ids |= {group.lower(): pseudonyms.other("group", group.lower()) for group in snapshot.groups}
    ids[run.tenant_id.lower()] = pseudonyms.other("tenant", "")
    ends = users[NAMES[0]].drop_nulls().str.to_lowercase().str.split("@").list.last().unique()
    return Texts(
        ids=ids,
        names=_display_names(material) | {run.tenant_name},
        domains={*(end for end in ends if "." in end), run.default_domain.lower()},
        words=words,
        person=lambda address: pseudonyms.other("person", address.lower()),
    )
