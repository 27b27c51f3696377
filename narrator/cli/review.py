"""``narrator review``: the doubtful lines of a story, one by one, for the user to decide."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from narrator.castedit import correct, merge, rename
from narrator.cli.cache import open_cache
from narrator.cli.editing import CastEditor, ask
from narrator.cli.options import (
    cache_option,
    engine_option,
    series_option,
    warn_about,
)
from narrator.cli.passage import option_row, page_width, passage_rows
from narrator.cli.reviewfile import export_review, import_review, is_untouched
from narrator.cli.reviewing import Reader
from narrator.cli.source import Source, story_options
from narrator.cli.tables import count_words, short
from narrator.cli.target import ensure_spare
from narrator.config import nearest
from narrator.errors import CastError, NarratorError, StoreError
from narrator.model import NARRATOR
from narrator.review import (
    Item,
    corrections_for,
    exchange_of,
    expected_wrong,
    items_of,
    known_name,
    options_for,
    whole_name,
)
from narrator.store import is_file, read_bytes, write_text
from narrator.story import find_script

_KEYS = "0 narrator  n new  x exchange  m merge  r rename  h hear  s skip  u undo  ?"
_QUIT = ("q", "quit")
_HELP = """\
1-9             who says the line: the number of a candidate
0               the narrator says it
n NAME          NAME says it, whether or not there is such a character yet
x A, B          A says this line, B the ones before and after it, and so on in
                turn through the whole exchange; with A alone, A says all of it.
                A and B are numbers or names
