"""The values that flow from stage to stage. Standard library only; nothing here acts.

All are frozen. Sequences are tuples. Text positions are code points, half-open. Sound positions
are integer frames; seconds are for display.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

NARRATOR = "narrator"
"""The speaker id of everything that is not a character's own words."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, ``start <= end``."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The part of `text` that this span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A part of a chapter's text that is not spoken, and why."""

    span: Span
    reason: str


class Form(StrEnum):
    """What a passage is, beside the telling of the story."""

    VERSE = "verse"
    LETTER = "letter"
    EPIGRAPH = "epigraph"
    QUOTE = "quote"
    """Set apart as a block: a notice, a page of a book, an inscription."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormedSpan:
    """A passage of a chapter's text, and what it is."""

    span: Span
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A part of a book that gets a chapter mark.

    The texts of a book's chapters, joined, are the whole decoded source: a header block or a
    licence is inside the chapter beside it, as a `Skip`. Headings and skips are sorted and do not
    overlap.
    """

    index: int
    title: str
    """As a player shows it; empty where the source names nothing."""
    text: str
    start: int = 0
    """Where `text` begins in the decoded source, in code points."""
    headings: tuple[Span, ...] = ()
    """Lines spoken as headings (part, chapter number and title), in `text`."""
    skips: tuple[Skip, ...] = ()
    epigraphs: tuple[Span, ...] = ()
    """Mottoes that the narrator speaks: never dialogue, whatever marks are around them."""
    forms: tuple[FormedSpan, ...] = ()
    """Passages that are verse, a letter, a motto or a block quote; sorted by where they begin."""
    markup: tuple[Span, ...] = ()
    """Marks of the author's own (`narrator.markup`), which are never spoken, each with the white
    space that stands but for it; sorted, none touching another."""

    def words_of(self, span: Span) -> str:
        """The part of `text` that a span covers, without the author's marks."""
        parts, at = [], span.start
        first = bisect_right(self.markup, span.start, key=lambda mark: mark.end)
        for mark in self.markup[first:]:
            if mark.start >= span.end:
                break
            parts.append(self.text[at : mark.start])
            at = mark.end
        return "".join((*parts, self.text[at : span.end]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A story as a reader gives it: metadata, and chapters that tile the source."""

    title: str
    author: str | None = None
    language: str = "en"
    """BCP 47."""
    year: str | None = None
    summary: str | None = None
    series: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    """Anything else that a header block said, as (key, value)."""
    cover: bytes | None = None
    has_rows: bool = False
    """The texts of the chapters, joined, have the rows of the file, which can be counted."""
    chapters: tuple[Chapter, ...]

    def place_of(self, chapter: int, start: int) -> str:
        """``chapter 3, line 120``: the line, from 1, is the file's; ``chapter 3`` where it cannot
        be told."""
        place = f"chapter {chapter + 1}"
        if not self.has_rows:
            return place
        rows = sum(other.text.count("\n") for other in self.chapters[:chapter])
        rows += self.chapters[chapter].text.count("\n", 0, start)
        return f"{place}, line {rows + 1}"


class SegmentKind(StrEnum):
    """What a segment is."""

    NARRATION = "narration"
    DIALOGUE = "dialogue"
    THOUGHT = "thought"
    HEADING = "heading"
    SCENE_BREAK = "scene_break"
    SKIPPED = "skipped"


SILENT = (SegmentKind.SKIPPED, SegmentKind.SCENE_BREAK)
"""What is not spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of one chapter's text of one kind.

    The segments of a chapter tile it: joined, they are its text exactly. White space belongs to the
    segment before it. A dialogue segment holds its quotation marks (or dash).
    """

    chapter: int
    span: Span
    """In `Chapter.text`."""
    kind: SegmentKind
    paragraph: int
    """Number of the paragraph within the chapter, from 0."""
    continued: bool = False
    """Dialogue that goes on from a quotation which the paragraph before it left open."""
    skip_reason: str | None = None
    """Set exactly where `kind` is SKIPPED."""
    form: Form | None = None
    """Of the passage that it is in; of two, the one that begins later."""


class Gender(StrEnum):
    """The gender a character is written with, or that a voice sounds like."""

    FEMALE = "female"
    MALE = "male"
    NEUTRAL = "neutral"
    UNKNOWN = "unknown"


class Age(StrEnum):
    """The age that a character is written with, or that a voice sounds like."""

    CHILD = "child"
    YOUNG = "young"
    ADULT = "adult"
    OLD = "old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """Something that the story says of how somebody sounds."""

    kind: str
    """``accent``, ``age`` or ``pitch``."""
    value: str
    """An accent as banks call it, an `Age`, or ``low`` or ``high``."""
    words: str
    """Those of the story that say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Someone who speaks in a book."""

    id: str
    """A slug of the name, unique in the script; never ``"narrator"``."""
    name: str
    """The fullest common form: what a reader would call this person."""
    aliases: tuple[str, ...] = ()
    gender: Gender = Gender.UNKNOWN
    age: Age = Age.ADULT
    is_narrator: bool = False
    """This is the ``I`` of a first-person story."""
    is_group: bool = False
    traits: tuple[Trait, ...] = ()
    """What the story says of how they sound, one of each kind at the most."""

    def trait(self, kind: str) -> str:
        """The value of their trait of a kind; empty where the story says nothing."""
        return next((trait.value for trait in self.traits if trait.kind == kind), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may say a line."""

    speaker: str | None
    """A `Character.id`, or `NARRATOR`; None where this would be their only line."""
    name: str
    confidence: float
    """Probability that it is they, 0 to 1."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A segment and who says it.

    `speaker` is a `Character.id`, `NARRATOR`, or None for what nobody says (scene breaks and
    skipped text) and for dialogue whose speaker is unknown, which the narrator then reads.
    """

    segment: Segment
    speaker: str | None
    confidence: float
    """Probability that `speaker` is right, 0 to 1."""
    reason: str
    """In words a reader understands: ``named by "said Elizabeth"``."""
    candidates: tuple[Candidate, ...] = ()
    """Who else may say it, the likeliest first."""
    turn: int | None = None
    """Index into `Script.turns`, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What is said in one go, as the chain of speakers sees it (`narrator.attribute.chain`)."""

    options: tuple[tuple[str, float], ...]
    """Who may say it and how much speaks for them, in log-odds: (`Character.id`, or something else
    for one who is in nobody's lines, score)."""
    same: float
    """Log-odds that the speaker of the turn before goes on, against somebody new."""
    back: float
    """The same of the speaker before that. Where both are 0, a conversation begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A book with every line given to someone. `lines` hold every segment of the book, in order."""

    book: Book
    characters: tuple[Character, ...]
    """In order of the share of speech, most first."""
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()
    """What the user should know: a decision that could not be followed."""
    turns: tuple[Turn, ...] = ()
    """What was known of who speaks in turn with whom, for deciding again."""

    def words_of(self, segment: Segment) -> str:
        """A segment's text without the author's marks."""
        return self.book.chapters[segment.chapter].words_of(segment.span)


Setting = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice that an engine has, and what a listener would say of it."""

    name: str
    """Unique over all engines on the machine: what a cast file says."""
    engine: str
    """Name of the engine in the registry."""
    gender: Gender = Gender.UNKNOWN
    age: Age = Age.ADULT
    accent: str = ""
    """BCP 47 tag or a plain word: ``en-GB``, ``scottish``."""
    language: str = "en"
    narrates: bool = False
    """Fit to read a whole book; casting keeps it for narrators while there are others."""
    rank: int = 50
    """Casting takes lower ranks first among voices that fit equally well."""
    sample_rate_hz: int | None = None
    """Of its sound; None where only speaking tells."""
    controls: tuple[str, ...] = ("rate", "pitch")
    """What of a delivery it follows: ``rate``, ``pitch``, ``phonemes``, ``style``."""
    settings: tuple[tuple[str, Setting], ...] = ()
    """What the engine needs to make it: its own keys and values, sorted by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a take departs from the voice's own way of speaking."""

    rate: float = 1.0
    """Factor on speed; 1.2 is a fifth faster."""
    pitch_semitones: float = 0.0
    gain_db: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A character's part: a voice, and how it is used."""

    character: str
    """A `Character.id`."""
    voice: Voice
    delivery: Delivery = Delivery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is spoken by which voice."""

    narrator: Role
    roles: tuple[Role, ...]

    def role_of(self, speaker: str | None) -> Role:
        """The role of a speaker; the narrator's for `NARRATOR`, None or an id not cast."""
        return next((role for role in self.roles if role.character == speaker), self.narrator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A place where what is spoken is not, code point for code point, what is written."""

    source: Span
    """What is written there; empty where something was put in."""
    spoken: Span
    """What is said instead; empty where nothing is."""
    rule: str
    """Of `narrator.normalise`: ``years``, ``money``, ``pronounce`` …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phonemes:
    """How a word of a take is pronounced."""

    span: Span
    """In `Take.text`."""
    ipa: str
    """International Phonetic Alphabet, without slashes; empty where only `native` is known."""
    native: str = ""
    """In the notation of the voice's own engine, which then takes this and not `ipa`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A sound that the author marked in the story, from a file of the user's."""

    name: str
    path: Path
    digest: str
    """SHA-256 of the file: what it sounds like, wherever it lies."""
    length_s: float
    """Of what is played."""
    gain_db: float = 0.0
    """Beside the loudness of a voice."""
    most_s: float | None = None
    """Only so much of its beginning is played, and faded out; None plays it whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One utterance, with everything that decides how it sounds and how long it rests after it.

    One with a `sound` is no utterance: that sounds, and `text` is empty.
    """

    chapter: int
    segment: int
    """Index into `Script.lines`."""
    span: Span
    """What is spoken, in `Chapter.text`."""
    text: str
    """As the engine gets it."""
    speaker: str
    voice: Voice
    delivery: Delivery = Delivery()
    pause_ms: int = 0
    """Silence after it."""
    mark: str | None = None
    """Title of the chapter that begins with this take."""
    phonemes: tuple[Phonemes, ...] = ()
    """Words whose pronunciation is given, in order, for voices that can be told."""
    changes: tuple[Change, ...] = ()
    """Where `text` departs from the words of the source, in order: `Change.source` in
    `Chapter.text`, `Change.spoken` in `text`. Quotation marks, line ends and the like are not
    among them."""
    sound: Sound | None = None

    @property
    def shown(self) -> str:
        """What it says, for a message."""
        return self.text if self.sound is None else f"{{sound {self.sound.name}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """When a take sounds: frames ``[start, end)`` of the timeline, pauses left out."""

    take: int
    """Index into the takes of the build."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A chapter mark."""

    title: str
    start: int
    """Frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What sounds when, in integer frames at one sample rate."""

    sample_rate_hz: int
    frames: int
    cues: tuple[Cue, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiobook:
    """A finished file."""

    path: Path
    timeline: Timeline
