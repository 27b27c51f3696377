"""The text half in one call: a story's path to its script, as the cast file corrects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from narrator.attribute.registry import DEFAULT_ATTRIBUTOR, attributor_key, load_attributor
from narrator.cast import apply_decisions, unknown_characters
from narrator.castfile import CastFile, read_cast_file
from narrator.corrections import apply_corrections
from narrator.errors import ConfigError, StoryError
from narrator.given import unheeded_speakers, with_speakers
from narrator.ledger import check_segments
from narrator.markup import (
    sayings_of,
    with_markup_lines,
)
from narrator.memo import recall_script, remembered_script
from narrator.mismarks import unheeded_marks, unknown_sounds
from narrator.model import NARRATOR, Book, Script, Segment, SegmentKind
from narrator.personal import lexicon_path, load_personal
from narrator.pronounce import Lexicon, Saying, lexicon_of, read_sayings
from narrator.pronounce.entries import read_lexicon_file
from narrator.store import Cache, exists, read_bytes

_SPOKEN = (
    SegmentKind.NARRATION,
    SegmentKind.DIALOGUE,
    SegmentKind.THOUGHT,
    SegmentKind.HEADING,
)


def load_script(path: Path, cast_file: CastFile, cache: Cache | None = None) -> Script:
    """Read, segment and attribute the story at `path`, and apply the user's decisions.

    See `find_script`.
    """
    return decide(find_script(path, cast_file, cache), cast_file)


def find_script(
    path: Path, cast_file: CastFile, cache: Cache | None = None, *, data: bytes | None = None
) -> Script:
    """Read, segment and attribute the story at `path`: the script before any decision.

    What was found before is taken from `cache`, where one is given. `data` is the content of the
    file, where that has been read already.

    Raises
    ------
    StoryError
        The file is missing, empty, binary, or holds nothing to speak; or the attributor that the
        user chose failed.
    ConfigError
        There is no attributor of the name in the user's own config.
    LedgerError
        The segments do not account for every character of the text.
    """
    content = read_bytes(path, StoryError) if data is None else data
    attributor = load_personal().attributor
    told = what_is_told(path, cast_file, attributor)
    return remembered_script(
        cache, content, told, lambda: _attributed(_parted(path, content, cast_file), attributor)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A story that can be begun while it is not yet known who says what in it."""

    script: Script | None
    """As `find_script` gives it; what others than the narrator say has no speaker where that is
    not known. None where it may be another in all: somebody else's attributor may do as it likes,
    and the author's marks say who speaks."""
    is_whole: bool
    """Whether it is known."""
    finish: Callable[[], Script]
    """What `find_script` gives, and raises."""


