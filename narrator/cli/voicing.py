"""Which voices a command has: those of the engine, the user's own, and those of other engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from narrator.cast import cast, named_voices, narrator_role, no_such_voice, voices_given
from narrator.castfile import CastFile
from narrator.engines import DEFAULT_ENGINE, EngineTables, available_voices, find_voices
from narrator.memo import keep_casting, remembered_casting
from narrator.model import Cast, Role, Script, Voice
from narrator.personal import Personal, load_personal, own_voices, voices_folder
from narrator.series import inherit_voices, voices_taken
from narrator.store import Cache
from narrator.timbre import Timbres, load_timbres


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicing:
    """An engine and its voices, with what the user wants of all engines."""

    engine: str
    voices: tuple[Voice, ...]
    """The engine's, best first."""
    own: tuple[Voice, ...]
    """Those of the user's own banks, of any engine."""
    tables: EngineTables
    timbre_folder: Path
    """Where the user's own files of timbres are, whether or not there are any."""

    def cast(
        self,
        script: Script,
        cast_file: CastFile,
        *,
        story: Path,
        cache: Cache,
        afresh: bool = False,
    ) -> Cast:
        """Cast `script`; the cast file may name voices of other engines too.

        Who had a voice when `remember` was last called keeps it (see `narrator.cast.cast`): what
        `cache` remembers of `story`, the path of the script's file, counts like any other input,
        unless everyone is to be cast `afresh`.

        Raises
        ------
        ConfigError
            The cast file names a voice that no engine has.
        """
        return cast(
            script,
            self.voices,
            cast_file,
            self.elsewhere(cast_file),
            timbres=self.timbres(),
            kept={} if afresh else remembered_casting(cache, story, self.engine),
        )

    def narrator(self, script: Script, cast_file: CastFile, *, story: Path, cache: Cache) -> Role:
        """The narrator's part in what `cast` gives."""
        return narrator_role(
            script,
            self.voices,
            cast_file,
            self.elsewhere(cast_file),
            kept=remembered_casting(cache, story, self.engine),
        )

    def timbres(self) -> Timbres:
        """How voices sound, by the program's own measurements and the user's."""
        return load_timbres(self.timbre_folder)

    def remember(
        self, who: Cast, script: Script, cast_file: CastFile, *, story: Path, cache: Cache
    ) -> None:
        """Let the next `cast` of the story leave everyone the voice that they have in `who`."""
        keep_casting(cache, story, self.engine, voices_given(script, who, cast_file))

    def inherit(self, script: Script, cast_file: CastFile, earlier: CastFile) -> CastFile:
        """A cast file with the voices of another book's (see `narrator.series`).

        Raises
        ------
        ConfigError
            No engine has one of them; the message names the other book's file.
        """
        both = inherit_voices(script, cast_file, earlier)
        known = {voice.name.casefold() for voice in self.voices}
        known.update(name.casefold() for name in self.elsewhere(both))
        for path, name in voices_taken(script, cast_file, earlier).items():
            if name.casefold() not in known:
                raise no_such_voice(earlier, path, name, self.voices)
        return both

    def elsewhere(self, cast_file: CastFile) -> Mapping[str, Voice]:
        """The voices of other engines that a cast file asks for, by what it calls them."""
        here = {voice.name.casefold() for voice in self.voices}
        missing = [name for name in named_voices(cast_file) if name.casefold() not in here]
        return self.find(missing) if missing else {}

    def find(self, names: Iterable[str]) -> Mapping[str, Voice]:
        """Voices of whatever engine, by the names they are asked for with."""
        return find_voices(names, self.tables, self.own)


def engine_of(engine_name: str | None, personal: Personal) -> str:
    """The engine of a command: the one it was given, the user's usual one, or the default."""
    return engine_name or personal.engine or DEFAULT_ENGINE


def load_voicing(engine_name: str | None) -> Voicing:
    """Find the voices of an engine; None takes the user's usual one.

    Raises
    ------
    EngineError
        There is no such engine, what it needs is missing, or it has no voice.
    ConfigError
        The user's own config or a bank is wrong.
    """
    personal, own = load_personal(), own_voices()
    engine = engine_of(engine_name, personal)
    tables = personal.tables()
    return Voicing(
        engine=engine,
        voices=available_voices(engine, tables, own),
        own=own,
        tables=tables,
        timbre_folder=voices_folder() / "timbre",
    )
