"""The command line: parse, call, print.

Exit codes are those of `narrator.errors`; 2 is a wrong command line, 130 an interruption.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback

import click

from narrator import __version__
from narrator.cli.build import build_command
from narrator.cli.cast import cast_command
from narrator.cli.check import check_command
from narrator.cli.script import script_command
from narrator.cli.voices import voices_command
from narrator.errors import NarratorError

_FAULT = 70  # EX_SOFTWARE of sysexits.h
_INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="narrator")
def cli() -> None:
    """Turn a story into a full-cast audiobook, offline.

    \b
    Example:
      narrator build stories/the-tide-stayed-out.txt
    """


cli.add_command(build_command)
cli.add_command(script_command)
cli.add_command(cast_command)
cli.add_command(voices_command)
cli.add_command(check_command)


def main(args: list[str] | None = None) -> None:
    """Entry point of the ``narrator`` command. Always ends in SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that lacks a character shows a ?
            stream.reconfigure(errors="replace")
    sys.exit(_run(args))


def _run(args: list[str] | None) -> int:
    try:
        cli.main(args=args, prog_name="narrator", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except NarratorError as exc:
        _complain(str(exc))
        return exc.exit_code
    except (KeyboardInterrupt, click.Abort):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
        _complain("interrupted; what was finished is kept, so running it again goes on from here")
        return _INTERRUPTED
    except BrokenPipeError:  # the reader, a pager perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as exc:  # the border: no traceback reaches a user unasked
        if os.environ.get("NARRATOR_DEBUG"):
            traceback.print_exc()
        _complain(
            f"a fault of Narrator's own: {type(exc).__name__}: {exc} "
            "(set NARRATOR_DEBUG=1 for the traceback to report)"
        )
        return _FAULT
    return 0


def _complain(message: str) -> None:
    click.echo(f"narrator: {message}", err=True)
