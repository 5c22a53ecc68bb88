"""The folder actions/: lists, tickets, letters and ready-made scripts, by action."""

from __future__ import annotations

from pathlib import Path

from mfaaudit.bundle import make_private, remove, write_private
from mfaaudit.reports.actions_files.index import index
from mfaaudit.reports.actions_files.lists import write_list
from mfaaudit.reports.actions_files.mail import write_mail
from mfaaudit.reports.actions_files.scripts import write_scripts
from mfaaudit.reports.actions_files.tickets import write_tickets
from mfaaudit.reports.actions_files.worked import worked
from mfaaudit.reports.material import Material

README, TICKETS = "README.txt", "tickets.csv"


def write_actions(material: Material, folder: Path) -> None:
    """The folder, in place of what stood there. Raises OutputProblem if it cannot be written."""
    plan, given = material.actions, worked(material)
    remove(folder)
    make_private(folder)
    files: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for place, step in enumerate(plan.steps):
        rows = given.rows.filter(action=place)
        own = f"{_free(step.action.id, taken)}.csv"
        write_list(material, step, rows, folder / own)
        change = step.action.change
        made = () if change is None else write_scripts(material, step, change, rows, folder)
        files[step.action.id] = (own, *made)
    write_tickets(plan.steps, given.rows, material.snapshot.run.tenant_id, folder / TICKETS)
    mailed = write_mail(plan.steps, given.rows, folder) if given.with_managers else None
    write_private(folder / README, index(material, plan.steps, files, mailed).encode("utf-8"))


def _free(name: str, taken: set[str]) -> str:
    """A name of a file that is not taken, also where A and a are one: rules may differ in nothing else."""
    number, free = 1, name
    while free.lower() in taken:
        number, free = number + 1, f"{name}.{number + 1}"
    taken.add(free.lower())
    return free
