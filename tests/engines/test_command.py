"""Any program as an engine: a stand-in that notes how it was called, and the real ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from narrator.engines.base import speak
from narrator.engines.command import CommandEngine
from narrator.engines.command_presets import PRESETS, preset_voices
from narrator.errors import EngineError
from narrator.model import Delivery, Gender, Setting, Voice

STAND_IN = """
import json, os, struct, sys, time
given = sys.stdin.buffer.read().decode() if os.environ.get("STAND_IN") == "stdin" else ""
how = os.environ.get("STAND_IN", "")
note = {"args": sys.argv[1:], "stdin": given}
for at, arg in enumerate(sys.argv):
    if arg == "-f":
        note["file"] = open(sys.argv[at + 1], encoding="utf-8").read()
json.dump(note, open(os.environ["STAND_IN_NOTE"], "w"))
if how == "fail":
    sys.exit("first line\\nvoice not found")
if how == "hang":
    if os.fork() == 0:
        open(os.environ["STAND_IN_NOTE"] + ".child", "w").write(str(os.getpid()))
        time.sleep(60)
    time.sleep(60)
sound = struct.pack("<4000h", *([9000, -9000] * 2000))
head = b"RIFF" + struct.pack("<I", 36 + len(sound)) + b"WAVEfmt "
head += struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16) + b"data"
data = head + struct.pack("<I", len(sound)) + sound
if how == "short":
    data = data[:500]
if how == "text":
    data = b"usage: stand-in TEXT"
if "-o" in sys.argv:
    if how != "forget":
        open(sys.argv[sys.argv.index("-o") + 1], "wb").write(data)
else:
    sys.stdout.buffer.write(data)
"""


class Program:
    """The stand-in, and what it noted of its last call."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "stand in.py"  # a path with a space in it
        self.path.write_text(STAND_IN, encoding="utf-8")
        self.note = folder / "note.json"
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("STAND_IN_NOTE", str(self.note))

    def behave(self, how: str) -> None:
        self._monkeypatch.setenv("STAND_IN", how)

    def voice(self, template: str, **settings: Setting) -> Voice:
        command = f"'{sys.executable}' '{self.path}' {template}"
        given = tuple(sorted({"command": command, **settings}.items()))
        return Voice(name="Ada", engine="command", settings=given)

    def noted(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.note.read_text(encoding="utf-8"))
        return found


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    return Program(tmp_path, monkeypatch)


def spoken(voice: Voice, text: str = "Good evening.", delivery: Delivery | None = None) -> int:
    samples = speak(CommandEngine(timeout_s=20), text, voice, delivery or Delivery())
    assert samples.sample_rate_hz == 8000
    return len(samples.pcm)


def test_the_sound_comes_through_a_file(program: Program) -> None:
    assert spoken(program.voice("-v {voice} -o {out} -t {text}", voice="slt")) == 4000
    args = program.noted()["args"]
    assert isinstance(args, list)
    assert args[:3] == ["-v", "slt", "-o"]
    assert args[4:] == ["-t", "Good evening."]
    assert not Path(args[3]).parent.exists(), "the folder is gone when the clip is read"


def test_text_and_sound_go_through_pipes(program: Program) -> None:
    program.behave("stdin")
    assert spoken(program.voice("--voice {voice}", voice=7), "Où ça ?") == 4000
    assert program.noted() == {"args": ["--voice", "7"], "stdin": "Où ça ?"}


def test_the_text_goes_through_a_file(program: Program) -> None:
    spoken(program.voice("-f {textfile}"), "“Où ça?”\nThere.")
    assert program.noted()["file"] == "“Où ça?”\nThere."


