"""Some users alone, each asked for by object id: their own reads in batches, their rows one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mfaaudit.evidence.batch import reads_of
from mfaaudit.evidence.response import FOR_ALL, objects_in, reason_of
from mfaaudit.sources.source import Bucket, Shape, Source
from mfaaudit.tenant.per_user import PerUserPass
from mfaaudit.tenant.price import about, quota_of
from mfaaudit.tenant.reader import Reader

ONE_BY_ONE: Mapping[Bucket, int] = {Bucket.REPORTS: 300, Bucket.SIGN_IN_ACTIVITY: 100}
"""Users whose rows are asked for one by one, ten minutes at the documented quota; for more, the whole list is read."""

Progress = Callable[[str, int, int | None], None]


def one_by_one(source: Source) -> Source:
    """The same source, as it is asked for one user alone."""
    return replace(source, path=source.of_one, shape=Shape.OBJECT)


def price_of_rows(source: Source, users: int) -> str:
    """How the rows of so many users are read, and what that takes, in a sentence to be said before."""
    if users > ONE_BY_ONE[source.bucket]:
        return f"{source.title}: of {users:,} users the rows are not asked for one by one; the whole list is read."
    time = about(quota_of(source.bucket, users).seconds(users))
    return f"{source.title}: {users:,} rows, one by one, take {time} at Graph's quota."


async def read_in_batches(
    reader: Reader, sources: Sequence[Source], users: Sequence[str], on_done: Callable[[int], None]
) -> None:
    """Each user's read from each source, twenty to a `$batch`; the sources are all of one version."""
    asked = [replace(source, path=source.of_one or source.path) for source in sources]
    one_pass = PerUserPass(reader, asked, on_done)
    one_pass.add(reads_of(users, asked))
    one_pass.no_more()
    await one_pass.run()


async def read_rows_of(reader: Reader, source: Source, users: Sequence[str], progress: Progress) -> None:
    """The row of each user; of too many users, the whole list."""
    if len(users) > ONE_BY_ONE[source.bucket]:
        rows = 0
        async for page in reader.pages(source, reader.url(source)):
            rows += sum(1 for _ in objects_in(page))
            progress(source.title, rows, None)
        return
    single = one_by_one(source)
    for number, user in enumerate(users, start=1):
        answer = await reader.ask(single, reader.url(single, id=user))
        progress(source.title, number, len(users))
        if not answer.ok and reason_of(answer.status, answer.json(), source=source) in FOR_ALL:
            return
