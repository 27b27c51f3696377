"""What a build needs of a story: found here, or in a process of its own where it is long.

What a long book takes while its speakers are looked for would stay with this process for as long as
it speaks. So another process does that, leaves lines and takes on disk, and ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import cast as typed

from narrator.cast import voices_given
from narrator.castfile import CastFile
from narrator.choosing import choose_chapters
from narrator.cli.directing import director, sounds_for
from narrator.cli.options import warnings_of
from narrator.cli.source import Source
from narrator.cli.voicing import load_voicing
from narrator.direct import speller
from narrator.engines import EngineTables
from narrator.errors import StoryError
from narrator.ledger import Ledger, settle
from narrator.memo import remembered_texts
from narrator.model import SILENT, Book, Cast, Line, Role, Script, Take
from narrator.personal import load_personal
from narrator.selection import Selection, select_beginning, select_chapters
from narrator.spool import Spool, spool
from narrator.store import Cache, read_bytes
from narrator.story import (
    decide,
    find_script,
    load_cast_file,
    what_is_told,
)
from narrator.watch import LostError, announce, working

if TYPE_CHECKING:
    from narrator.walk import Measuring

LONG_BYTES = 600_000
"""Of a story's file: about ten hours. Less is not worth a process."""

_PATIENCE_S = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A story, and what is to be made of it."""

    story: Path
    data: bytes
    """Content of its file."""
    told: str
    """See `narrator.story.what_is_told`."""
    cast_path: Path
    cast_file: CastFile
    series: CastFile | None
    """Another book's, whose voices are kept."""
    engine_name: str | None
    tables: EngineTables
    """What the user wants of the engines."""
    selection: Selection
    cache: Cache

    @property
    def is_long(self) -> bool:
        """Whether a process of its own reads it."""
        return len(self.data) > LONG_BYTES


