"""The program's own help, which knows the commands without importing them."""

from __future__ import annotations

import subprocess
import sys

import click

from narrator.cli import cli
from tests.cli.conftest import Run


def test_the_list_says_what_each_command_says_of_itself(narrator: Run) -> None:
    done = narrator("--help", environ={"COLUMNS": "200"})
    assert done.code == 0
    listed = " ".join(done.out.partition("Commands:")[2].split())
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert f"{name} {command.get_short_help_str(200)}" in listed


def test_the_list_imports_no_command() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "narrator", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {row.rpartition("|")[2].strip() for row in done.stderr.splitlines()}
    assert "narrator.cli" in imported
    assert not {name for name in imported if name.startswith("narrator.cli.")}
    assert not imported & {"numpy", "av", "narrator.cast"}
