"""Any program that writes a sound file, called by a template such as
``flite -voice {voice} -o {out} -t {text}``.

No shell is involved: the template is split into arguments first, and what stands for a placeholder
stays within its argument, whatever is in it.

Settings of a voice
-------------------
``command`` (required): a template, or the name of a preset (`PRESETS`). Every other setting is a
placeholder of its own name; the presets have one, ``voice``.

Placeholders
------------
``{text}``
    The text, as a part of an argument. Where it is the whole of one and begins with a hyphen, a
    space is put before it, lest it be taken for an option.
``{textfile}``
    The path of a file that holds the text, in UTF-8. A template with neither of these two gets the
    text through its standard input.
``{out}``
    The path of a file that does not exist yet, ending in ``.wav``, in which the program leaves the
    sound: WAV, or another format that `decode` knows. A template without it gives the sound through
    its standard output.
``{rate}``, ``{length}``, ``{wpm}``, ``{pitch}``
    The delivery's rate as a factor, the inverse of it, the same in words a minute, and its pitch in
    semitones.
``{{`` and ``}}`` stand for braces.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Formatter

from narrator.engines.base import Samples, Utterance, refuse_foreign
from narrator.engines.command_presets import PRESETS, Preset, preset_voices
from narrator.engines.decode import decode_audio
from narrator.errors import EngineError
from narrator.model import Delivery, Setting, Voice

_TIMEOUT_S = 55.0
"""Less than the watchdog grants, so that the program ends too."""
_WORDS_PER_MINUTE = 175
_OWN = ("text", "textfile", "out", "rate", "length", "wpm", "pitch")


class CommandEngine:
    """Runs a program for each text; see the module."""

    name = "command"
    generative = False

    def __init__(self, timeout_s: float = _TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        present = {name: preset for name, preset in PRESETS.items() if shutil.which(preset.program)}
        self._presets: Mapping[str, Preset] = present
        self.version = f"command-1-{_digest_of(preset.program for preset in present.values())}"

    def voices(self) -> tuple[Voice, ...]:
        """The voices of every program on this machine for which there is a preset."""
        found = [voice for name in self._presets for voice in preset_voices(name, self._listed)]
        return tuple(found)

    def synthesize(self, utterance: Utterance) -> tuple[Samples, ...]:
        """Have the voice's program speak."""
        text, voice = utterance.text, utterance.voice
        refuse_foreign(voice, self.name)
        if not any(character.isalnum() for character in text):
            # Some programs fail on it, some speak the names of the marks.
            return ()
        settings = dict(voice.settings)
        template = str(settings.pop("command", ""))
        if not template:
            raise EngineError(
                f"the voice {voice.name!r} of the engine {self.name!r} has no setting 'command': "
                "give a template such as 'flite -voice {voice} -o {out} -t {text}'"
            )
        if (preset := PRESETS.get(template)) is not None:
            template = preset.template
            for mark, plain in preset.harmless:
                text = text.replace(mark, plain)
        # An argument can hold neither NUL nor half a surrogate pair.
        text = text.encode("utf-8", "replace").decode().replace("\0", " ")
        return (self._run(template, text, settings, voice.name, utterance.delivery),)

    def close(self) -> None:
        """Nothing is held."""

    def _run(
        self,
        template: str,
        text: str,
        settings: Mapping[str, Setting],
        voice: str,
        delivery: Delivery,
    ) -> Samples:
        parts = _arguments(template, voice)
        named = {name for part in parts for name in placeholders(part, template, voice)}
        with tempfile.TemporaryDirectory(prefix="narrator-") as folder:
            out = Path(folder, "clip.wav")
            values: dict[str, object] = {
                **settings,
                "text": text,
                "textfile": str(Path(folder, "text.txt")),
                "out": str(out),
                "rate": f"{delivery.rate:.3f}",
                "length": f"{1 / delivery.rate:.3f}",
                "wpm": round(_WORDS_PER_MINUTE * delivery.rate),
                "pitch": f"{delivery.pitch_semitones:g}",
            }
            if unknown := sorted(named - values.keys()):
                raise EngineError(
                    f"the voice {voice!r}: {{{unknown[0]}}} in its command stands for nothing; "
                    f"there are {', '.join(f'{{{name}}}' for name in values)}"
                )
            if "textfile" in named:
                Path(folder, "text.txt").write_text(text, encoding="utf-8", errors="replace")
            command = [_filled(part, values) for part in parts]
            _refuse_batch_files(command[0], "text" in named)
            spoken = None if named & {"text", "textfile"} else text.encode("utf-8", "replace")
            printed = self._call(command, spoken)
            data = _read(out, command[0]) if "out" in named else printed
        return decode_audio(data, f"the program {command[0]!r}")

    def _listed(self, command: Sequence[str]) -> str:
        """What a program prints that lists its voices; empty where it fails."""
        try:
            return self._call(command, None).decode("utf-8", "replace")
        except EngineError:
            return ""

    def _call(self, command: Sequence[str], given: bytes | None) -> bytes:
        program = command[0]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except FileNotFoundError as exc:
            raise EngineError(
                f"the program {program!r} is not on this machine: install it, or name it by its "
                "whole path"
            ) from exc
        except (OSError, ValueError) as exc:
            raise EngineError(f"the program {program!r} cannot be started: {exc}") from exc
        try:
            printed, complaint = process.communicate(given, timeout=self._timeout_s)
        except subprocess.TimeoutExpired as exc:
            raise EngineError(
                f"the program {program!r} did not end within {self._timeout_s:.0f} s"
            ) from exc
        finally:
            _end(process)
        if process.returncode:
            raise EngineError(
                f"the program {program!r} failed with exit code {process.returncode}"
                f"{_last_line(complaint)}"
            )
        return printed


