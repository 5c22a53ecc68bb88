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
"""Of the limit that was found."""
PERIOD = 10.0
"""Seconds over which services count (throttling-limits page)."""
SLOWEST = 0.1
"""Units a second: a request in ten seconds, below which no service would want to be asked at all."""
DEAREST = 10.0
"""Units that one read may cost; the dearest that is documented costs 6. Another number is not believed."""
REQUESTS = 10.0
"""Requests a second at least, where the rate allows as many: it is answers that tell, not reads."""

PATIENCE, PATIENT, PROBED = 2 * PERIOD, 6 * PERIOD, 30
"""Seconds, at first and at most, and reads without unusual refusals after which the limit is raised by a step."""
FIRST_STEP, STEEPER, LARGEST_STEP = 0.02, 2.0, 2.0
"""Of the limit; each step is twice the one before."""
SPARSE = 50.0
"""Units a second below which any step that meets a refusal is taken back, and not only a small one."""

MORE = 0.05
"""The share that is looked for: so much more, or less, refused than usual."""
HALT, ALARM, SURE = 1.0, 8.0, 5.0
"""Logarithms of a likelihood from which the limit is not raised, a trial begins, and a trial ends."""
SOON, LEAST_ANSWERS = 1.0, 5
"""Seconds and answers that the first stage of a trial takes at least; later ones take the seconds."""
COSTLY, LONGEST = 1.5, 20.0
"""Seconds of asking at the full rate that a stage may cost, and seconds that it may last."""
DEEPER = 0.7
"""Of the limit that a stage suggests: from the second stage on, so that a limit must show."""
BELIEVED = 0.25
"""The least share that gets through of a service that refuses at random; where it is less, the rate falls."""
USUAL, RECHECK = 0.03, 20.0
"""From this share on, what is usual is put on trial every RECHECK seconds."""

GONE, IN_A_ROW, BY_CHANCE = 1.0, 1e-3, 1e-5
"""A service is closed if chance alone explains a run of refusals no better than BY_CHANCE, or than IN_A_ROW if nothing
has come back for GONE seconds."""
CUT = 0.7
"""What each refusal of a closed service leaves of the rate."""
TRIES, BETWEEN_TRIES = 5.0, 0.2
"""Requests a second that find out whether it is still closed, at most; and the longest pause between two, of the time
since it last gave anything."""
DEEPEST = 0.3
"""What a closing leaves of the rate at least, where less than a period was measured."""
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
    alarm: float = LEAST
    """The share that raised the alarm: a guess, until the first stage has counted."""
    began: float | None = None
    """When the first answer at the present rate came."""
    found: float | None = None
    """The limit, where a closing has measured it."""
    blamed: bool = True
    """Whether the rate may be to blame at all."""


