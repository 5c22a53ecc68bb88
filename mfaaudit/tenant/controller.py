"""How fast and how wide to ask: pure, from what came back and when it was sent; all times are seconds of one clock."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from mfaaudit.evidence.batch import LIMIT
from mfaaudit.tenant.refusals import LEAST, Tally, Watch, weigh, within

SHARE_OF_QUOTA = 0.98
"""Of a documented quota; the rest is for the difference between two clocks."""
START = 0.6
"""Of the ceiling: safe to begin with."""
GROWTH = 0.05
"""Of the ceiling, each second in which the rate was used, up to the limit that is known."""
BELOW = 0.98
"""Of what the service was measured to give."""
PERIOD = 10.0
"""Seconds over which services count (throttling-limits page): what they give is known after as long."""
PATIENCE, PATIENT, PROBED, STEEPER = 20.0, 60.0, 30, 2
"""Seconds, at most, and reads without an alarm after which a little more is tried than the service gave before: PERIOD at
first, twice as long after each time that the limit was met."""
SPARSE = 50.0
FIRST_STEP, LARGEST_STEP = 0.02, 2.0
SLOWEST = 0.1
"""Units a second: a request in ten seconds, below which no service would want to be asked at all."""
DEAREST = 10.0
"""Units that one read may cost; the dearest that is documented costs 6. Another number is not believed."""

MORE = 0.05
"""The share that is looked for: so much more, or less, refused than usual."""
HALT, ALARM, SURE = 1.0, 8.0, 5.0
"""Logarithms of a likelihood from which nothing more is tried, a trial begins, and a trial is decided."""
DEEPER = 0.7
COSTLY = 1.5
STAGE = 5
SOON, LONGEST = 1.0, 20.0
"""Seconds that an alarm and a stage of a trial take at least, and after which a stage ends undecided."""
BELIEVED = 0.25
"""The least share that gets through of a service that refuses whatever the rate; where it is less, the rate falls."""
USUAL, RECHECK = 0.03, 20.0
"""From this share on refusals are usual, and checked every RECHECK seconds."""
GONE, BY_CHANCE = 1.0, 1e-5
"""Seconds with nothing but refusals, or how unlikely a run of them is by chance, from which the service is closed."""
CUT = 0.7
"""What a closed service leaves of the rate, while nothing is known of what it gives."""
REQUESTS = 10.0
TRIES = 5.0
"""Reads a second, at most, that find out whether it still is; one in each request."""
BETWEEN_TRIES = 0.2
"""Of the time since it last gave anything: no two tries lie further apart."""
DEEPEST = 0.3
"""What is left of the rate at least by a closing after less than PERIOD."""
COMMON = 0.1
"""The usual share from which a closing is not put down to the rate, if half of what was asked for was given."""
EASED = 0.5
"""Of the limit: a service that only says that it is near its limit gets no less than this."""


@dataclass(slots=True)
class _Trial:
    """Lower rates, kept until it is clear whether they change what share is refused."""

    rate: float
    """Before, and the limit before: what is returned to if the lower rate changes nothing."""
    limit: float
    usual: float
    """What would be refused in any case if there is a limit."""
    stages: list[tuple[float, Tally]]
    """The rates tried, the one before first, and what was refused at each."""
    since: float
    began: float | None = None
    """When the first answer at the present rate came."""
    found: float | None = None
    """The limit, where a closing has measured it."""
    alarm: float = LEAST
    blamed: bool = True
    """Whether the rate may be to blame at all."""


@dataclass(slots=True)
class Controller:
    """DOC"""

    ceiling: float
    """Never more than this."""
    rate: float = 0.0
    """Now."""
    cost: float = 1.0
    """Units a read, as the service says (x-ms-resource-unit)."""
    closed: bool = False
    """Whether the service gives nothing at present."""
    _limit: float = 0.0
    _proven: float = 0.0
    """The limit before it was last raised, if it was and holds since."""
    _usual: float = LEAST
    """The share that is refused whatever the rate."""
    _usual_since: float = 0.0
    _trial: _Trial | None = None
    _changed_at: float = float("-inf")
    """What was sent before tells nothing of the rate as it is."""
    _open_rate: float = 0.0
    """Of a closed service, when it gives again."""
    _given_at: float | None = None
    """When anything last came back."""
    _lull: float = 0.0
    """Seconds since then in which there was nothing to ask for."""
    _run: int = 0
    """Answers since then, which were nothing but refusals."""
    _lately: Tally = field(default_factory=Tally)
    """What came back at this rate."""
    _more: Watch = field(default_factory=Watch)
    _fewer: Watch = field(default_factory=Watch)
    _closed_at: float = 0.0
    _since: float | None = None
    """From when on it is measured what the service gives, the units since then, and in how many seconds of that there was
    nothing to ask for."""
    _units: float = 0.0
    _idle: float = 0.0
    _quiet_at: float | None = None
    _quiet: int = 0
    _patience: float = PATIENCE
    _step: float = FIRST_STEP
    _grown_at: float | None = None
    _eased_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.rate = self.rate or START * self.ceiling
        self._limit = self.ceiling

    @property
    def width(self) -> int:
        """Reads to put into one batch: few enough for REQUESTS a second, since it is answers that tell."""
        if self.closed and self._given_at is not None:
            return 1
        rate = self._open_rate if self.closed else self.rate
        return max(1, min(LIMIT, int(rate / self.cost / REQUESTS)))

    def allow(self, ceiling: float) -> None:
        """Another ceiling, from which to start anew."""
        self.ceiling = self._limit = ceiling
        self.rate = self._open_rate = START * ceiling
        self._trial = None

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
        """One answer: reads that were done and refused, what they cost, and how near the limit the service is.

        `pressure` is x-ms-throttle-limit-percentage: 1.0 is where refusing begins. `used` says whether the rate was
        what held the request back, `idle` for how many seconds since the last answer nobody wanted to ask. Returns
        whether everybody should wait as long as the service asks for.
        """
        if self._since is None:
            self._since = sent_at
        if units is not None and done and 0 < units <= DEAREST * done:
            self.cost += 0.1 * (max(1.0, units / done) - self.cost)
        else:
            units = done * self.cost
        self._idle += idle
        self._lull += idle
        told = sent_at >= self._changed_at
        if done:
            if self.closed and sent_at >= self._closed_at:
                self._open(now)
                told = False
            self._units += units
            if told and used:
                for _ in range(self._run):
                    self._weigh(now, 1.0)
                self._weigh(now, refused / (done + refused))
                self._run = 0
                self._judge(now)
            self._given_at, self._lull = now, 0.0
        elif refused and told and (used or self.closed or self._given_at is None):
            self._refused(now, used=used)
        self._steer(now, pressure, quiet=used and bool(done))
        self._quiet += done if used else 0
        return self.closed and refused > 0

    def _refused(self, now: float, *, used: bool) -> None:
        """Nothing but refusals: chance, or a service that is closed."""
        lasted = now - (self._since if self._given_at is None else self._given_at) - self._lull
        if self.closed:
            least = max(SLOWEST, self.width * self.cost / (BETWEEN_TRIES * lasted)) if lasted > 0 else self.rate
            self.rate = min(self.rate, max(least, CUT * self.rate))
            self._changed_at = now
            return
        self._run += 1
        share = max(self._usual, BELIEVED)
        if self._trial is not None:
            share = max(share, self._trial.alarm, *(tally.share(share) for _, tally in self._trial.stages))
        elif self._more.leaning:
            share = max(share, self._more.seen.share(share))
        gone = max(GONE, 5 * self.width * self.cost / self.rate)
        if self._given_at is None or self._run * math.log(share) < math.log(1e-3 if lasted >= gone else BY_CHANCE):
            self._close(now, used=used)

    def _close(self, now: float, *, used: bool) -> None:
        before = self._lately + Tally(self._run, self._run)
        trial = self._trial
        if trial is None:
            trial = _Trial(self.rate, self._limit, self._usual, [(self.rate, before)], now)
        else:
            trial.stages[-1] = (self.rate, trial.stages[-1][1] + Tally(self._run, self._run))
        trial.blamed = used and self._given_at is not None
        self._trial = trial
        self.closed, self._open_rate = True, self.rate
        if used:
            self.rate = max(SLOWEST, min(TRIES * self.width * self.cost, CUT * self.rate))
        self._closed_at = now
        self._quiet, self._quiet_at = 0, None
        self._settle(now)

    def _open(self, now: float) -> None:
        """The service gives again: at the rate that it gave since it opened before, if that is known."""
        trial, rate = self._trial, self._open_rate
        assert trial is not None and self._since is not None
        self.closed = False
        # It began to give at some moment between the last refusal and now.
        opened_at = (self._changed_at + now) / 2
        elapsed = opened_at - self._since - self._idle
        given = self._units / elapsed if elapsed >= SOON else 0.0
        # Where there was mostly nothing to ask for, or the service was closed for longer than it counts, what it gave is
        # not what it gives.
        measured = given > 0 and self._idle <= elapsed and now - self._closed_at <= 1.2 * PERIOD
        as_usual = self._usual >= COMMON and (not measured or given >= 0.5 * rate * (1 - self._usual))
        if not trial.blamed or as_usual:
            self.rate, self._trial = trial.rate, None
        else:
            if measured:
                found = max(SLOWEST, min(self.ceiling, given / (1 - self._usual)))
                if elapsed < 0.8 * PERIOD:
                    found = max(found, DEEPEST * rate)
                self._limit = trial.found = max(found, self._proven)
                self.rate = max(SLOWEST, min(rate, BELOW * self._limit))
            else:
                self.rate = max(SLOWEST, CUT * rate)
            self._proven = 0.0
            trial.since, trial.began = now, None
            trial.stages.append((self.rate, Tally()))
        if elapsed >= 0.8 * PERIOD:
            self._measure(opened_at)
        self._settle(now)

    def _measure(self, now: float) -> None:
        self._since, self._units, self._idle = now, 0.0, 0.0

    def _weigh(self, now: float, refused: float) -> None:
        """What one answer tells of the share that is refused."""
        if self._trial is not None:
            if self._trial.began is None:
                self._trial.began = now
            self._trial.stages[-1][1].add(refused)
            return
        self._lately.add(refused)
        self._more.weigh(now, refused, self._usual, within(1 - (1 - self._usual) * (1 - MORE)))
        self._fewer.weigh(now, refused, self._usual, within(1 - (1 - self._usual) * (1 + MORE)))

    def _judge(self, now: float) -> None:
        """Begins a trial, or ends one, where enough has been seen for it."""
        if self._trial is not None:
            self._decide(now, self._trial)
        elif self._more.leaning >= ALARM:
            self._begin(now, self._usual)
        elif self._fewer.leaning >= ALARM:
            self._usual, self._usual_since = self._fewer.seen.share(self._usual), now
            self._settle(now)
        elif self._usual >= USUAL and now - self._usual_since >= RECHECK:
            self._begin(now, LEAST)

    def _begin(self, now: float, usual: float) -> None:
        """Begins a trial: counts what is refused at the present rate, since what raised the alarm was the worst of it."""
        self._trial = _Trial(self.rate, self._limit, usual, [(self.rate, Tally())], now)
        self._trial.alarm = self._more.seen.share(self._usual) if self._more.leaning else self._usual
        self._settle(now)

    def _lower(self, now: float, trial: _Trial) -> None:
        """The next stage of a trial: below the limit, if it is a limit that refuses more than usual."""
        share = trial.stages[-1][1].share(trial.alarm)
        trial.alarm = trial.usual
        # Just below the limit at first, to lose nothing; then so low that it must show.
        below = BELOW if len(trial.stages) < 2 else DEEPER
        self.rate = max(SLOWEST, below * min(1.0, (1 - share) / (1 - trial.usual)) * self.rate)
        trial.stages.append((self.rate, Tally()))
        trial.began = None
        self._settle(now)
        # The first request at the new rate still finds what the old rate has left.
        self._changed_at = now + self.width * self.cost / self.rate

    def _decide(self, now: float, trial: _Trial) -> None:
        spacing = self.width * self.cost / self.rate
        if trial.began is None or now - trial.began < max(SOON, STAGE * spacing if len(trial.stages) < 2 else 0.0):
            return
        lasted = now - trial.began
        here = trial.stages[-1][1]
        unusual = here.log(here.share(trial.usual)) - here.log(trial.usual)
        if len(trial.stages) < 2:
            if here.share(trial.alarm) > trial.usual + MORE / 2:
                self._lower(now, trial)
            else:
                # A false alarm, or nothing is refused any more.
                self._usual, self._usual_since, self._trial = here.share(self._usual), now, None
                self._settle(now)
            return
        verdict = weigh(trial.stages, trial.usual)
        over = lasted * (1 - self.rate / trial.rate) >= COSTLY and lasted >= STAGE * spacing
        over = over or lasted >= LONGEST
        if verdict.leaning >= SURE and 1 - verdict.share >= BELIEVED:
            # The lower rate changed nothing: it is taken back.
            self.rate, self._limit = trial.rate, trial.limit
            self._usual, self._usual_since, self._proven = verdict.share, now, 0.0
            self._measure(now)
            if trial.usual < verdict.share:
                # What is known of the limit may come from such refusals as well.
                self._step, self._patience = LARGEST_STEP, PATIENCE
        elif verdict.leaning <= -SURE or (over and unusual < SURE):
            found = verdict.limit if trial.found is None or len(trial.stages) > 2 else trial.found
            self._grant(max(found, self._proven), trial.rate)
            self._usual, self._usual_since = trial.usual, now
        elif over or unusual >= SURE:
            self._lower(now, trial)
            return
        else:
            return
        self._trial = None
        self._settle(now)

    def _grant(self, found: float, rate: float) -> None:
        """A limit that was found."""
        self._patience = min(PATIENT, 2 * self._patience) if self._proven else PATIENCE
        self._limit, self._proven = max(SLOWEST, min(self.ceiling, found)), 0.0
        self.rate = max(SLOWEST, min(rate, BELOW * self._limit))
        self._step = FIRST_STEP
        self._quiet, self._quiet_at = 0, None

    def _settle(self, now: float) -> None:
        """From here on everything is weighed anew."""
        self._changed_at = self._grown_at = now
        self._more.leaning = self._fewer.leaning = 0.0
        self._lately, self._run = Tally(), 0

    def _steer(self, now: float, pressure: float | None, *, quiet: bool) -> None:
        if pressure is not None and pressure >= 1:
            if now - self._eased_at >= 1:
                self.rate = min(self.rate, max(SLOWEST, EASED * self._limit, 0.9 * self.rate))
                self._eased_at = now
        elif quiet and self._trial is None and not self.closed:
            self._grow(now)
            return
        self._grown_at = now

    def _grow(self, now: float) -> None:
        if self._more.leaning >= HALT:
            self._quiet_at, self._quiet = now, 0
            small = self._limit <= (1 + 2 * FIRST_STEP) * self._proven or self._proven < SPARSE
            if self._proven and small and self._usual < USUAL:
                # What was tried is too much.
                self._grant(self._proven, self.rate)
                self._settle(now)
        if self._quiet_at is None:
            self._quiet_at, self._quiet = now, 0
        if now - self._quiet_at >= self._patience and self._quiet >= PROBED:
            self._quiet_at, self._quiet, self._patience = now, 0, max(PATIENCE, self._patience / 2)
            if self._limit < self.ceiling:
                self._proven = self._limit
                self._limit = min(self.ceiling, self._limit * (1 + self._step))
                self._step = min(LARGEST_STEP, STEEPER * self._step)
                # A later closing tells of the limit as it is from here on.
                self._measure(now)
        seconds = 0.0 if self._grown_at is None else max(0.0, now - self._grown_at)
        self._grown_at = now
        most = self._limit if self._limit >= self.ceiling else BELOW * self._limit
        if self.rate < most:
            self.rate = min(most, self.rate + GROWTH * self.ceiling * min(seconds, 1.0))