def errand_for(
    source: Source,
    *,
    series_path: Path | None,
    engine_name: str | None,
    selection: Selection,
    cache: Cache,
) -> Errand:
    """Read the files that a command was given.

    Raises
    ------
    ConfigError
        A cast file, or the user's own config, is missing or wrong.
    StoryError
        The story cannot be read.
    """
    story, cast_file = source.story, source.cast_file()
    data = read_bytes(story, StoryError)
    personal = load_personal()
    return Errand(
        story=story,
        data=data,
        told=what_is_told(story, cast_file, personal.attributor),
        cast_path=source.cast_path,
        cast_file=cast_file,
        series=None if series_path is None else load_cast_file(series_path, required=True),
        engine_name=engine_name,
        tables=personal.tables(),
        selection=selection,
        cache=cache,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What there is to speak."""

    book: Book
    """Without its chapters."""
    takes: Collection[Take]
    """Settled: see `narrator.ledger.settle`."""
    characters: int
    """Of all takes' texts."""
    cast: Cast
    ledger: Ledger
    warnings: tuple[str, ...]
    """For the user."""
    engine: str
    given: Mapping[str, str]
    """Who got which voice, for `narrator.memo.keep_casting`."""
    kept: Script | Spool[Script | Line]
    measuring: Measuring
    """What is known already, or being found, of the loudness of voices."""

    def script(self) -> Script:
        """The script of what is spoken; from disk, where it is there."""
        if isinstance(self.kept, Script):
            return self.kept
        head, *lines = self.kept
        return replace(typed("Script", head), lines=tuple(typed("list[Line]", lines)))


Meet = Callable[[Iterable[Role]], "Measuring"]
"""What is called with those who speak, as soon as their voices are known."""


@contextlib.contextmanager
def prepared(errand: Errand, meet: Meet | None = None) -> Iterator[Prepared]:
    """Read, attribute, cast and direct a story; what is on disk of it is removed at the end.

    `meet` is called before the story is directed, so that voices can be measured meanwhile. It is
    not called for a long story, which another process reads, nor for the minute of a preview.

    Raises
    ------
    NarratorError
        See `narrator.story.load_script`, `narrator.cli.voicing.Voicing` and
        `narrator.ledger.settle`; or the process that does it was lost.
    """
    if not errand.is_long:
        yield _prepare(errand, meet)
        return
    with errand.cache.scratch() as takes, errand.cache.scratch() as script:
        with working(1) as pool:
            try:
                found: Prepared = pool.submit(_prepare_on_disk, errand, takes, script).result()
            except LostError as exc:
                fault = f"the process that read it was lost: {exc.reason}"
                raise StoryError(f"{errand.story}: {fault}") from exc
        yield found


def _prepare_on_disk(errand: Errand, takes: Path, script: Path) -> Prepared:
    announce(_PATIENCE_S)
    found = _prepare(errand, None, lambda made: spool(made, takes))
    whole = found.script()
    return replace(found, kept=spool((replace(whole, lines=()), *whole.lines), script))


def _prepare(
    errand: Errand,
    meet: Meet | None,
    keep: Callable[[Iterable[Take]], Collection[Take]] = tuple,
) -> Prepared:
    cast_file, cache, story = errand.cast_file, errand.cache, errand.story
    voicing = load_voicing(errand.engine_name)
    whole = decide(find_script(story, cast_file, cache, data=errand.data), cast_file)
    whole = replace(whole, turns=())  # nobody asks for them once all is decided
    chosen = whole if errand.selection.chapters else choose_chapters(whole, cast_file)
    script = select_chapters(chosen, errand.selection)
    wanted = cast_file
    if errand.series is not None:
        wanted = voicing.inherit(whole, cast_file, errand.series)
    # A part of a book is read by the same voices.
    who = voicing.cast(whole, wanted, story=story, cache=cache)
    measuring: Measuring = {}
    if meet is not None and errand.selection.preview is None:
        spoken = (line for line in script.lines if line.segment.kind not in SILENT)
        measuring = meet(map(who.role_of, dict.fromkeys(line.speaker for line in spoken)))
    script, takes = _directed(errand, whole, script, who, keep)
    return Prepared(
        book=replace(script.book, chapters=()),
        takes=takes,
        characters=sum(len(take.text) for take in takes),
        cast=who,
        ledger=settle(script, takes),
        warnings=(*warnings_of(whole), *_out_of_reach(whole, who)),
        engine=voicing.engine,
        given=voices_given(whole, who, wanted),
        kept=script,
        measuring=measuring,
    )


def _out_of_reach(script: Script, who: Cast) -> Iterator[str]:
    """Wishes of the user for a pitch that the voice will not have."""
    names = {character.id: character.name for character in script.characters}
    for role in (who.narrator, *who.roles):
        wanted = role.delivery.pitch_semitones
        if wanted and "pitch" not in role.voice.controls:
            from narrator.engines.pitch import shift_of

            if (got := shift_of(role.voice, role.delivery)) != wanted:
                name = names.get(role.character, "the narrator")
                yield (
                    f"{name}: the voice {role.voice.name!r} cannot be moved by {wanted:g} "
                    f"semitones, and is moved by {got:g}"
                )


def _directed(
    errand: Errand,
    whole: Script,
    script: Script,
    who: Cast,
    keep: Callable[[Iterable[Take]], Collection[Take]],
) -> tuple[Script, Collection[Take]]:
    """The takes of `script`, and the part of it that they are of where only its beginning is."""
    cast_file, preview = errand.cast_file, errand.selection.preview
    words = f"{errand.told} {whole.book.language} {cast_file.normalise}"
    spelling = remembered_texts(
        errand.cache, errand.data, words, speller(whole, cast_file.normalise)
    )
    with spelling as spell:
        sounds = sounds_for(script, cast_file, errand.cast_path, errand.cache)
        takes_of = director(whole, who, cast_file, spell, sounds=sounds)
        if preview is not None:
            script = select_beginning(script, tuple(takes_of(script)), preview)
        return script, keep(takes_of(script))