m A = B         A and B are one person, called B (or narrator)
r A = B         call A from now on B
h, h 2          hear the line, as its speaker or as candidate 2
s, or nothing   leave it and go on
u               undo the last step
q               quit; everything is saved already
"""


@click.command("review")
@story_options
@series_option
@engine_option
@cache_option
@click.option(
    "--export",
    "export_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all lines into a text to correct in an editor.",
)
@click.option(
    "--import",
    "import_path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take over what was corrected in such a text.",
)
def review_command(
    source: Source,
    series_path: Path | None,
    engine_name: str | None,
    cache_path: Path | None,
    export_path: Path | None,
    import_path: Path | None,
) -> None:
    """Decide who says the lines of STORY that Narrator is least sure of.

    Every step is saved in the cast file at once. What you decide holds for good, however often the
    story is edited and read again; lines in turn with it that you have not decided may change.

    \b
    Examples:
      narrator review novel.txt
      narrator review novel.txt --export review.md
      narrator review novel.txt --import review.md
    """
    if export_path is not None and import_path is not None:
        raise click.UsageError("--export and --import are two steps: give one of them")
    reader = Reader(engine_name, source.story, series_path, cache_path)
    cast_file = source.cast_file(may_be_new=True)
    found = find_script(source.story, cast_file, open_cache(cache_path))
    editor = CastEditor(source.cast_path, found, reader.propose)
    warn_about(editor.script)
    if export_path is not None:
        ensure_spare(export_path, suffixes=(), ours=(source.story, source.cast_path))
        _refuse_to_lose(export_path)
        write_text(export_path, export_review(editor.script))
        click.echo(f"{export_path}: {count_words(len(items_of(editor.script)), 'line')} written")
    elif import_path is not None:
        _import(editor, import_path)
    else:
        Review(editor, reader).run()


def _refuse_to_lose(path: Path) -> None:
    """Refuse to write over a review that somebody has corrected, or over something else.

    Raises
    ------
    StoreError
        The file holds what cannot be made again.
    """
    with contextlib.suppress(OSError):
        if is_file(path) and not is_untouched(path.read_text("utf-8-sig", errors="replace")):
            raise StoreError(
                f"{path}: is there already, and is no review or has been corrected: read it in "
                "with --import, or choose another name"
            )


def _import(editor: CastEditor, path: Path) -> None:
    try:
        text = read_bytes(path, CastError).decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise CastError(f"{path}: not UTF-8 text (byte {exc.start} is wrong)") from exc
    changes = import_review(text, str(path), editor.script)
    corrections = corrections_for(editor.script, changes, editor.cast_file.lines)
    editor.change(lambda old: correct(old, corrections))
    noun = count_words(len(changes), "line")
    click.echo(f"{editor.path}: {noun} corrected" if changes else f"{path}: nothing was changed")


class Review:
    """A session: the lines, least sure first, until the user has seen enough."""

    def __init__(self, editor: CastEditor, reader: Reader) -> None:
        self.editor = editor
        self._seen: frozenset[int] = frozenset()
        self._again: int | None = None
        self._trail: list[tuple[int, frozenset[int]]] = []
        self._reader = reader

    def run(self) -> None:
        """Ask until there is nothing left, or the user quits."""
        try:
            while (item := self._next()) is not None:
                for row in self._screen(item):
                    click.echo(row)
                if not self._answer(item):
                    break
            else:
                click.echo("\nNothing is left to review.")
        finally:
            self._reader.close()
        self._farewell()

    def _next(self) -> Item | None:
        items = items_of(self.editor.script)
        if self._again is not None:
            again = next((item for item in items if self._again in item.lines), None)
            self._again = None
            if again is not None:
                return again
        left = [
            item
            for item in items
            if item.confidence < 1.0 and not any(k in self._seen for k in item.lines)
        ]
        return min(left, key=lambda item: (item.confidence, item.lines), default=None)

    def _left(self) -> int:
        return sum(item.confidence < 1.0 for item in items_of(self.editor.script))

    def _screen(self, item: Item) -> Iterator[str]:
        script, width = self.editor.script, page_width()
        chapter = script.book.chapters[item.chapter]
        wrong = f"about {expected_wrong(script):.1f} wrong lines left"
        where = chapter.title or f"chapter {chapter.index + 1}"
        undecided = f"{count_words(self._left(), 'line')} undecided, {wrong}"
        yield "\n" + click.style(
            short(f"-- {where}: {undecided} ".ljust(width, "-"), width), dim=True
        )
        yield from passage_rows(script, item, width)
        yield ""
        for number, option in enumerate(options_for(script, item), 1):
            yield option_row(number, option, item, width)

    def _answer(self, item: Item) -> bool:
        """Ask until something is done with the item; False ends the session."""
        while True:
            click.echo(f"\n{_KEYS}")
            most = len(options_for(self.editor.script, item))
            answer = ask(f"Who says it? (1-{most}, or q to quit)")
            if answer is None or answer.casefold() in _QUIT:
                return False
            try:
                if self._obey(answer, item):
                    return True
            except NarratorError as exc:
                click.echo(f"  {exc}")

    def _obey(self, answer: str, item: Item) -> bool:
        """Do what was asked for; whether to go on to another line."""
        if answer in ("", "s"):
            self._seen |= set(item.lines)
            return True
        if answer == "u":
            return self._undo()
        if answer == "?":
            click.echo(_HELP)
            return False
        if answer.isdecimal():
            self._decide(item, {item: self._name(answer, item)})
            return True
        key, _, rest = answer.partition(" ")
        commands: dict[str, Callable[[str, Item], bool]] = {
            "n": self._new,
            "x": self._exchange,
            "m": self._merge,
            "r": self._rename,
            "h": self._hear,
        }
        if key not in commands:
            click.echo(f"  {short(answer, 40)!r} is no key: type ? to see them all")
            return False
        return commands[key](rest.strip(), item)

    def _name(self, answer: str, item: Item) -> str:
        """Whom a number or a name means."""
        if not answer.isdecimal():
            return known_name(self.editor.script, answer) or answer
        options = options_for(self.editor.script, item)
        if int(answer) == 0:
            return NARRATOR
        if int(answer) > len(options):
            raise CastError(f"there is no {answer}: give 0 to {len(options)}, or n and a name")
        return options[int(answer) - 1].name

    def _step(self, item: Item, edit: Callable[[str], str]) -> None:
        """Change the cast file; undoing leads back to this item."""
        steps = self.editor.steps
        self.editor.change(edit)
        if self.editor.steps > steps:
            self._trail.append((item.lines[0], self._seen))

    def _undo(self) -> bool:
        if not self.editor.undo():
            click.echo("  There is nothing to undo.")
            return False
        self._again, self._seen = self._trail.pop()
        click.echo("  Undone.")
        return True

    def _decide(self, item: Item, said_by: dict[Item, str]) -> None:
        before = {character.name.casefold() for character in self.editor.script.characters}
        corrections = corrections_for(self.editor.script, said_by, self.editor.cast_file.lines)
        self._step(item, lambda text: correct(text, corrections))
        after = {character.name.casefold() for character in self.editor.script.characters}
        for name in dict.fromkeys(said_by.values()):
            count = sum(len(each.lines) for each, who in said_by.items() if who == name)
            new = " (a new character)" if name.casefold() in after - before else ""
            click.echo(f"  {name}{new}: {count_words(count, 'line')}, saved")

    def _new(self, rest: str, item: Item) -> bool:
        name = rest or _answer_to("  Name:")
        if not name:
            return False
        self._decide(item, {item: known_name(self.editor.script, name) or name})
        return True

    def _exchange(self, rest: str, item: Item) -> bool:
        rest = rest or _answer_to("  This line, and the ones in turn with it (A, B):")
        if not rest:
            return False
        names = [self._name(part.strip(), item) for part in rest.split(",") if part.strip()]
        self._refuse_parts_of_names(names)
        if not 1 <= len(names) <= 2:
            raise CastError("give one or two speakers, as numbers or names: x 1, 2")
        exchange = exchange_of(items_of(self.editor.script), item)
        at = next(k for k, each in enumerate(exchange) if each.lines == item.lines)
        self._decide(
            item,
            {
                each: names[(k - at) % len(names)]
                for k, each in enumerate(exchange)
                if each.confidence < 1.0 or k == at
            },
        )
        return True

    def _refuse_parts_of_names(self, names: list[str]) -> None:
        """Where several lines are decided, *Leo* is rather Leo Marsh than somebody new."""
        for name in names:
            whole = whole_name(self.editor.script, name)
            if name != NARRATOR and whole is not None:
                hint = f"did you mean {whole!r}? For somebody new use n"
                raise CastError(f"nobody is called {name!r}; {hint}")

    def _pair(self, rest: str, item: Item, question: str) -> tuple[str, str] | None:
        rest = rest or _answer_to(question)
        first, equals, second = rest.partition("=")
        if not equals or not first.strip() or not second.strip():
            if rest:
                raise CastError("give two names with a = between: Halm = Hans Halm")
            return None
        name = self._name(first.strip(), item)
        return self._known(name), self._name(second.strip(), item)

    def _known(self, name: str) -> str:
        names = [character.name for character in self.editor.script.characters]
        found = next((each for each in names if each.casefold() == name.casefold()), None)
        if found is None:
            raise CastError(f"nobody is called {name!r}{nearest(name, names)}")
        return found

    def _merge(self, rest: str, item: Item) -> bool:
        pair = self._pair(rest, item, "  Who is the same as whom (A = B):")
        if pair is None:
            return False
        into = pair[1] if pair[1].casefold() == NARRATOR else self._known(pair[1])
        self._step(item, lambda text: merge(text, pair[0], into))
        click.echo(f"  {pair[0]} is {into}, saved")
        self._again = item.lines[0]
        return True

    def _rename(self, rest: str, item: Item) -> bool:
        pair = self._pair(rest, item, "  Who is to be called what (A = B):")
        if pair is None:
            return False
        names = {character.name.casefold() for character in self.editor.script.characters}
        if pair[1].casefold() in names and pair[0].casefold() != pair[1].casefold():
            raise CastError(f"somebody is called {pair[1]!r} already: m {pair[0]} = {pair[1]}")
        self._step(item, lambda text: rename(text, pair[0], pair[1]))
        click.echo(f"  {pair[0]} is called {pair[1]}, saved")
        self._again = item.lines[0]
        return True

    def _hear(self, rest: str, item: Item) -> bool:
        name = self._name(rest, item) if rest else None
        self._reader.hear(self.editor, item.lines, name)
        return False

    def _farewell(self) -> None:
        wrong = expected_wrong(self.editor.script)
        steps = count_words(self.editor.steps, "step")
        saved = f"{steps} saved in {self.editor.path}" if self.editor.steps else "nothing changed"
        click.echo(f"{saved}; about {wrong:.1f} wrong lines left")


def _answer_to(question: str) -> str:
    """What the user answers within a step; empty where they would rather not."""
    answer = ask(question) or ""
    return "" if answer.casefold() in _QUIT else answer
