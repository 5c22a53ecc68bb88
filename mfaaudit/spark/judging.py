"""From bundles to the counts of every rule, by Spark; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from mfaaudit.errors import UsageProblem
from mfaaudit.findings import Circumstances, Pack
from mfaaudit.findings.persons import packs_about_persons
from mfaaudit.reports.conclusion import exit_code_of, rules_on_data
from mfaaudit.spark.counting import Answer, Question, answer, count_words, questions, words_of
from mfaaudit.spark.reading import users_of
from mfaaudit.spark.session import OTHERWISE, first_line, session
from mfaaudit.spark.stored import Stored, check_columns, load_stored
from mfaaudit.words import Severity

Step = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One bundle, judged."""

    stored: Stored
    answers: tuple[Answer, ...]
    about_data: frozenset[str]
    """Ids of the rules on the data itself."""
    unfit: tuple[Pack, ...]
    """Packs that do not fit the posture of the tenant, and so say nothing of it."""

    def exit_code(self, fail_on: Severity) -> int:
        """As of an audit: 10 for findings, 11 if something could not be judged, else 0."""
        failed = [one for one in self.answers if one.fails_at(fail_on)]
        # A failed rule on the data is no finding about the tenant: it leaves what was found in doubt.
        findings = any(one.rule.id not in self.about_data for one in failed)
        gaps = any(one.counts.not_evaluated or one.counts.error for one in self.answers)
        is_open = gaps or bool(failed or self.unfit) or not self.stored.complete
        return exit_code_of(findings=findings, gaps=is_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A bundle, and what is asked of its users."""

    place: int
    stored: Stored
    circumstances: Circumstances
    questions: Sequence[Question]


def count_bundles(
    bundles: Sequence[Path], packs: Sequence[Pack], progress: Step, *, every_posture: bool = False
) -> tuple[Counted, ...]:
    """The counts of every rule in every bundle, in the order given, before any exception.

    A rule for another posture than that of a bundle does not apply to it, unless that is wished with `every_posture`,
    or was when the bundle was judged.

    Raises BundleProblem for a bundle that cannot be counted, before Spark is asked for anything; UsageProblem for one
    that is given twice, and if Spark cannot be used.
    """
    # What tells whose account is a person's is read with the rest, so that the rules have to ask for it.
    packs = packs_about_persons(packs)
    alike: dict[object, list[Asked]] = defaultdict(list)
    for place, one in enumerate(_load(bundles, packs, progress)):
        circumstances = one.circumstances(every_posture=every_posture)
        asked = questions(packs, one.tenant, one.run.started_at, circumstances)
        # Bundles of which the same is asked are counted in one go: a plan takes longer to make than a file to read.
        alike[tuple(question.likeness for question in asked)].append(
            Asked(place=place, stored=one, circumstances=circumstances, questions=asked)
        )
    progress("Starting Spark", 0, None)
    counted: dict[int, Counted] = {}
    with session() as spark:
        for together in alike.values():
            progress("Judging on Spark", len(counted), len(bundles))
            counted |= _count(spark, together, packs)
    progress("Judging on Spark", len(bundles), len(bundles))
    return tuple(counted[place] for place in range(len(bundles)))


def _load(bundles: Sequence[Path], packs: Sequence[Pack], progress: Step) -> list[Stored]:
    seen: set[Path] = set()
    stored = []
    for place, bundle in enumerate(bundles):
        progress("Bundles", place, len(bundles))
        if bundle.resolve() in seen:
            raise UsageProblem(f"{bundle} was given twice", hint="Give each bundle once.")
        seen.add(bundle.resolve())
        one = load_stored(bundle)
        check_columns(one, packs)
        stored.append(one)
    return stored


def _count(spark: Any, together: Sequence[Asked], packs: Sequence[Pack]) -> dict[int, Counted]:
    words = words_of(_rows(spark, together, packs))
    about_data = rules_on_data(packs)
    counted = {}
    for number, asked in enumerate(together):
        answers = []
        for place, question in enumerate(asked.questions):
            found = words[number, place] if asked.stored.user_count else {}
            if sum(found.values()) != asked.stored.user_count:
                raise AssertionError(
                    f"{question.rule.id}: Spark counted {sum(found.values())} users in {asked.stored.users}, "
                    f"which holds {asked.stored.user_count}"
                )
            answers.append(answer(question, found))
        counted[asked.place] = Counted(
            stored=asked.stored,
            answers=tuple(answers),
            about_data=about_data,
            unfit=tuple(pack for pack in packs if asked.circumstances.unfit(pack)),
        )
    return counted


def _rows(spark: Any, together: Sequence[Asked], packs: Sequence[Pack]) -> list[tuple[int, str, str, int]]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        users = users_of(spark, [one.stored for one in together], packs)
        counted = count_words(nw.from_native(users), together[0].questions, together[0].stored.run.started_at)
        return [tuple(row) for row in counted.to_native().collect()]
    except (PySparkException, Py4JError) as error:
        names = ", ".join(str(one.stored.users) for one in together)
        raise UsageProblem(
            f"Spark cannot count {names}: {first_line(error)}",
            hint=f"Every worker must be able to read the bundles under the same path. {OTHERWISE}",
        ) from error