@dataclass(slots=True)
class Controller:
    """The rate of one quota, in units a second; a unit is what the service counts, mostly a read.

    It starts below the documented quota and grows while it is used. The problem is what a refusal means. A service
    that refuses a share of everything at random still gives the rest, however fast it is asked: slowing down only loses
    time. A service with a limit refuses what is above it: slowing down loses nothing. What comes back at one rate
    cannot tell the two apart, because a client only ever measures what it asks for. So there are four steps:

    1. Alarm. More is refused than usual (a sum of likelihoods, CUSUM).
    2. Trial. The rate is lowered to just below what the service would give if it had a limit. At random, the share that
       is refused stays; with a limit, it vanishes. Both accounts are fitted to the answers at all rates tried
       (refusals.weigh), and the likelier one counts. If neither is likelier, the rate is lowered once more.
    3. Verdict. Chance: the rate is taken back, and the share is usual from then on. Limit: the rate becomes BELOW the
       limit that fits best.
    4. Step. After PATIENCE seconds without an alarm the limit is raised a little, since a limit may rise unseen. If
       that meets refusals, it is taken back, and the next step waits twice as long.

    Where nothing is given at all, the service is closed: single reads find out when it opens. What it gave from one
    opening to the next is its limit, since a window that counts anew, and one that slides, repeat themselves so.

    Why it settles. Each trial ends: every stage lowers the rate further, and the two accounts differ more at each. At
    random, every trial ends at the rate before it, and the share is usual: there is no further alarm, and the rate
    grows to the ceiling. With a limit, a trial ends BELOW the limit, where nothing unusual is refused: there is no
    alarm either, and what remains is one small step at a time, each taken back. A wrong verdict does not last. A limit
    that was taken for chance is put on trial again after RECHECK seconds, and sooner if more is refused. Chance that
    was taken for a limit goes on at the lower rate, which is an alarm again; and the steps lead back up in any case.
    """

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
    _heard: bool = False
    _since: float = 0.0
    """From when on it is measured what the service gives; below, the units since then, and the seconds of that in which
    there was nothing to ask for."""
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
        if not self._heard:
            self._heard, self._since = True, sent_at
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
        if self._given_at is None or self._run * math.log(share) < math.log(IN_A_ROW if lasted >= gone else BY_CHANCE):
            self._close(now, used=used)

    def _close(self, now: float, *, used: bool) -> None:
        before = self._lately + Tally(self._run, self._run)
        trial = self._trial
        if trial is None:
            trial = _Trial(self.rate, self._limit, self._usual, [(self.rate, before)])
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
        self.closed = False
        if trial is None:
            # Another ceiling was set meanwhile.
            self.rate = rate
            self._settle(now)
            return
        # It began to give at some moment between the last refusal and now.
        opened_at = (self._changed_at + now) / 2
        elapsed = opened_at - self._since - self._idle
        given = self._units / elapsed if elapsed >= SOON else 0.0
        # Where there was mostly nothing to ask for, or the service was closed for longer than it counts, that is no
        # measure of what it gives.
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
            trial.began = None
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
            self._begin(now, self._usual, self._more.seen.share(self._usual))
        elif self._fewer.leaning >= ALARM:
            self._usual, self._usual_since = self._fewer.seen.share(self._usual), now
            self._settle(now)
        elif self._usual >= USUAL and now - self._usual_since >= RECHECK:
            self._begin(now, LEAST, self._usual)

    def _begin(self, now: float, usual: float, alarm: float) -> None:
        """Begins a trial: counts what is refused at this rate, since what raised the alarm was the worst of it."""
        self._trial = _Trial(self.rate, self._limit, usual, [(self.rate, Tally())])
        self._trial.alarm = alarm
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
        """Ends a stage of a trial, or all of it, where enough has been seen for it."""
        if trial.began is None:
            return
        lasted, here, first = now - trial.began, trial.stages[-1][1], len(trial.stages) < 2
        enough = LEAST_ANSWERS * self.width * self.cost / self.rate
        if lasted < max(SOON, enough if first else 0.0):
            return
        if first:
            if here.share(trial.alarm) > trial.usual + MORE / 2:
                self._lower(now, trial)
            else:
                # A false alarm, or what was usual is over.
                self._end(now, here.share(self._usual))
            return
        verdict = weigh(trial.stages, trial.usual)
        unusual = here.log(here.share(trial.usual)) - here.log(trial.usual) >= SURE
        over = lasted >= LONGEST or (lasted >= enough and lasted * (1 - self.rate / trial.rate) >= COSTLY)
        if verdict.leaning >= SURE and 1 - verdict.share >= BELIEVED:
            # The lower rate changed nothing: it is taken back.
            self.rate, self._limit, self._proven = trial.rate, trial.limit, 0.0
            self._measure(now)
            if trial.usual < verdict.share:
                # What is known of the limit may come from such refusals as well.
                self._step, self._patience = LARGEST_STEP, PATIENCE
            self._end(now, verdict.share)
        elif verdict.leaning <= -SURE or (over and not unusual):
            measured = trial.found if len(trial.stages) == 2 else None
            self._grant(max(verdict.limit if measured is None else measured, self._proven), trial.rate)
            self._end(now, trial.usual)
        elif over or unusual:
            self._lower(now, trial)

    def _end(self, now: float, usual: float) -> None:
        """Ends a trial; that share is usual from now on."""
        self._usual, self._usual_since, self._trial = usual, now, None
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
                # The step was too much.
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
