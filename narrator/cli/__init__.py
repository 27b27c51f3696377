"""The command line: parse, call, print.

Exit codes are those of `narrator.errors`; 2 is a wrong command line, 130 an interruption.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import traceback
from importlib import import_module

import click

import narrator
from narrator.errors import NarratorError

_FAULT = 70  # EX_SOFTWARE of sysexits.h
_INTERRUPTED = 130


_COMMANDS = (
    "build", "script", "chapters", "cast", "review", "voices", "audition", "say", "words", "play",
    "check", "cache",
)  # fmt: skip


class _Commands(click.Group):
    """Commands that are imported when they are called.

    Every worker process imports this module too, because it is the program's main one.
    """

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"narrator.cli.{name}"), f"{name}_command")
        return command


def _show_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    del option
    if wanted:
        click.echo(f"narrator, version {narrator.__version__}")
        context.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def cli(context: click.Context) -> None:
    """Turn a story into a full-cast audiobook, offline.

    \b
    Example:
      narrator build stories/the-tide-stayed-out.txt
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":  # https://no-color.org
        context.color = False


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
