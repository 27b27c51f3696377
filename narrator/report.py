"""The report that lies beside every audiobook: where each character of the source went.

Schema
------
``<audiobook>.report.json`` is one JSON object, the same for the same book:

- ``format``: 1.
- ``title``, ``audiobook`` (file name), ``length_s``.
- ``source``: code points of the whole decoded text. It is the sum of ``narrator``, ``cast``,
  ``sounds``, ``skipped``, ``unpronounceable`` and ``left_out``, and so is each chapter's.
- ``narrator``: code points that the narrator speaks.
- ``cast``, ``voices``: {name: code points}; every voice counts, the narrator's too.
- ``sounds``: code points of marks of the author's for which a sound is heard.
- ``skipped``: {reason: code points}.
- ``unpronounceable``: code points of sentences of which the engine pronounced nothing.
- ``left_out``: those that could not be spoken (``--keep-going``).
- ``changed``: {rule: {``places``, ``characters``}}, what is put into other words; under
  ``pronounce``, what is said by a lexicon, respelt or in phonemes.
- ``chapters``: for each, ``number``, ``title``, ``start_s`` (null where nothing of it is spoken),
  all the sums above, and with their place in its text

  - ``heard``: [{``start``, ``end``, ``sound``, ``start_s``, ``length_s``}], the sounds
  - ``skips``: [{``start``, ``end``, ``reason``, ``text``}]
  - ``silent``: [{``start``, ``end``, ``why``, ``text``}]
  - ``changes``: [{``rule``, ``written``, ``spoken``, ``times``}]

- ``warnings``: [{``kind``, ``message``, ``chapter``, ``start``}], see `narrator.concerns.Concern`;
  chapters are numbered from 1 here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from narrator.concerns import Concern, clip_concerns, script_concerns
from narrator.errors import LedgerError
from narrator.ledger import check_timeline, settle
from narrator.model import NARRATOR, SILENT, Script, Take, Timeline
from narrator.pronounce.lexicon import RULE as PRONOUNCED

LEFT_OUT, NO_VOICE = "left out", "no voice"
_OF_WHOLE_BOOKS = frozenset({"no_speech", "speaks_once"})
_MOST_TEXT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the code points of a chapter, or of a book, went."""

    source: int = 0
    narrator: int = 0
    cast: Counter[str] = field(default_factory=Counter)
    """By name of the character."""
    voices: Counter[str] = field(default_factory=Counter)
    sounds: int = 0
    """Of marks for which a sound is heard."""
    skipped: Counter[str] = field(default_factory=Counter)
    """By reason."""
    unpronounceable: int = 0
    left_out: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    """Code points put into other words, by rule: they are counted above too."""
    places: Counter[str] = field(default_factory=Counter)
    """In how many places, by rule."""

    @property
    def told(self) -> int:
        """Code points that are accounted for."""
        parts = (self.narrator, self.sounds, self.unpronounceable, self.left_out)
        return sum(parts) + self.cast.total() + self.skipped.total()

    def __add__(self, other: Account) -> Account:
        return Account(
            source=self.source + other.source,
            narrator=self.narrator + other.narrator,
            cast=self.cast + other.cast,
            voices=self.voices + other.voices,
            sounds=self.sounds + other.sounds,
            skipped=self.skipped + other.skipped,
            unpronounceable=self.unpronounceable + other.unpronounceable,
            left_out=self.left_out + other.left_out,
            changed=self.changed + other.changed,
            places=self.places + other.places,
        )

    def as_json(self) -> dict[str, Any]:
        """Its part of the report."""
        return {
            "source": self.source,
            "narrator": self.narrator,
            "cast": _ranked(self.cast),
            "voices": _ranked(self.voices),
            "sounds": self.sounds,
            "skipped": _ranked(self.skipped),
            "unpronounceable": self.unpronounceable,
            "left_out": self.left_out,
            "changed": {
                rule: {"places": self.places[rule], "characters": count}
                for rule, count in _ranked(self.changed).items()
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A book's account, chapter by chapter, and what may be wrong with it."""

    script: Script
    takes: tuple[Take, ...]
    timeline: Timeline
    chapters: tuple[Account, ...]
    silent: Mapping[int, str]
    """Takes, by index, that have no sound, and why."""
    concerns: tuple[Concern, ...]

    @property
    def whole(self) -> Account:
        """The book's account."""
        return sum(self.chapters, Account())


def account_for(
    script: Script,
    takes: Sequence[Take],
    timeline: Timeline,
    *,
    mute: Sequence[Take] = (),
    missing: Sequence[Take] = (),
    suspect: Sequence[tuple[Take, str]] = (),
    partial: bool = False,
) -> Report:
    """Account for every code point of a book's source, and look for what a listener would mind.

    Parameters
    ----------
    mute, missing, suspect
        See `narrator.build.Built`.
    partial
        Only a part of the book is spoken, so that who speaks once in it says nothing.

    Raises
    ------
    LedgerError
        Some text is neither spoken once nor skipped with a reason, or the timeline does not hold
        every take once, in order. The message names the place.
    """
    settle(script, takes)
    check_timeline(takes, timeline)
    unspoken = {(take.chapter, take.span) for take in missing}
    mutes = {(take.text, take.voice, take.delivery) for take in mute}
    quiet: dict[int, str] = {}
    for index, take in enumerate(takes):
        if (take.chapter, take.span) in unspoken:
            quiet[index] = LEFT_OUT
        elif (take.text, take.voice, take.delivery) in mutes:
            quiet[index] = NO_VOICE
    chapters = _accounts(script, takes, quiet)
    for chapter, account in zip(script.book.chapters, chapters, strict=True):
        if account.told != account.source:
            raise LedgerError(
                f"chapter {chapter.index + 1}: {account.told:,} of {account.source:,} characters "
                "are accounted for. This is a fault of Narrator"
            )
    concerns = (
        *(c for c in script_concerns(script) if not (partial and c.kind in _OF_WHOLE_BOOKS)),
        *clip_concerns(script.book, takes, timeline, quiet=frozenset(quiet)),
        *_sound_concerns(script, suspect, [(takes[i], why) for i, why in quiet.items()]),
    )
    return Report(
        script=script,
        takes=tuple(takes),
        timeline=timeline,
        chapters=chapters,
        silent=quiet,
        concerns=concerns,
    )


def _accounts(
    script: Script, takes: Sequence[Take], quiet: Mapping[int, str]
) -> tuple[Account, ...]:
    names = {character.id: character.name for character in script.characters}
    accounts = [Account(source=len(chapter.text)) for chapter in script.book.chapters]
    sounding = {take.segment for take in takes if take.sound is not None}
    for index, line in enumerate(script.lines):
        segment = line.segment
        if index not in sounding and segment.kind in SILENT:
            reason = segment.skip_reason or "scene break"
            accounts[segment.chapter].skipped[reason] += len(segment.span)
    for index, take in enumerate(takes):
        account, count = accounts[take.chapter], len(take.span)
        for change in take.changes:
            account.changed[change.rule] += len(change.source)
            account.places[change.rule] += 1
        for word in take.phonemes:
            account.changed[PRONOUNCED] += len(word.span)
            account.places[PRONOUNCED] += 1
        if (why := quiet.get(index)) is not None:
            if why == LEFT_OUT:
                account = replace(account, left_out=account.left_out + count)
            else:
                account = replace(account, unpronounceable=account.unpronounceable + count)
            accounts[take.chapter] = account
            continue
        if take.sound is not None:
            accounts[take.chapter] = replace(account, sounds=account.sounds + count)
            continue
        account.voices[take.voice.name] += count
        if take.speaker == NARRATOR:
            accounts[take.chapter] = replace(account, narrator=account.narrator + count)
        else:
            account.cast[names.get(take.speaker, take.speaker)] += count
    return tuple(accounts)


def _sound_concerns(
    script: Script, suspect: Sequence[tuple[Take, str]], silent: Sequence[tuple[Take, str]]
) -> list[Concern]:
    found = []
    kinds = {NO_VOICE: "no_voice", LEFT_OUT: "left_out"}
    for take, why in (*silent, *suspect):
        kind = kinds.get(why, "suspect_sound")
        fault = {"no_voice": "no voice for", "left_out": "left out"}.get(kind, "suspect sound of")
        reason = f": {why}" if kind == "suspect_sound" else ""
        place = script.book.place_of(take.chapter, take.span.start)
        found.append(
            Concern(
                kind=kind,
                message=f"{place}: {fault} “{take.shown[:60]}”{reason}",
                chapter=take.chapter,
                start=take.span.start,
            )
        )
    return found


def report_to_json(report: Report, *, title: str, audiobook: str) -> str:
    """The report as the text of its file."""
    timeline, book = report.timeline, report.script.book
    rate = timeline.sample_rate_hz
    starts: dict[int, float] = {}
    for cue in timeline.cues:
        starts.setdefault(report.takes[cue.take].chapter, round(cue.start / rate, 3))
    details = _details(report)
    value = {
        "format": 1,
        "title": title,
        "audiobook": audiobook,
        "length_s": round(timeline.frames / rate, 3),
        **report.whole.as_json(),
        "chapters": [
            {
                "number": chapter.index + 1,
                "title": chapter.title,
                "start_s": starts.get(chapter.index),
                **account.as_json(),
                **details[chapter.index],
            }
            for chapter, account in zip(book.chapters, report.chapters, strict=True)
        ],
        "warnings": [
            {
                "kind": concern.kind,
                "message": concern.message,
                "chapter": None if concern.chapter is None else concern.chapter + 1,
                "start": concern.start,
            }
            for concern in report.concerns
        ],
    }
    return json.dumps(value, indent=1) + "\n"


def _details(report: Report) -> list[dict[str, Any]]:
    texts = [chapter.text for chapter in report.script.book.chapters]
    skips: list[list[dict[str, Any]]] = [[] for _ in texts]
    silent: list[list[dict[str, Any]]] = [[] for _ in texts]
    changes: list[Counter[tuple[str, str, str]]] = [Counter() for _ in texts]
    heard = _sounds_heard(report)
    sounding = {take.segment for take in report.takes if take.sound is not None}
    for index, line in enumerate(report.script.lines):
        segment = line.segment
        if segment.skip_reason is not None and index not in sounding:
            text = segment.span.of(texts[segment.chapter])
            place = {"start": segment.span.start, "end": segment.span.end}
            skips[segment.chapter].append(
                {**place, "reason": segment.skip_reason, "text": _short(text)}
            )
    for index, take in enumerate(report.takes):
        text = texts[take.chapter]
        if index in report.silent:
            place = {"start": take.span.start, "end": take.span.end}
            silent[take.chapter].append(
                {**place, "why": report.silent[index], "text": _short(take.span.of(text))}
            )
        for change in take.changes:
            key = (change.rule, change.source.of(text), change.spoken.of(take.text))
            changes[take.chapter][key] += 1
        for word in take.phonemes:
            said = word.native or f"/{word.ipa}/"
            changes[take.chapter][PRONOUNCED, word.span.of(take.text), said] += 1
    return [
        {
            "heard": heard[index],
            "skips": skips[index],
            "silent": silent[index],
            "changes": [
                {"rule": rule, "written": written, "spoken": said, "times": times}
                for (rule, written, said), times in sorted(changes[index].items())
            ],
        }
        for index in range(len(texts))
    ]


def _sounds_heard(report: Report) -> list[list[dict[str, Any]]]:
    rate = report.timeline.sample_rate_hz
    heard: list[list[dict[str, Any]]] = [[] for _ in report.script.book.chapters]
    for cue in report.timeline.cues:
        take = report.takes[cue.take]
        if take.sound is not None and cue.take not in report.silent:
            place = {"start": take.span.start, "end": take.span.end, "sound": take.sound.name}
            start_s, length_s = cue.start / rate, (cue.end - cue.start) / rate
            times = {"start_s": round(start_s, 3), "length_s": round(length_s, 3)}
            heard[take.chapter].append({**place, **times})
    return heard


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_TEXT else f"{line[: _MOST_TEXT - 1]}…"
