"""The command line: parse, call, print.

Exit codes are those of `narrator.errors`; 2 is a wrong command line, 130 an interruption.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module

import click

import narrator
from narrator.errors import DISK_FULL, NarratorError, StoreError

_FAULT = 70  # EX_SOFTWARE of sysexits.h
_INTERRUPTED = 130


_COMMANDS = {
    "build": "Turn STORY into an audiobook with a voice for everyone.",
    "script": "Show who says what in STORY.",
    "chapters": "List the chapters of STORY, with what of them is not read, and why.",
    "cast": "Write STORY's cast file: a voice for everyone, for you to change.",
    "review": "Decide who says the lines of STORY that Narrator is least sure of.",
    "voices": "List the voices that a cast file can name: all of them, or each VOICE.",
    "audition": "Hear each VOICE say the same words, all equally loud.",
    "say": "Say TEXT in the voice of NAME, and play it.",
    "words": "List the words of STORY that may be said wrong, hear them, and put them right.",
    "play": "Play the audiobook BOOK: any sound file, or a playlist of chapters.",
    "check": "Decode the audiobook FILE, by whatever program, and say what is in it.",
    "cache": "Show what is kept between builds, and how much room it takes.",
}
"""What each command is, as its own help begins: to list them, none has to be imported."""


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

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


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
        _print_no_more()
    except Exception as exc:  # the border: no traceback reaches a user unasked
        return _told(exc)
    return 0


def _told(exc: Exception) -> int:
    """Say what nobody expected to go wrong; the exit code."""
    if isinstance(exc, OSError) and exc.filename is None and exc.errno in DISK_FULL:
        _print_no_more()
        _complain(f"what is printed cannot be written: {exc.strerror}")
        return StoreError.exit_code
    if os.environ.get("NARRATOR_DEBUG"):
        import traceback

        traceback.print_exc()
    _complain(
        f"a fault of Narrator's own: {type(exc).__name__}: {exc} "
        "(set NARRATOR_DEBUG=1 for the traceback to report)"
    )
    return _FAULT


def _print_no_more() -> None:
    """Let what is printed from now on, and at the end, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> None:
    click.echo(f"narrator: {message}", err=True)