@pytest.mark.parametrize(
    "text",
    [
        "$(touch gone)",
        "a; rm -rf b && c | d > e",
        "`id`",
        'quotes " and \' and \\ and \\"',
        "{voice} {out} {0} %s",
        "line\nline\ttab",
        "* ? ~ # ! x",
    ],
)
def test_whatever_is_in_the_text_stays_text(program: Program, text: str) -> None:
    spoken(program.voice("-t {text} --last"), text)
    assert program.noted()["args"] == ["-t", text, "--last"]


@pytest.mark.parametrize(("text", "given"), [("-o x", " -o x"), ("a\0b", "a b")])
def test_what_an_argument_cannot_hold(program: Program, text: str, given: str) -> None:
    spoken(program.voice("-t {text}"), text)
    assert program.noted()["args"] == ["-t", given]


def test_a_hyphen_within_an_argument_stays(program: Program) -> None:
    spoken(program.voice("--text={text}"), "-o x")
    assert program.noted()["args"] == ["--text=-o x"]


def test_delivery_and_settings_fill_in(program: Program) -> None:
    voice = program.voice(
        "{rate} {length} {wpm} {pitch} '{{{mood}}}' {text}", mood="gay; and loud", text="mine"
    )
    spoken(voice, "Yes.", Delivery(rate=1.25, pitch_semitones=-2))
    assert program.noted()["args"] == ["1.250", "0.800", "219", "-2", "{gay; and loud}", "Yes."]


@pytest.mark.parametrize("text", ["", " ", "…", "***", "—!"])
def test_nothing_to_pronounce_starts_nothing(program: Program, text: str) -> None:
    samples = speak(CommandEngine(), text, program.voice("{text}"), Delivery())
    assert len(samples.pcm) == 0
    assert not program.note.exists()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("fail", "failed with exit code 1: voice not found"),
        ("short", "gave 456 of 8000 bytes: the sound is cut off"),
        ("text", "no sound that can be decoded .*usage: stand-in TEXT"),
        ("forget", "ended well but wrote no {out}"),
    ],
)
def test_a_program_that_fails(program: Program, how: str, message: str) -> None:
    program.behave(how)
    with pytest.raises(EngineError, match=message):
        spoken(program.voice("-o {out} {text}"))


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in forks")
def test_a_program_that_hangs_is_ended_with_its_children(program: Program) -> None:
    program.behave("hang")
    with pytest.raises(EngineError, match="did not end within 1 s"):
        speak(CommandEngine(timeout_s=1.0), "Yes.", program.voice("{text}"), Delivery())
    child = int(Path(f"{program.note}.child").read_text(encoding="utf-8"))
    for _ in range(100):
        if not _alive(child):
            return
        time.sleep(0.05)
    pytest.fail("the child lives on")


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True)
    return not state.stdout.startswith(b"Z") and bool(state.stdout.strip())


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("no-such-program {text}", "'no-such-program' is not on this machine"),
        ("speak {txet}", r"\{txet\} in its command stands for nothing; there are .*\{text\}"),
        ("speak {text!r}", "between braces stands a name"),
        ("speak {text.real}", "between braces stands a name"),
        ("speak {0}", "between braces stands a name"),
        ("speak {", "has "),
        ("speak 'x", "has No closing quotation"),
        ("  ", "names no program"),
    ],
)
def test_a_template_that_is_wrong(template: str, message: str) -> None:
    voice = Voice(name="Ada", engine="command", settings=(("command", template),))
    with pytest.raises(EngineError, match=message):
        speak(CommandEngine(), "Yes.", voice, Delivery())


def test_a_voice_without_a_command() -> None:
    with pytest.raises(EngineError, match=r"'Ada' .* has no setting 'command': give a template"):
        speak(CommandEngine(), "Yes.", Voice(name="Ada", engine="command"), Delivery())


