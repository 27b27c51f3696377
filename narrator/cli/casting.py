"""``narrator cast --interactive``: voices heard, chosen, swapped and locked, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from narrator.cast import speech_lines, voices_for
from narrator.castedit import proposed_voices, set_keys
from narrator.castfile import Part
from narrator.cli.audition import own_line
from narrator.cli.editing import CastEditor, ask
from narrator.cli.reviewing import Reader
from narrator.cli.say import voice_called
from narrator.cli.tables import count_words, short, voice_words
from narrator.config import nearest
from narrator.errors import CastError, NarratorError
from narrator.model import NARRATOR, Character, Gender, Role, Voice

_KEYS = "a hear  v give a voice  w swap  l lock  u undo  q quit  ? help"
_HELP = """\
a 2              hear the voice of 2 speak one of the character's own lines
a 2 VOICE        the same in another voice
v 2 VOICE        give 2 another voice; v 2 shows those that fit
w 2 3            swap the voices of 2 and 3
l 2              lock the voice of 2, or unlock it
u                undo the last step
q, or nothing    quit; everything is saved already

A character is its number or its name, the narrator is 0. Of the marks, * is a
voice that you chose, ! one that is locked; the others are Narrator's proposals.
"""
_MOST_SHOWN = 20


class Casting:
    """A session at the cast's table."""

    def __init__(self, editor: CastEditor, reader: Reader) -> None:
        self.editor = editor
        self._reader = reader

    def run(self) -> None:
        """Show the table and obey, until the user has heard enough."""
        show = True
        try:
            while True:
                if show:
                    click.echo()
                    for row in self._table():
                        click.echo(row)
                    click.echo(f"\n{_KEYS}")
                answer = ask("What now?")
                if answer is None or answer.casefold() in ("", "q", "quit"):
                    break
                try:
                    show = self._obey(answer)
                except NarratorError as exc:
                    click.echo(f"  {exc}")
                    show = False
        finally:
            self._reader.close()
        steps = count_words(self.editor.steps, "step")
        saved = f"{steps} saved in {self.editor.path}" if self.editor.steps else "nothing changed"
        click.echo(saved)

    def _obey(self, answer: str) -> bool:
        """Do what was asked for; whether the table has changed."""
        key, _, rest = answer.partition(" ")
        commands: dict[str, Callable[[str], bool]] = {
            "a": self._audition,
            "v": self._give,
            "w": self._swap,
            "l": self._lock,
            "u": self._undo,
            "?": self._help,
        }
        if key not in commands:
            raise CastError(f"{short(answer, 40)!r} is no key: type ? to see them all")
        return commands[key](rest.strip())

    def _table(self) -> Iterator[str]:
        script, who = self.editor.script, self._reader.cast(self.editor)
        count = speech_lines(script)
        total = sum(count.values()) or 1
        text = self.editor.text
        proposed = None if text is None else proposed_voices(text)
        yield f"  {'':22} {'lines':>5} {'share':>5}"
        yield _row(0, "Narrator", "", self._mark(None, proposed), who.narrator.voice)
        for number, each in enumerate(script.characters, 1):
            lines = count[each.id]
            gender = "" if each.gender is Gender.UNKNOWN else each.gender.value
            told = f"{lines:>5} {lines / total:>5.0%}  {gender}"
            voice = who.role_of(each.id).voice
            yield _row(number, each.name, told, self._mark(each.name, proposed), voice)

    def _mark(self, name: str | None, proposed: frozenset[str | None] | None) -> str:
        part = self._part(name)
        if part.lock:
            return "!"
        return "*" if part.voice is not None and name not in (proposed or ()) else ""

    def _part(self, name: str | None) -> Part:
        if name is None:
            return self.editor.cast_file.narrator
        return self.editor.cast_file.characters.get(name, Part())

    def _found(self, answer: str) -> tuple[str | None, Character | None]:
        """Whom a number or a name means, and the name in the cast file; None is the narrator."""
        people = self.editor.script.characters
        if answer == "0" or answer.casefold() == NARRATOR:
            return None, None
        if answer.isdecimal():
            if not 1 <= int(answer) <= len(people):
                raise CastError(f"there is no {answer}: give 0 to {len(people)}")
            return people[int(answer) - 1].name, people[int(answer) - 1]
        for each in people:
            names = (each.name, *each.aliases)
            if answer.casefold() in (name.casefold() for name in names):
                return each.name, each
        hint = nearest(answer, (each.name for each in people))
        raise CastError(f"nobody is called {answer!r}{hint}")

    def _split(self, rest: str, usage: str) -> tuple[str, str]:
        """A character and what comes after it. Names may be of several words."""
        if not rest:
            raise CastError(f"whose? {usage}")
        words = rest.split()
        for size in range(len(words), 0, -1):
            who = " ".join(words[:size])
            try:
                self._found(who)
            except CastError:
                continue
            return who, " ".join(words[size:])
        return words[0], " ".join(words[1:])

    def _role(self, character: Character | None) -> Role:
        who = self._reader.cast(self.editor)
        return who.narrator if character is None else who.role_of(character.id)

    def _audition(self, rest: str) -> bool:
        answer, wanted = self._split(rest, "a 2, or a 2 VOICE")
        _, character = self._found(answer)
        role = self._role(character)
        voice = voice_called(wanted, self._reader.voicing) if wanted else role.voice
        text = own_line(self.editor.script, NARRATOR if character is None else character.id)
        text = text.replace("{name}", voice.name)
        click.echo(f"  {voice.name}: “{short(text, 58)}”")
        self._reader.audition(self.editor, text, role, voice)
        return False

    def _give(self, rest: str) -> bool:
        answer, wanted = self._split(rest, "v 2 VOICE")
        name, character = self._found(answer)
        self._refuse_locked(name)
        if not wanted:
            fitting = self._fitting(character)
            for number, voice in enumerate(fitting, 1):
                click.echo(f"  {number:>3} {short(voice.name, 24):24} {voice_words(voice)}")
            wanted = ask("  Voice (number or name; nothing leaves it):") or ""
            if wanted.isdecimal() and 1 <= int(wanted) <= len(fitting):
                wanted = fitting[int(wanted) - 1].name
            if not wanted:
                return False
        voice = voice_called(wanted, self._reader.voicing)
        self.editor.change(lambda text: set_keys(text, name, {"voice": voice.name}))
        click.echo(f"  {name or 'Narrator'} speaks as {voice.name}, saved")
        return True

    def _fitting(self, character: Character | None) -> list[Voice]:
        """Voices of the story's language first, then of the character's gender and age, the best
        first."""
        voices = list(self._reader.voicing.voices)
        speak_it = set(voices_for(self.editor.script.book.language, voices))
        if character is None:
            voices.sort(key=lambda voice: (voice not in speak_it, not voice.narrates))
        else:
            known = character.gender in (Gender.FEMALE, Gender.MALE)
            voices.sort(
                key=lambda voice: (
                    voice not in speak_it,
                    known and voice.gender is not character.gender,
                    voice.age is not character.age,
                )
            )
        return voices[:_MOST_SHOWN]

    def _swap(self, rest: str) -> bool:
        first, second = self._split(rest, "w 2 3")
        if not second:
            raise CastError("with whom? w 2 3")
        (a, who_a), (b, who_b) = self._found(first), self._found(second)
        if a == b:
            raise CastError(f"both are {a or 'the narrator'}: give two who differ, as in w 2 3")
        self._refuse_locked(a)
        self._refuse_locked(b)
        voice_a, voice_b = self._role(who_a).voice.name, self._role(who_b).voice.name
        self.editor.change(
            lambda text: set_keys(set_keys(text, a, {"voice": voice_b}), b, {"voice": voice_a})
        )
        click.echo(f"  {a or 'Narrator'} and {b or 'Narrator'} have swapped voices, saved")
        return True

    def _lock(self, rest: str) -> bool:
        answer, _ = self._split(rest, "l 2")
        name, character = self._found(answer)
        is_locked = self._part(name).lock
        keys: dict[str, str | bool | int | float] = {"lock": not is_locked}
        if not is_locked:  # whatever it is now, it stays
            keys = {"voice": self._role(character).voice.name, "lock": True}
        self.editor.change(lambda text: set_keys(text, name, keys))
        click.echo(f"  {name or 'Narrator'} is {'unlocked' if is_locked else 'locked'}, saved")
        return True

    def _refuse_locked(self, name: str | None) -> None:
        if self._part(name).lock:
            raise CastError(f"the voice of {name or 'the narrator'} is locked: l unlocks it")

    def _undo(self, _: str) -> bool:
        if not self.editor.undo():
            click.echo("  There is nothing to undo.")
            return False
        click.echo("  Undone.")
        return True

    def _help(self, _: str) -> bool:
        click.echo(_HELP)
        return False


def _row(number: int, name: str, told: str, mark: str, voice: Voice) -> str:
    spoken = f"{short(voice.name, 14):14} {voice_words(voice)}"
    return short(f"  {number:>3} {short(name, 18):18} {told:19} {mark:1} {spoken}".rstrip(), 80)
