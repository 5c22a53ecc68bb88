"""How fast and how wide to ask: pure, from what came back and when it was sent; all times are seconds of one clock."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from mfaaudit.evidence.batch import LIMIT
from mfaaudit.tenant.refusals import Odds, Tally, Watch, is_whole

SHARE_OF_QUOTA = 0.98
"""Of a documented quota; the rest is for the difference between two clocks."""
START = 0.6
"""Of the ceiling: safe to begin with."""
GROWTH = 0.05
"""Of the ceiling, each second in which the rate was used and nothing was refused that is not refused anyway."""
CUT = 0.7
"""What a closed service leaves of the rate, while nothing is known of what it gives."""
SHORT, DEEPEST = 8.0, 0.02
OUTAGE = 12.0
"""What is left of the rate at least by two closings that are fewer seconds apart."""
BELOW = 0.98
"""Of what the service was measured to give."""
MEMORY = 120.0
"""Seconds between two closings that tell of the same limit: what came back between them is what the service gives."""
MOSTLY = 0.5
"""The share of idle time from which what came back tells what was asked for, and not what the service gives."""
PROBE, LONGEST_PROBE, PROBED = 10.0, 60.0, 10
"""Seconds and reads without an alarm after which a little more is tried than the service gave before; twice as long
after each that met the limit, half as long after each that did not."""
PERIOD = 10.0
"""Seconds over which it is counted what the service gives."""
FIRST_STEP, LARGEST_STEP = 0.02, 1.0
SLOWEST = 0.1
"""Units a second: a request in ten seconds, below which no service would want to be asked at all."""
DEAREST = 10.0
"""Units that one read may cost; the dearest that is documented costs 6. Another number is not believed."""

MORE = 0.03
"""The share that is looked for: so much more, or less, refused than usual."""
HALT = 1.0
ALARM = 8.0
"""The logarithm of the likelihood from which that is believed."""
SURE = 5.0
DEEPER = 4.0
"""The same for the outcome of a trial."""
FEW, SOON = 40, 1.0
"""Reads, or seconds, that an alarm takes at least: fewer do not tell what share is refused."""
TRIAL = 0.6
"""In a trial, of the rate at which a limit would refuse nothing more."""
BELIEVED = 0.25
"""The least share that gets through of a service that refuses whatever the rate; where it is less, the rate falls."""
TRIED, CHECKED = 10.0, 3.0
"""Seconds after which a trial ends as it stands: one that has a reason, and one that only makes sure."""
USUAL = 0.97
"""Below this share that gets through, refusals are usual, and checked every RECHECK seconds."""
RECHECK = 20.0
GONE = 1.0
"""Seconds with nothing but refusals, after which the service is closed."""
BY_CHANCE = 1e-5
"""How unlikely a run of refusals is if it is not: the service is closed at once."""
BY_CHANCE_IN_A_TRIAL = 1e-4
COMMON = 0.1
"""The share of requests that are refused whole, at any rate, from which a closing is not put down to the rate."""
AS_USUAL = 0.5
"""Of what such a service would give at this rate: if it gave less, it was the rate."""
RANDOM_WHOLE = 0.3
"""The share of refusals that a trial after a closing looks for, where no share could be measured."""
TRIES = 10.0
BETWEEN_PROBES = 0.2
"""Of the time since the service last gave anything: no two tries lie further apart while it is closed."""
EASED = 0.5
"""Of the limit: a service that only says that it is near its limit gets no less than this."""


@dataclass(slots=True)
class _Trial:
    """A lower rate, kept until it is clear whether it changes what is refused."""

    rate: float
    """Before, and the limit before: what is returned to if the lower rate changes nothing."""
    limit: float
    whatever: Odds
    """What is refused now if refusals do not depend on the rate; `because` if they do."""
    because: Odds
    found: float | None
    """The limit if they do, where a closing has measured it."""
    since: float
    before: Tally
    blamed: bool = True
    sure: bool = False
    during: Tally = field(default_factory=Tally)
    began: float | None = None

    @property
    def leaning(self) -> float:
        """The logarithm of how much likelier it is that the lower rate changes nothing."""
        own = self.before.odds(self.whatever)
        both = (self.before + self.during).odds(self.whatever) if self.before.weight else self.whatever
        return (
            self.before.log(both) - self.before.log(own) + self.during.log(both) - self.during.log(self.because)
        )

    @property
    def unlike(self) -> float:
        """The logarithm of how much likelier it is that the lower rate changes the share at all."""
        if not self.before.weight:
            return 0.0
        both = (self.before + self.during).odds(self.whatever)
        before, during = self.before.odds(self.whatever), self.during.odds(self.whatever)
        return self.before.log(before) + self.during.log(during) - self.before.log(both) - self.during.log(both)

    @property
    def checks(self) -> bool:
        """Whether it only makes sure of what is usual."""
        return self.sure


@dataclass(slots=True)
class Controller:
    """The rate of one quota, in units a second; a unit is what the service counts, mostly a read.

    It starts safely and grows while it is used. Refusals are answered by an experiment, since a closed loop only ever
    measures what it asks for: the rate is lowered below what a limit would give (a trial), and what counts is whether
    a smaller share is refused there. If not, the rate is not to blame: it is taken back, and that share is usual from
    then on. If so, the limit is what was given. Where nothing is given at all, the service is closed: the rate falls
    at each refusal and returns with the first read that is done.

    Why it settles. There are two fixed points. With refusals at random, a lower rate never changes the share, each
    trial ends with the rate before, and the rate grows to the ceiling; what is refused as usual raises no alarm. With a
    limit, a share above the usual one raises an alarm, the trial sees it vanish, and the rate becomes BELOW of what was
    given; it stays there, but for a step upwards after PROBE seconds and more, which either meets no refusal (the limit
    has risen) or ends in a trial. A wrong outcome does not last: a limit that was taken for chance refuses still more
    at the higher rate and is tried again, at the latest after RECHECK seconds; chance that was taken for a limit meets
    the same share at the lower rate, which is an alarm again, and the rate is back. No limit is set below what was
    given shortly before, so that a wrong trial costs a step and not the rate.
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
    _usual: Odds = field(default_factory=Odds)
    """What is refused whatever the rate."""
    _known: Tally = field(default_factory=Tally)
    """What that is known from."""
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
    _first_at: float | None = None
    _run: list[tuple[int, int]] = field(default_factory=list)
    """Refusals since then, which count as soon as something comes back."""
    _fewer_requests: Watch = field(default_factory=Watch)
    _fewer_reads: Watch = field(default_factory=Watch)
    _lately: Tally = field(default_factory=Tally)
    _more: Watch = field(default_factory=Watch)
    _closed_at: float | None = None
    _since: float = 0.0
    """Units given since then, and below seconds in which there was nothing to ask for."""
    _idle: float = 0.0
    _quiet_at: float | None = None
    _quiet: int = 0
    _patience: float = PROBE
    _marked_at: float = 0.0
    _proven: float = 0.0
    _step: float = FIRST_STEP
    _grown_at: float | None = None
    _eased_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.rate = self.rate or START * self.ceiling
        self._limit = self.ceiling

    @property
    def width(self) -> int:
        """Reads to put into one batch: a second's worth, at most what a batch may hold."""
        return 1 if self.closed else max(1, min(LIMIT, int(self.rate / self.cost)))

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
        if self._first_at is None:
            self._first_at = self._marked_at = sent_at
        if units is not None and done and 0 < units <= DEAREST * done:
            self.cost += 0.1 * (max(1.0, units / done) - self.cost)
        else:
            units = done * self.cost
        self._idle += idle
        self._lull += idle
        told = sent_at >= self._changed_at
        if done:
            if self.closed and sent_at >= (self._closed_at or 0.0):
                self._open(now)
                told = False
            self._since += units
            self._given_at, self._lull = now, 0.0
        elif refused and told and (used or self.closed or self._given_at is None):
            self._refused(now, refused, used=used)
        if done and told and used:
            for answer in [*self._run, (done, refused)]:
                self._weigh(now, *answer)
            self._run.clear()
            self._judge(now)
        self._steer(now, pressure, quiet=used and bool(done))
        self._quiet += done if used else 0
        return self.closed and refused > 0

    def _refused(self, now: float, refused: int, *, used: bool) -> None:
        """Nothing but refusals: chance, or a service that is closed."""
        since = self._first_at if self._given_at is None else self._given_at
        lasted = now - (now if since is None else since) - self._lull
        if self.closed:
            least = max(SLOWEST, 1 / (BETWEEN_PROBES * lasted)) if lasted else self.rate
            self.rate = min(self.rate, max(least, CUT * self.rate))
            self._changed_at = now
            return
        self._run.append((0, refused))
        odds = self._trial.whatever if self._trial is not None else self._usual
        if self._trial is None and self._fewer_requests.leaning:
            odds = self._fewer_requests.seen.odds(odds)
        least = BY_CHANCE if self._trial is None else BY_CHANCE_IN_A_TRIAL
        chance = sum(odds.log(*answer) for answer in self._run)
        gone = max(GONE, 5 * self.width * self.cost / self.rate)
        if self._given_at is None or lasted >= gone or chance < math.log(least):
            self._close(now, used=used)

    def _close(self, now: float, *, used: bool) -> None:
        rate, limit = (self.rate, self._limit) if self._trial is None else (self._trial.rate, self._trial.limit)
        whole = any(is_whole(*answer) for answer in self._run)
        unlike = (
            Odds(max(RANDOM_WHOLE, self._usual.whole), self._usual.read)
            if whole
            else self._usual.with_fewer_reads(1 - RANDOM_WHOLE)
        )
        self._trial = _Trial(rate, limit, unlike, self._usual, None, now, Tally(), blamed=used)
        self.closed, self._open_rate, self.rate = True, self.rate, max(SLOWEST, min(TRIES, CUT * self.rate))
        self._closed_at = now
        self._quiet, self._quiet_at = 0, None
        self._settle(now)

    def _open(self, now: float) -> None:
        trial, usual = self._trial, self._usual
        assert trial is not None
        elapsed = now - self._marked_at - self._idle
        given = self._since / elapsed if elapsed > 0 else 0.0
        self.closed, rate = False, self._open_rate
        measured = elapsed >= 1 and self._idle <= MOSTLY * elapsed and given > 0 and now - (self._closed_at or 0.0) < OUTAGE
        as_usual = usual.whole >= COMMON and (not measured or given >= AS_USUAL * rate * usual.given)
        if not trial.blamed or as_usual:
            self.rate, self._trial = trial.rate, None
        elif measured:
            found = max(SLOWEST, min(self.ceiling, given / usual.given))
            if elapsed < SHORT:
                found = max(found, DEEPEST * rate)
            found = max(found, self._proven)
            self._limit = trial.found = found
            self.rate = max(SLOWEST, min(rate, BELOW * found))
        else:
            self.rate = max(SLOWEST, CUT * rate)
        if self._trial is not None:
            trial.since, self._proven = now, 0.0
        if elapsed >= SHORT:
            self._mark(now)
        self._settle(now)

    def _mark(self, now: float) -> None:
        self._marked_at, self._since, self._idle = now, 0.0, 0.0

    def _weigh(self, now: float, done: int, refused: int) -> None:
        """What one answer, or a run of refusals that has come and gone, tells of the share that is refused."""
        trial = self._trial
        if trial is not None:
            trial.began = now if trial.began is None else trial.began
            trial.during.add(done, refused)
            return
        self._lately.add(done, refused)
        usual = self._usual
        self._fewer_requests.weigh(now, done, refused, usual, usual.with_fewer_requests(1 - MORE))
        self._fewer_reads.weigh(now, done, refused, usual, usual.with_fewer_reads(1 - MORE))
        self._more.weigh(now, done, refused, usual, usual.with_fewer(1 + MORE))

    def _judge(self, now: float) -> None:
        """Begins a trial, or ends one, where enough has been seen for it."""
        trial, usual = self._trial, self._usual
        if trial is not None:
            longest = max(CHECKED if trial.checks else TRIED, 5 * self.width * self.cost / self.rate)
            if now - trial.since >= longest or (
                trial.began is not None and now - trial.began >= SOON and abs(trial.leaning) >= SURE
            ):
                self._decide(now, trial)
            return
        alarms = [one for one in (self._fewer_requests, self._fewer_reads) if one.leaning >= ALARM]
        alarm = max(alarms, key=lambda one: one.leaning, default=None)
        if alarm is not None and now - alarm.since >= SOON:
            self._try(now, alarm.seen.odds(usual), usual, alarm.seen)
        elif self._more.leaning >= ALARM:
            self._known, self._usual, self._usual_since = self._more.seen, self._more.seen.odds(usual), now
            self._settle(now)
        elif self._usual.given < USUAL and now - self._usual_since >= RECHECK:
            # What a limit would leave of them at the lower rate.
            self._try(now, self._lately.odds(usual), Odds(), self._lately, sure=True)

    def _try(self, now: float, odds: Odds, because: Odds, before: Tally, of: _Trial | None = None, *, sure: bool = False) -> None:
        """Asks for less than what a limit would give, to see whether refusals become fewer."""
        self._trial = _Trial(self.rate if of is None else of.rate, self._limit, odds, because, None, now, before, sure=sure)
        self.rate = max(SLOWEST, BELOW * min(1.0, odds.given / because.given) * self.rate)
        self._settle(now)
        # The first request at the new rate still finds what the old rate has left.
        self._changed_at = now + self.width * self.cost / self.rate

    def _decide(self, now: float, trial: _Trial) -> None:
        seen = (self._known + trial.before + trial.during).recent()
        left = trial.during.odds(trial.because)
        # In doubt, a rate that was lowered for a reason stays low, and one that was lowered to make sure does not.
        if trial.leaning > 0 and trial.unlike >= DEEPER:
            # Not low enough
            self._try(now, left, trial.because, trial.during, of=trial)
            return
        if trial.leaning > (-SURE / 2 if trial.checks else SURE / 2) and seen.odds(trial.whatever).given >= BELIEVED:
            # The lower rate changed nothing: it is taken back.
            self.rate, self._limit = trial.rate, trial.limit
            self._known, self._usual, self._usual_since = seen, seen.odds(trial.whatever), now
            if not trial.checks:
                # What is known of the limit may come from such refusals as well.
                self._step, self._patience = LARGEST_STEP, PROBE
            self._proven = 0.0
        elif left.given >= BELIEVED:
            # Where refusals were of the rate, those that were thought usual may be as well: what is left of them is
            # tried next.
            self._known, self._usual, self._usual_since = trial.during, left, float("-inf")
            found = self.rate / BELOW if trial.found is None else trial.found
            self._grant(now, max(self.rate, found), trial.rate)
        else:
            self._grant(now, self.rate * left.given / trial.because.given, self.rate)
        self._trial = None
        self._settle(now)

    def _grant(self, now: float, found: float, rate: float) -> None:
        """A limit that was found."""
        self._limit = max(SLOWEST, min(self.ceiling, max(found, self._proven)))
        self._proven = 0.0
        self.rate = max(SLOWEST, min(rate, BELOW * self._limit))
        self._step, self._patience = FIRST_STEP, min(LONGEST_PROBE, 2 * self._patience)
        self._quiet, self._quiet_at = 0, now

    def _settle(self, now: float) -> None:
        """From here on everything is weighed anew."""
        self._changed_at = self._grown_at = now
        for watch in (self._fewer_requests, self._fewer_reads, self._more):
            watch.leaning = 0.0
        self._lately = Tally()
        self._run.clear()

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
        if self._quiet_at is None or max(self._fewer_requests.leaning, self._fewer_reads.leaning) >= HALT:
            self._quiet_at, self._quiet = now, 0
        if now - self._quiet_at >= self._patience and self._quiet >= PROBED:
            self._quiet_at, self._quiet, self._patience = now, 0, max(PROBE, self._patience / 2)
            if self._limit < self.ceiling:
                self._proven = self._limit
                self._limit = min(self.ceiling, self._limit * (1 + self._step))
                self._step = min(LARGEST_STEP, 2 * self._step)
                # The measure begins anew, so that a later closing tells of the limit as it is then.
                self._mark(now)
        seconds = 0.0 if self._grown_at is None else max(0.0, now - self._grown_at)
        self._grown_at = now
        most = self._limit if self._limit >= self.ceiling else BELOW * self._limit
        if self.rate < most:
            self.rate = min(most, self.rate + GROWTH * self.ceiling * min(seconds, 1.0))