@pytest.mark.skipif(sys.platform == "win32", reason="a batch file would be safe elsewhere")
def test_a_batch_file_gets_no_text_as_argument(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("narrator.engines.command.sys.platform", "win32")
    voice = Voice(name="Ada", engine="command", settings=(("command", "speak.cmd {text}"),))
    with pytest.raises(EngineError, match=r"batch file, which cannot take {text} safely"):
        speak(CommandEngine(), "Yes.", voice, Delivery())


@pytest.mark.parametrize(
    ("name", "printed", "found"),
    [
        (
            "flite",
            "Voices available: kal awb_time kal16 awb rms slt \n",
            {
                "flite kal16": (Gender.MALE, "en-US"),
                "flite awb": (Gender.MALE, "en-GB-scotland"),
                "flite rms": (Gender.MALE, "en-US"),
                "flite slt": (Gender.FEMALE, "en-US"),
            },
        ),
        (
            "say",
            "Bad News            en_US    # Hello!\nAnna                de_DE    # Guten Tag!\n",
            {"say Bad News": (Gender.UNKNOWN, "en-US"), "say Anna": (Gender.UNKNOWN, "de-DE")},
        ),
        (
            "mimic3",
            "KEY\tLANGUAGE\tNAME\nen_UK/apope_low\ten_UK\tapope_low\nde_DE/thorsten_low\tde_DE\n",
            {
                "mimic3 en_UK/apope_low": (Gender.UNKNOWN, "en-GB"),
                "mimic3 de_DE/thorsten_low": (Gender.UNKNOWN, "de-DE"),
            },
        ),
        (
            "festival",
            "(kal_diphone cmu_us_slt_arctic_hts rab_diphone)\n",
            {
                "festival kal_diphone": (Gender.MALE, "en-US"),
                "festival cmu_us_slt_arctic_hts": (Gender.FEMALE, "en-US"),
                "festival rab_diphone": (Gender.MALE, "en-GB"),
            },
        ),
        ("festival", "", {}),
    ],
)
def test_presets_list_voices(name: str, printed: str, found: dict[str, tuple[Gender, str]]) -> None:
    voices = tuple(preset_voices(name, lambda _: printed))
    assert {voice.name: (voice.gender, voice.accent) for voice in voices} == found
    assert all(voice.language == voice.accent.split("-")[0] for voice in voices)


def test_say_gets_no_commands_in_its_text(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "say"
    script.write_text(f"#!{sys.executable}\n{STAND_IN}", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    voice = Voice(name="say Alex", engine="command", settings=(("command", "say"), ("voice", "A")))
    spoken(voice, "One [[slnc 5000]] two.")
    assert program.noted()["file"] == "One [ [slnc 5000]] two."


PROGRAMS = [name for name, preset in PRESETS.items() if shutil.which(preset.program)]


@pytest.mark.skipif(not PROGRAMS, reason="neither flite, festival, mimic3 nor say is installed")
def test_the_programs_of_this_machine_speak() -> None:
    engine = CommandEngine()
    voices = engine.voices()
    assert {dict(voice.settings)["command"] for voice in voices} == set(PROGRAMS)
    for voice in voices[:8]:
        long, short = (
            speak(engine, "The ferry left at nine, and nobody waved.", voice, Delivery(rate=r))
            for r in (0.7, 1.4)
        )
        assert long.sample_rate_hz >= 8000
        assert np.max(np.abs(long.pcm.astype(int))) > 2000, voice.name
        assert 1 < len(long.pcm) / long.sample_rate_hz < 8, voice.name
        assert len(long.pcm) > 1.3 * len(short.pcm), voice.name


@pytest.mark.skipif("flite" not in PROGRAMS, reason="flite is not installed")
def test_flite_is_the_same_each_time() -> None:
    engine = CommandEngine()
    voice = next(voice for voice in engine.voices() if voice.name == "flite slt")
    texts = ("-o is an option.", '"Well," she said; `who` is $it?', "x" * 300)
    for text in texts:
        one, two = (speak(engine, text, voice, Delivery()) for _ in range(2))
        assert len(one.pcm) > 1000
        np.testing.assert_array_equal(one.pcm, two.pcm)
