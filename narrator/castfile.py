"""The cast file: what the program proposes and the user decides, as TOML.

The file is the user's: `narrator.castwrite` adds to it, and changes proposals when told to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from narrator.config import (
    NOT_A_KEY,
    Document,
    PauseConfig,
    check_ranges,
    nearest,
    parse_toml,
    ranged,
    read_table,
)
from narrator.direction import DirectionConfig
from narrator.model import NARRATOR, Age, Delivery, Gender
from narrator.normalise import NormaliseConfig
from narrator.pronounce.entries import check_languages
from narrator.read.header import language_tag
from narrator.read.options import Limits, Options, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a cast file says of the narrator or of one character."""

    voice: str | None = None
    """A `Voice.name`; None lets the program choose."""
    rate: float = field(default=1.0, metadata=ranged(0.4, 2.5))
    """Factor on the voice's speed, 0.4 to 2.5."""
    pitch: float = field(default=0.0, metadata=ranged(-12, 12))
    """Semitones, −12 to 12."""
    volume: float = field(default=0.0, metadata=ranged(-20, 10))
    """Decibels, −20 to 10."""
    aliases: tuple[str, ...] = ()
    """Other names of this character; a character found under one of them is merged into this."""
    gender: Gender | None = None
    """Else what the story tells."""
    age: Age | None = None
    """Else what the story tells."""
    accent: str | None = None
    """Of the voice that is looked for, as `narrator voices` has it: en-IE, scottish; else what the
    story tells, and "" for none."""
    same_as: str | None = None
    """Another character in this file: this one is the same person, and speaks as that one."""
    lock: bool = False
    """Whether the voice is settled: `narrator cast --interactive` does not swap it by the way."""
    pronounce: Mapping[str, str] = field(default_factory=dict)
    """How this one says words, where that is another way than everybody's."""
    note: str | None = None
    """For yourself; Narrator does nothing with it."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def delivery(self) -> Delivery:
        """The part's own way of speaking."""
        return Delivery(rate=self.rate, pitch_semitones=self.pitch, gain_db=self.volume)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """``[[lines]]``: who says one line of the story, known again by its words and its place."""

    text: str
    """The words of the line; of a long one the first, with … at the end."""
    speaker: str
    """A name in this file, a new one, or ``"narrator"``."""
    before: str = ""
    """The words right before it in the story."""
    after: str = ""
    """The words right after it."""
    chapter: int | None = field(default=None, metadata=ranged(1, 1_000_000))
    """Number of its chapter, from 1."""
    nth: int | None = field(default=None, metadata=ranged(1, 1_000_000))
    """Which one it is, from 1, of the lines with the same words in its chapter; left out where no
    other line has them."""

    def __post_init__(self) -> None:
        check_ranges(self)
        for key in ("text", "speaker"):
            if not getattr(self, key).strip():
                raise ValueError(f"{key} is empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterChoice:
    """``[chapters]``: which chapters are read. Each by its number, from 1, or by its title."""

    include: tuple[str | int, ...] = ()
    """Only these; empty: all."""
    exclude: tuple[str | int, ...] = ()
    """All but these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """An entry of ``[sounds]``: a file, and how much of it is heard how loud."""

    file: str
    """Beside this file unless its path is absolute; of any kind that holds sound."""
    volume: float = field(default=0.0, metadata=ranged(-40, 12))
    """Decibels: 0 is about as loud as a voice. −40 to 12."""
    seconds: float | None = field(default=None, metadata=ranged(0.1, 60))
    """How much of its beginning is played, 0.1 to 60; left out: all of it."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CastFile:
    """A cast file's content. The default is that of a file which does not exist.

    Every field but `document` is a key of the file, and a field whose type is a dataclass is a
    section of it: `read_table` reads and checks it, and `narrator cast --example` and `--schema`
    explain it by the strings after its fields. To add a section, add a field here; give it
    ``metadata={"example": "rows of TOML"}`` where its defaults show nothing.
    """

    title: str | None = None
    """Of the audiobook; else what the story says."""
    author: str | None = None
    year: str | int | None = None
    series: str | None = None
    comment: str | None = None
    """A line that players show."""
    description: str | None = None
    """What the book is about, for players and shops."""
    genre: str | None = None
    read_by: str | None = None
    """Who reads it, as players show it; else the narrator's voice."""
    language: str | None = None
    """Of the story, as a tag: en, de, fr-FR; else what the story says, or what it looks like."""
    cover: str | None = None
    """A JPEG or PNG file, beside this file unless its path is absolute."""
    narrator: Part = field(default_factory=Part)
    """Who reads all that is not a character's own words."""
    characters: Mapping[str, Part] = field(default_factory=dict)
    """Everyone who speaks, by name."""
    lines: tuple[Correction, ...] = ()
    """Lines whose speaker was decided one by one, with `narrator review` or by hand."""
    chapters: ChapterChoice = field(
        default_factory=ChapterChoice,
        metadata={"example": 'include = []\nexclude = ["Preface", 14]\n'},
    )
    """Which chapters are read; `narrator chapters` lists them."""
    pauses: PauseConfig = field(default_factory=PauseConfig)
    """Silence after what is spoken, in milliseconds."""
    pronounce: Mapping[str, str | Mapping[str, str]] = field(
        default_factory=dict,
        metadata={
            "example": 'Thrupp = "throop"\n"St. Malo" = "san mahlo /sæn mɑːˈloʊ/"\n'
            'de = { Thrupp = "/θruːp/" }'
        },
    )
    """How words are said: a respelling ("throop"), IPA ("/θruːp/"), or the phonemes of the voice's
    own engine ("[[Tr'u:p]]"); IPA may follow a respelling, for voices that take none. A word in
    small letters is also found with a capital. A table of words under the tag of a language counts
    in a story of that language alone, before the others."""
    sounds: Mapping[str, str | SoundFile] = field(
        default_factory=dict,
        metadata={
            "example": 'door = "sounds/door.wav"\n'
            'thunder = { file = "thunder.mp3", volume = -6, seconds = 4 }'
        },
    )
    """What sounds where the story says `{sound door}` (with `markup` under `[reading]`): an audio
    file, beside this file unless its path is absolute; `volume` in decibels, 0 about as loud as a
    voice; `seconds` of its beginning. At most a minute of each is played."""
    direction: DirectionConfig = field(default_factory=DirectionConfig)
    """Whether, and how much, lines are spoken as the story says: whispered, shouted."""
    normalise: NormaliseConfig = field(default_factory=NormaliseConfig)
    """What is put into words before it is spoken."""
    reading: Reading = field(default_factory=Reading)
    """What is read of that which is not the story itself."""
    limits: Limits = field(default_factory=Limits)
    """What no book exceeds, so that a broken or hostile file costs little."""
    document: Document | None = field(default=None, metadata=NOT_A_KEY)
    """Where it was read from, for messages."""

    @property
    def options(self) -> Options:
        """What the story's reader is told."""
        return Options(reading=self.reading, limits=self.limits)

    @property
    def words(self) -> dict[str, str]:
        """How words are said whatever the language."""
        return {word: said for word, said in self.pronounce.items() if isinstance(said, str)}

    def words_of(self, language: str) -> tuple[str, Mapping[str, str]]:
        """The key of a language's own words, and how they are said; empty where there are none.

        `language` is a BCP 47 tag; its first part counts.
        """
        base = language.split("-")[0].lower()
        for key, table in self.pronounce.items():
            if not isinstance(table, str) and key.split("-")[0].lower() == base:
                return key, table
        return "", {}

    @property
    def year_text(self) -> str | None:
        """The year, which may be written as a number."""
        return None if self.year is None else str(self.year)


def read_cast_file(data: bytes, name: str) -> CastFile:
    """Read a cast file.

    Raises
    ------
    ConfigError
        It is not TOML, or holds an unknown key or an impossible value; the message gives the line.
    """
    document = parse_toml(data, name)
    content = read_table(document, (), document.root, CastFile)
    _check_aliases(document, content.narrator, content.characters)
    check_languages(document, content.pronounce)
    language = content.language and language_tag(content.language)
    if content.language is not None and not language:
        raise document.error(
            ("language",), f"{content.language!r} is no language: give its tag, such as 'en'"
        )
    return replace(content, document=document, language=language)


def files_of(cast_file: CastFile, folder: Path) -> tuple[Path, ...]:
    """The files that a cast file in `folder` names: its cover and its sounds."""
    names = [sound if isinstance(sound, str) else sound.file for sound in cast_file.sounds.values()]
    names += [cast_file.cover] if cast_file.cover else []
    return tuple(folder / Path(name).expanduser() for name in names)


def without_voices(cast_file: CastFile, names: Collection[str | None]) -> CastFile:
    """The cast file as if it named no voice for these characters; None is the narrator."""

    def free(name: str | None, part: Part) -> Part:
        return replace(part, voice=None) if name in names else part

    return replace(
        cast_file,
        narrator=free(None, cast_file.narrator),
        characters={name: free(name, part) for name, part in cast_file.characters.items()},
    )


def merged_names(narrator: Part, characters: Mapping[str, Part]) -> dict[str, str]:
    """Who each other name stands for: aliases and ``same_as``, by folded name.

    `NARRATOR` stands for the narrator.
    """
    found = {alias.casefold(): NARRATOR for alias in narrator.aliases}
    for name, part in characters.items():
        found.update((alias.casefold(), name) for alias in part.aliases)
    for name, part in characters.items():
        if part.same_as is not None:
            found[name.casefold()] = _entry_named(part.same_as, characters)
    return found


def settled_name(name: str, stands_for: Mapping[str, str]) -> str:
    """Follow `merged_names` from a name to the last one that it leads to."""
    for _ in range(len(stands_for)):
        following = stands_for.get(name.casefold(), name)
        if following.casefold() == name.casefold():
            return following
        name = following
    return name


def _entry_named(name: str, characters: Mapping[str, Part]) -> str:
    """An entry's own name, whatever the case; `NARRATOR` for the narrator."""
    wanted = name.casefold()
    own = next((entry for entry in characters if entry.casefold() == wanted), None)
    return own or (NARRATOR if wanted == NARRATOR else name)


def _check_aliases(document: Document, narrator: Part, characters: Mapping[str, Part]) -> None:
    owner: dict[str, str] = {}
    owner.update((alias.casefold(), "the narrator") for alias in narrator.aliases)
    for name, part in characters.items():
        for alias in part.aliases:
            other = owner.setdefault(alias.casefold(), name)
            if other != name:
                raise document.error(
                    ("characters", name, "aliases"),
                    f"{alias!r} is an alias of both {other!r} and {name!r}: remove one",
                )
    stands_for = merged_names(narrator, characters)
    for name, part in characters.items():
        _check_same_as(document, name, part, characters, owner)
        seen, at = {name.casefold()}, stands_for.get(name.casefold(), name)
        while at.casefold() != name.casefold() and at.casefold() in stands_for:
            if at.casefold() in seen:
                break
            seen.add(at.casefold())
            at = stands_for[at.casefold()]
        if len(seen) > 1 and at.casefold() in seen:
            key = "same_as" if part.same_as is not None else "aliases"
            first = stands_for[name.casefold()]
            raise document.error(
                ("characters", name, key),
                f"{name!r} and {first!r} are merged in a circle: remove one of the {key}",
            )


def _check_same_as(
    document: Document,
    name: str,
    part: Part,
    characters: Mapping[str, Part],
    owner: Mapping[str, str],
) -> None:
    if part.same_as is None:
        return
    path = ("characters", name, "same_as")
    target = _entry_named(part.same_as, characters)
    if target == name:
        raise document.error(path, f"{name!r} cannot be the same as itself: name another character")
    if target != NARRATOR and target not in characters:
        known = ", ".join(other for other in characters if other != name)
        hint = nearest(part.same_as, [other for other in characters if other != name])
        raise document.error(
            path,
            f"{name!r} is the same as {part.same_as!r}, who has no [characters] entry here{hint} "
            f"(there are: {known or 'none'})",
        )
    other = owner.get(name.casefold(), target)
    if other not in (target, "the narrator" if target == NARRATOR else target):
        raise document.error(
            path,
            f"{name!r} is an alias of {other!r} and the same as {part.same_as!r}: remove one",
        )
