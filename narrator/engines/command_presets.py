"""Programs that the engine `command` knows by name, and how to ask each for its voices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from narrator.model import Gender, Voice

_FEMALE, _MALE = Gender.FEMALE, Gender.MALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How one program is called."""

    program: str
    template: str
    lister: tuple[str, ...]
    """The command that prints the program's voices."""
    listed: Callable[[str], Iterator[tuple[str, str]]]
    """What it prints -> the name and the BCP 47 language of each voice."""
    harmless: tuple[tuple[str, str], ...] = ()
    """Marks in a text that the program would obey, and what is spoken instead."""


_KNOWN: Mapping[str, tuple[Gender, str]] = {
    # The CMU Arctic and diphone voices, as their documentation has them.
    "kal": (_MALE, "en-US"),
    "ked": (_MALE, "en-US"),
    "don": (_MALE, "en-GB"),
    "rab": (_MALE, "en-GB"),
    "awb": (_MALE, "en-GB-scotland"),
    "bdl": (_MALE, "en-US"),
    "jmk": (_MALE, "en-CA"),
    "ksp": (_MALE, "en-IN"),
    "rms": (_MALE, "en-US"),
    "clb": (_FEMALE, "en-US"),
    "slt": (_FEMALE, "en-US"),
    "el": (_FEMALE, "es"),
}


def preset_voices(name: str, run: Callable[[Sequence[str]], str]) -> Iterator[Voice]:
    """The voices that a preset's program has on this machine.

    Parameters
    ----------
    name
        Of the preset.
    run
        Gives what a command prints.
    """
    preset = PRESETS[name]
    for rank, (own, language) in enumerate(preset.listed(run(preset.lister))):
        gender, accent = _described(own, language)
        yield Voice(
            name=f"{name} {own}",
            engine="command",
            gender=gender,
            accent=accent,
            language=(language or accent or "en").split("-")[0],
            rank=50 + min(rank, 900),
            controls=("rate",),
            settings=(("command", name), ("voice", own)),
        )


def _described(own: str, language: str) -> tuple[Gender, str]:
    for part in re.split(r"[^a-z]+", own.lower()):
        if part in _KNOWN:
            gender, accent = _KNOWN[part]
            return gender, language or accent
    return Gender.UNKNOWN, language


def _flite(printed: str) -> Iterator[tuple[str, str]]:
    """``Voices available: kal awb_time kal16 awb rms slt``."""
    for own in printed.partition(":")[2].split():
        # The first can tell the time and nothing else, the second is the third at 8 kHz.
        if own not in {"awb_time", "kal"}:
            yield own, ""


def _say(printed: str) -> Iterator[tuple[str, str]]:
    """``Bad News            en_US    # Hello!``, a line for each."""
    for line in printed.splitlines():
        if found := re.match(r"(.+?)\s+([a-z]{2,3})[_-](\w+)\s+#", line):
            own, language, region = found.groups()
            yield own, f"{language}-{region}"


def _mimic3(printed: str) -> Iterator[tuple[str, str]]:
    """Columns, parted by tabs, under a head: the key (``en_UK/apope_low``) comes first."""
    for line in printed.splitlines():
        if found := re.match(r"(([a-z]{2,3})_([A-Za-z]+)/\S+)", line):
            own, language, region = found.groups()
            yield own, f"{language}-{'GB' if region == 'UK' else region}"


def _festival(printed: str) -> Iterator[tuple[str, str]]:
    """``(kal_diphone cmu_us_slt_arctic_hts)``."""
    for own in printed.strip().strip("()").split():
        if re.fullmatch(r"[A-Za-z]\w*", own):
            yield own, ""


PRESETS: Mapping[str, Preset] = {
    "flite": Preset(
        program="flite",
        template="flite --setf duration_stretch={length} -voice {voice} -o {out} -t {text}",
        lister=("flite", "-lv"),
        listed=_flite,
    ),
    "say": Preset(
        program="say",
        template="say -v {voice} -r {wpm} --file-format=WAVE --data-format=LEI16@22050 -o {out} "
        "-f {textfile}",
        lister=("say", "-v", "?"),
        listed=_say,
        harmless=(("[[", "[ ["),),
    ),
    "mimic3": Preset(
        program="mimic3",
        template="mimic3 --voice {voice} --length-scale {length} --stdout",
        lister=("mimic3", "--voices"),
        listed=_mimic3,
    ),
    "festival": Preset(
        program="text2wave",
        template="text2wave -eval '(begin (voice_{voice}) (Parameter.set (quote Duration_Stretch) "
        "{length}))' -o {out} {textfile}",
        lister=("festival", "-b", "(print (voice.list))"),
        listed=_festival,
    ),
}
"""By name. Those of mimic3 and say were tried against stand-ins only."""
