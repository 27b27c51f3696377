"""``narrator words``: what an engine may say wrong, heard and put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from narrator.castedit import set_words
from narrator.castfile import CastFile, read_cast_file
from narrator.cli.cache import open_cache
from narrator.cli.hearing import hear
from narrator.cli.options import engine_option
from narrator.cli.sounding import Booth
from narrator.cli.source import Source, story_options
from narrator.cli.tables import columns, count_words
from narrator.cli.target import ensure_spare
from narrator.cli.voicing import load_voicing
from narrator.errors import ConfigError
from narrator.model import NARRATOR, Script
from narrator.normalise import Spoken
from narrator.pronounce import Lexicon, Saying
from narrator.pronounce.entries import parse_saying
from narrator.pronounce.words import doubtful_words
from narrator.store import read_bytes, write_bytes, write_text
from narrator.story import cast_file_sayings, load_lexicon, load_script

_USUAL_NUMBER = 40


@click.command("words")
@story_options
@engine_option
@click.option("--hear", "heard", multiple=True, metavar="WORD", help="Hear how a word is said.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="WORD=SAYING",
    help="Say a word so, in the cast file: throop, /θruːp/ or [[Tr'u:p]].",
)
@click.option("--all", "show_all", is_flag=True, help=f"List more than {_USUAL_NUMBER} words.")
@click.option(
    "--import-pls",
    "imported",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Add the words of a W3C PLS lexicon to the cast file.",
)
@click.option(
    "--export-pls",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the words of the cast file as a W3C PLS lexicon.",
)
def words_command(
    source: Source,
    engine_name: str | None,
    heard: tuple[str, ...],
    settings: tuple[str, ...],
    show_all: bool,
    imported: Path | None,
    target: Path | None,
) -> None:
    """List the words of STORY that may be said wrong, hear them, and put them right.

    Names come first, then what stands only with a capital, foreign letters and phrases, and
    capitals that are spelt. What you set is kept under [pronounce] in the cast file.

    \b
    Examples:
      narrator words stories/the-tide-stayed-out.txt
      narrator words novel.txt --set Thrupp=throop --hear Thrupp
      narrator words novel.txt --import-pls names.pls
    """
    path, cast_file = source.cast_path, source.cast_file(may_be_new=True)
    if target is not None:
        ensure_spare(target, suffixes=(".pls", ".xml"), ours=(source.story, path))
    script = load_script(source.story, cast_file)
    language = script.book.language
    new = dict(map(_setting, settings))
    if imported is not None:
        new = {**_imported(imported, cast_file, language), **new}
    if new:
        cast_file = _written(path, cast_file, new, language)
        click.echo(f"{path}: {count_words(len(new), 'word')} written")
    lexicon = load_lexicon(script, cast_file)
    if target is not None:
        _export(target, cast_file, script)
    if heard:
        _hear(heard, source.story, script, cast_file, lexicon, engine_name)
    if not (new or heard or target or imported):
        for row in _rows(script, lexicon, show_all=show_all):
            click.echo(row)


def _setting(text: str) -> tuple[str, str]:
    word, equals, saying = text.partition("=")
    word, saying = word.strip(), saying.strip()
    if not equals or not word:
        raise click.UsageError(f"--set {text!r}: write WORD=SAYING, as in Thrupp=throop")
    try:
        parse_saying(saying)
    except ValueError as exc:
        raise click.UsageError(f"--set {text!r}: {exc}") from exc
    return word, saying


def _imported(source: Path, cast_file: CastFile, language: str) -> dict[str, str]:
    from narrator.pronounce.pls import read_pls

    found, refused = read_pls(read_bytes(source, ConfigError), str(source))
    for reason in refused:
        click.echo(f"narrator: warning: left out {reason}", err=True)
    # What the user decided stays.
    decided = {*cast_file.pronounce, *cast_file.words_of(language)[1]}
    return {word: text for word, text in found.items() if word not in decided}


def _written(path: Path, cast_file: CastFile, new: Mapping[str, str], language: str) -> CastFile:
    text = ""
    if cast_file.document is not None:
        text = read_bytes(path, ConfigError).decode("utf-8-sig")
    after = set_words(text, new, language=cast_file.words_of(language)[0])
    found = read_cast_file(after.encode(), str(path))
    cast_file_sayings(found, language)  # or it says what is wrong with them
    write_text(path, after)
    return found


def _export(target: Path, cast_file: CastFile, script: Script) -> None:
    from narrator.pronounce.pls import write_pls

    for_all, for_this = cast_file_sayings(cast_file, script.book.language)
    sayings = {**for_all, **for_this}
    write_bytes(target, write_pls(sayings, script.book.language))
    click.echo(f"{target}: {count_words(len(sayings), 'word')} written")


def _hear(
    heard: tuple[str, ...],
    story: Path,
    script: Script,
    cast_file: CastFile,
    lexicon: Lexicon,
    engine_name: str | None,
) -> None:
    voicing = load_voicing(engine_name)
    role = voicing.cast(script, cast_file, story=story, cache=open_cache(None)).narrator
    booth = Booth(voicing.tables)
    try:
        for word in heard:
            said = lexicon.apply(Spoken(text=word), NARRATOR, role.voice)
            click.echo(f"  {word}: {_how(lexicon.sayings.get(word))}")
            samples = booth.say(
                said.words.text, role.voice, role.delivery, phonemes=said.phonemes, as_is=True
            )
            hear(samples, f"word-{word}")
    finally:
        booth.close()


def _how(saying: Saying | None) -> str:
    if saying is None:
        return "as the voice has it"
    native = f"[[{saying.native}]]" if saying.native else ""
    ipa = f"/{saying.ipa}/" if saying.ipa else ""
    return " ".join(filter(None, (saying.respelling, ipa, native)))


def _rows(script: Script, lexicon: Lexicon, *, show_all: bool) -> Iterator[str]:
    found = doubtful_words(script)
    shown = found if show_all else found[:_USUAL_NUMBER]
    yield from columns(
        (word.text, f"{word.count:,}", word.why, _set_to(lexicon, word.text)) for word in shown
    )
    if len(found) > len(shown):
        yield f"  … and {len(found) - len(shown):,} more: --all"
    if not found:
        yield "No word stands out."
    else:
        word = found[0].text
        yield f"\nHear one with --hear {word};"
        yield f"say it right with --set {word}=…"


def _set_to(lexicon: Lexicon, word: str) -> str:
    saying = lexicon.sayings.get(word) or lexicon.sayings.get(word.lower())
    return _how(saying) if saying else ""
