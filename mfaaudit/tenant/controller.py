"""How fast and how wide to ask: pure, from what came back and when it was sent; all times are seconds of one clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from mfaaudit.evidence.batch import LIMIT

SHARE_OF_QUOTA = 0.98
"""Of a documented quota; the rest is for the difference between two clocks."""
START = 0.6
"""Of the ceiling: safe to begin with."""
GROWTH = 0.05
"""Of the ceiling, each second in which the rate was used and nothing was refused."""
CUT = 0.7
"""What a first refusal leaves of the rate, while nothing is known of what the service gives."""
BELOW = 0.95
"""Of what the service was measured to give."""
MEMORY = 120.0
"""Seconds between two refusals that tell of the same limit: what came back between them is what the service gives."""
MOSTLY = 0.5
"""The share of idle time from which what came back tells what was asked for, and not what the service gives."""
PROBE = 30.0
"""Seconds without a refusal after which a little more is tried than the service gave before."""
FIRST_STEP, LARGEST_STEP = 0.05, 1.0
SURE = 0.2
"""The step that is reached when two steps have met no refusal: what was measured is no longer so."""
PROBE_WHEN_SURE = 10.0
"""Seconds between steps from there on."""
MASSIVE, COMMON, FEW = 0.25, 0.05, 40
"""A refusal is of the limit if it took a quarter of an answer, or a twentieth of a second's answers (of 40 or more)."""
SLOWEST = 0.1
"""Units a second: a request in ten seconds, below which no service would want to be asked at all."""


@dataclass(slots=True)
class Controller:
    """The rate of one quota, in units a second; a unit is what the service counts, mostly a read.

    It starts safely, grows while it is used and nothing is refused, and is cut once for each run of refusals, to what
    the service was measured to give between two of them.
    """

    ceiling: float
    """Never more than this."""
    rate: float = 0.0
    """Now."""
    cost: float = 1.0
    """Units a read, as the service says (x-ms-resource-unit)."""
    _limit: float = 0.0
    _step: float = FIRST_STEP
    _grown_at: float | None = None
    _eased_at: float = float("-inf")
    _cut_at: float | None = None
    _since_cut: float = 0.0
    _idle: float = 0.0
    """Seconds since the cut in which there was nothing to ask for."""
    _second: list[tuple[float, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rate = self.rate or START * self.ceiling
        self._limit = self.ceiling

    @property
    def width(self) -> int:
        """Reads to put into one batch: a second's worth, at most what a batch may hold."""
        return max(1, min(LIMIT, int(self.rate / self.cost)))

    def allow(self, ceiling: float) -> None:
        """Another ceiling, from which to start anew."""
        self.ceiling = self._limit = ceiling
        self.rate = START * ceiling

    def answered(
        self,
        *,
        sent_at: float,
        now: float,
        done: int,
        refused: int = 0,
        units: float | None = None,
        pressure: float | None = None,
        used: bool = True,
        idle: float = 0.0,
    ) -> bool:
        """One answer: reads that were done and refused (429), what they cost, and how near the limit the service is.

        `pressure` is x-ms-throttle-limit-percentage: 1.0 is where refusing begins. `used` says whether the rate was
        what held the request back, `idle` for how many seconds since the last answer nobody wanted to ask. Returns
        whether everybody should wait as long as the service asks for.
        """
        self._since_cut += done if units is None else units
        self._idle += idle
        if units is not None and done:
            self.cost += 0.1 * (max(1.0, units / done) - self.cost)
        if refused:
            return self._refused(sent_at, now, done, refused, used=used)
        self._note(now, done, 0)
        if pressure is not None and pressure >= 1:
            self._ease(now)
        elif used:
            self._grow(now)
        else:
            self._grown_at = now
        return False

    def _refused(self, sent_at: float, now: float, done: int, refused: int, *, used: bool) -> bool:
        self._note(now, done, refused)
        all_done, all_refused = (sum(one[part] for one in self._second) for part in (1, 2))
        common = all_done + all_refused >= FEW and all_refused > COMMON * (all_done + all_refused)
        if refused < MASSIVE * (done + refused) and not common:
            # One read in many: it waits alone.
            self._grown_at = now
            return False
        # Where less was asked for than the rate allows, a lower rate would change nothing: only the pause does.
        if used and (self._cut_at is None or sent_at >= self._cut_at):
            self._cut(now)
        return True

    def _cut(self, now: float) -> None:
        elapsed = None if self._cut_at is None else now - self._cut_at
        if elapsed is not None and 1 <= elapsed <= MEMORY and self._idle <= MOSTLY * elapsed:
            # The service was at its limit then and is now: what it gave in between is what it gives.
            given = self._since_cut / (elapsed - self._idle)
            self._limit = min(self.ceiling, given)
            self.rate = min(self.rate, BELOW * given)
        else:
            self._limit = min(self._limit, self.rate)
            self.rate *= CUT
        self.rate = max(SLOWEST, self.rate)
        self._limit = max(self._limit, self.rate)
        self._cut_at = self._grown_at = now
        self._since_cut, self._idle, self._step = 0.0, 0.0, FIRST_STEP
        self._second.clear()

    def _grow(self, now: float) -> None:
        quiet_since = self._cut_at
        wait = PROBE if self._step < SURE else PROBE_WHEN_SURE
        if quiet_since is not None and self._limit < self.ceiling and now - quiet_since >= wait:
            self._limit = min(self.ceiling, self._limit * (1 + self._step))
            self._step = min(LARGEST_STEP, 2 * self._step)
            # From here on the measure begins anew, so that a later refusal tells of the limit as it is then.
            self._cut_at, self._since_cut, self._idle = now, 0.0, 0.0
        seconds = 0.0 if self._grown_at is None else max(0.0, now - self._grown_at)
        self._grown_at = now
        most = self._limit if self._limit >= self.ceiling else BELOW * self._limit
        if self.rate < most:
            self.rate = min(most, self.rate + GROWTH * self.ceiling * min(seconds, 1.0))

    def _ease(self, now: float) -> None:
        if now - self._eased_at >= 1:
            self.rate = max(SLOWEST, 0.9 * self.rate)
            self._eased_at = now
        self._grown_at = now

    def _note(self, now: float, done: int, refused: int) -> None:
        self._second = [one for one in self._second if now - one[0] < 1]
        self._second.append((now, done, refused))