def begin_script(path: Path, cast_file: CastFile, cache: Cache | None = None) -> Beginning:
    """What `find_script` finds in a fraction of its time.

    Raises
    ------
    StoryError, LedgerError
        See `find_script`.
    """
    data = read_bytes(path, StoryError)
    attributor = load_personal().attributor
    told = what_is_told(path, cast_file, attributor)
    if (script := recall_script(cache, data, told)) is not None:
        return Beginning(script=script, is_whole=True, finish=lambda: script)
    from narrator.attribute.untold import read_by_narrator

    parted = _parted(path, data, cast_file)
    is_free = attributor != DEFAULT_ATTRIBUTOR or cast_file.reading.markup
    return Beginning(
        script=None if is_free else read_by_narrator(parted.book, parted.segments),
        is_whole=False,
        finish=lambda: remembered_script(
            cache, data, told, lambda: _attributed(parted, attributor)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parted:
    book: Book
    segments: tuple[Segment, ...]
    marked: Book | None
    """With the author's marks, where they are obeyed."""


def _parted(path: Path, data: bytes, cast_file: CastFile) -> _Parted:
    # Not needed where the script is remembered, and a fifth of the time that this takes then.
    from narrator.read import read_book
    from narrator.segment import segment
    from narrator.weave import read_marked

    marked = None
    if cast_file.reading.markup:
        marked, book = read_marked(data, name=path.name, options=cast_file.options)
        marked = replace(marked, language=cast_file.language or marked.language)
    else:
        book = read_book(data, name=path.name, options=cast_file.options)
    book = replace(book, language=cast_file.language or book.language)
    segments = segment(book)
    check_segments(book, segments)
    if not any(s.kind in _SPOKEN for s in segments):
        raise StoryError(f"{path}: there is nothing in it to speak")
    return _Parted(book=book, segments=segments, marked=marked)


def _attributed(parted: _Parted, attributor: str) -> Script:
    from narrator.attribute.traits import with_traits
    from narrator.attribute.untold import knows_language, read_by_narrator

    if attributor == DEFAULT_ATTRIBUTOR and not knows_language(parted.book.language):
        script = read_by_narrator(parted.book, parted.segments)
    else:
        script = with_traits(load_attributor(attributor)(parted.book, parted.segments))
    if parted.marked is None:
        return script
    script = with_speakers(with_markup_lines(script, parted.marked))
    check_segments(parted.marked, [line.segment for line in script.lines])
    return script


def what_is_told(path: Path, cast_file: CastFile, attributor: str) -> str:
    """All that decides the script of a story but the file's content (see `narrator.memo`).

    `attributor` is the one that the user chose (`Personal.attributor`).
    """
    key = attributor_key(attributor)
    return f"{path.name} {cast_file.options} {cast_file.language} {key}"


def decide(script: Script, cast_file: CastFile) -> Script:
    """Apply the user's decisions to what was found in a story: who is who, then line by line."""
    decided = apply_corrections(apply_decisions(script, cast_file), cast_file)
    warnings = (*decided.warnings, *unknown_characters(script, decided, cast_file))
    if cast_file.reading.markup:
        known = [*load_personal().sounds, *cast_file.sounds]
        warnings += (*unheeded_marks(decided), *unheeded_speakers(decided))
        warnings += unknown_sounds(decided, known)
    return replace(decided, warnings=warnings)


def load_lexicon(script: Script, cast_file: CastFile) -> Lexicon:
    """How the words of a story are said: by the user's own lexicon, and by the cast file.

    Raises
    ------
    ConfigError
        An entry cannot be said; the message names file and line.
    """
    language = script.book.language.split("-")[0].lower() or "en"
    document = cast_file.document
    ids = {character.name: character.id for character in script.characters}
    by_speaker = {
        speaker: read_sayings(document, (*where, "pronounce"), part.pronounce)
        for speaker, where, part in (
            (NARRATOR, ("narrator",), cast_file.narrator),
            *((ids.get(n, n), ("characters", n), p) for n, p in cast_file.characters.items()),
        )
        if part.pronounce
    }
    return lexicon_of(
        *_own_sayings(language),
        sayings_of(script),
        *cast_file_sayings(cast_file, language),
        by_speaker=by_speaker,
        language=language,
        heteronyms=cast_file.normalise.heteronyms,
    )


def cast_file_sayings(
    cast_file: CastFile, language: str
) -> tuple[Mapping[str, Saying], Mapping[str, Saying]]:
    """What a cast file says for every language, and for this one, which counts before it.

    Raises
    ------
    ConfigError
        An entry cannot be said; the message names file and line.
    """
    document = cast_file.document
    key, own = cast_file.words_of(language)
    return (
        read_sayings(document, ("pronounce",), cast_file.words),
        read_sayings(document, ("pronounce", key), own),
    )


def load_own_lexicon(language: str) -> Lexicon:
    """How words are said that are of no story: by the user's own lexicon alone.

    Raises
    ------
    ConfigError
        An entry cannot be said; the message names file and line.
    """
    base = language.split("-")[0].lower() or "en"
    return lexicon_of(*_own_sayings(base), language=base)


def _own_sayings(language: str) -> tuple[Mapping[str, Saying], Mapping[str, Saying]]:
    """What the user's own lexicon says for every language, and for this one."""
    if not exists(path := lexicon_path()):
        return {}, {}
    own = read_lexicon_file(read_bytes(path, ConfigError), str(path))
    return own.get("any", {}), own.get(language, {})


def cast_path_of(story: Path) -> Path:
    """``<story>.cast.toml`` beside the story."""
    return story.parent / f"{story.stem}.cast.toml"


def load_cast_file(path: Path, *, required: bool) -> CastFile:
    """Read the cast file at `path`; an empty one where there is none and it is not required.

    Raises
    ------
    ConfigError
        It is required and missing, or something in it is wrong.
    """
    if not required and not exists(path):
        return CastFile()
    return read_cast_file(read_bytes(path, ConfigError), str(path))


_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def load_cover(cast_path: Path, cast_file: CastFile) -> bytes | None:
    """The picture that a cast file names as the cover; None where it names none.

    Raises
    ------
    ConfigError
        It is missing, or neither JPEG nor PNG; the message gives the line.
    """
    if cast_file.cover is None or cast_file.document is None:
        return None
    path = cast_path.parent / Path(cast_file.cover).expanduser()
    try:
        data = read_bytes(path, ConfigError)
    except ConfigError as exc:
        raise cast_file.document.error(("cover",), f"cover: {exc}") from exc
    if not data.startswith(_PICTURES):
        raise cast_file.document.error(("cover",), f"cover: {path} is neither a JPEG nor a PNG")
    return data