def placeholders(part: str, template: str, voice: str) -> tuple[str, ...]:
    """The names that stand in braces in a part of a template.

    Raises
    ------
    EngineError
        A brace has no partner, or more than a name is between two.
    """
    try:
        fields = [(name, spec, how) for _, name, spec, how in Formatter().parse(part)]
    except ValueError as exc:
        raise EngineError(f"the voice {voice!r}: its command {template!r} has {exc}") from exc
    for name, spec, how in fields:
        if name is not None and (spec or how or not name.isidentifier()):
            raise EngineError(
                f"the voice {voice!r}: its command {template!r} has {{{name}}}: between braces "
                "stands a name and nothing else; double a brace that is meant as one"
            )
    return tuple(name for name, _, _ in fields if name is not None)


def _arguments(template: str, voice: str) -> list[str]:
    try:
        parts = shlex.split(template)
    except ValueError as exc:
        raise EngineError(f"the voice {voice!r}: its command {template!r} has {exc}") from exc
    if not parts:
        raise EngineError(f"the voice {voice!r}: its command names no program")
    return parts


def _filled(part: str, values: Mapping[str, object]) -> str:
    filled = part.format_map(values)
    return f" {filled}" if part == "{text}" and filled.startswith("-") else filled


def _refuse_batch_files(program: str, text_is_argument: bool) -> None:
    """Windows hands the arguments of a batch file to its shell, which would obey what is in them.

    See CVE-2024-24576 and its kin.
    """
    found = shutil.which(program) or program
    if sys.platform == "win32" and text_is_argument and found.lower().endswith((".bat", ".cmd")):
        raise EngineError(
            f"the program {program!r} is a batch file, which cannot take {{text}} safely: "
            "use {textfile}, or neither to get it through standard input"
        )


def _read(path: Path, program: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise EngineError(f"the program {program!r} ended well but wrote no {{out}}") from exc


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a program, and of what it started itself."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1].strip()[:200]}" if lines else ""


def _digest_of(programs: Iterable[str]) -> str:
    """Changes with the programs themselves; twelve letters."""
    digest = hashlib.sha256()
    for program in sorted(programs):
        path = shutil.which(program)
        if path is not None:
            digest.update(program.encode())
            digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:12]
