"""Words in, exit code out: the command line, and the one place where errors are caught and printed."""

from __future__ import annotations

import sys
import traceback

import click

from mfaaudit import __version__
from mfaaudit.cli import streams
from mfaaudit.cli.annotate import annotate
from mfaaudit.cli.audit import audit
from mfaaudit.cli.check import check
from mfaaudit.cli.compare import compare
from mfaaudit.cli.demo import demo
from mfaaudit.cli.evaluate import evaluate
from mfaaudit.cli.explain import explain
from mfaaudit.cli.forecast import forecast
from mfaaudit.cli.policy import policy
from mfaaudit.cli.purge import purge
from mfaaudit.cli.recheck import recheck
from mfaaudit.cli.report import report
from mfaaudit.cli.sign import sign
from mfaaudit.cli.simulate import simulate
from mfaaudit.cli.terminal import State
from mfaaudit.cli.verify import verify
from mfaaudit.errors import MfaAuditError, UsageProblem

EPILOG = (
    "Exit codes: 0 audited, nothing failed, everything judged; 1 no audit was performed, or a bundle cannot be used; "
    "2 usage or configuration; 10 findings; 11 nothing failed, but something could not be judged or checked."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EPILOG)
@click.version_option(__version__, prog_name="mfaaudit")
def group() -> None:
    """Prove which MFA state every user of a Microsoft Entra tenant is in, and judge it."""


COMMANDS = (
    demo,
    audit,
    check,
    forecast,
    evaluate,
    report,
    recheck,
    compare,
    verify,
    explain,
    annotate,
    sign,
    purge,
    policy,
    simulate,
)

for _command in COMMANDS:
    group.add_command(_command)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code, never raising."""
    state = State()
    try:
        code = _perform(arguments, state)
        streams.flush()
    except BrokenPipeError:
        # Whoever read the output has gone; there is nobody left to tell.
        streams.drop()
        return 1
    except OSError as error:
        refusal = streams.refusal_of(error)
        refusal.__cause__ = error
        return _explain(refusal, state)
    return code


def _perform(arguments: list[str] | None, state: State) -> int:
    try:
        code = group.main(args=arguments, prog_name="mfaaudit", standalone_mode=False, obj=state)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        return UsageProblem.exit_code
    except click.exceptions.Abort:
        return _stopped(state)
    except KeyboardInterrupt:
        return _stopped(state)
    except click.ClickException as error:
        error.show(sys.stderr)
        return UsageProblem.exit_code
    except MfaAuditError as error:
        return _explain(error, state)
    return int(code or 0)


def run() -> None:
    """The entry point of the program."""
    streams.prepare()
    sys.exit(main())


def _explain(error: MfaAuditError, state: State) -> int:
    try:
        _tell(error, state)
    except OSError:
        # Nothing can be said where stderr is broken: the exit code has to.
        return error.exit_code
    return error.exit_code


def _tell(error: MfaAuditError, state: State) -> None:
    # A message may quote what a tenant or a file said.
    from mfaaudit.reports.plain import plain

    click.secho(error.headline, fg="red", bold=True, err=True)
    click.echo(f"  {plain(str(error))}", err=True)
    click.echo(f"  hint: {plain(streams.hint_of(error, error.hint))}", err=True)
    _say_what_stays(state)
    if state.verbose:
        click.echo("".join(traceback.format_exception(error)), err=True)
    elif error.exit_code == 1:
        click.echo("  --verbose shows where it happened", err=True)


def _stopped(state: State) -> int:
    click.secho("stopped: no audit was performed", fg="red", bold=True, err=True)
    _say_what_stays(state)
    return 1


def _say_what_stays(state: State) -> None:
    if state.folder is not None:
        click.echo(f"  What had been read until then is in {state.folder}; it is no report.", err=True)
        if state.can_go_on:
            click.echo(f"  To go on, give the same command with --resume --out {state.folder}", err=True)
