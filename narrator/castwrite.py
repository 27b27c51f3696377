"""The cast file brought up to date: what the program adds to what the user has.

`update_cast_file` adds what is missing and refreshes the line counts that it wrote itself; every
other character of the file, comments and order included, stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item, Table

from narrator.castfile import Part
from narrator.config import PauseConfig
from narrator.errors import CastError
from narrator.model import Age, Book, Cast, Character, Gender, Role
from narrator.tomlplace import add_table, put

__all__ = ["PROPOSED", "like_before", "new_cast_text", "update_cast_file"]

_HEADER = """\
# The cast of this story. Change what you like: `narrator build` obeys this file, and
# `narrator cast` only ever adds to it. `narrator voices` lists the voices.
#
# What has "proposed" behind it is Narrator's, not yours: change or keep it. Of the narrator and of
# each character:
#   voice    a name from `narrator voices`; delete the line to let Narrator choose again
#   rate     1.0 is the voice's own speed, 1.2 a fifth faster
#   pitch    semitones up or down: 2, -1.5
#   volume   decibels up or down
#   aliases  other names of the same person; name another character here to merge the two
#   same_as  another character here, when the two are one person
#   gender   "female", "male" or "neutral"
#   age      "child", "young", "adult" or "old"
#   accent   of the voice that is looked for: "scottish", "en-IE"
#   lock     true: `narrator cast --interactive` leaves the voice alone
#   note     whatever you want to remember
# To rename somebody, change the name in [characters."…"] and put the old one among the aliases.
# A character whom the narrator should read goes among the narrator's aliases.
# [pauses] may set {pauses} (milliseconds).
# [direction] on = false speaks whispers and shouts like all else; strength = 0.5 halves them.
# [reading] may set footnotes ("skip", "in-place"), pictures and tables ("read", "skip"), and
#   speak, a list of reasons for which parts are skipped that you want read: ["summary"].
# `narrator cast --example` explains all that may stand here.
"""
_COUNT = re.compile(r"#\s*(?:\d+ lines?, \d+% of the speech)\s*")


def update_cast_file(
    text: str | None,
    *,
    book: Book,
    characters: tuple[Character, ...],
    cast: Cast,
    lines: Mapping[str, int],
) -> str:
    """The text of a cast file brought up to date.

    Parameters
    ----------
    text
        What the file holds now; None where there is none yet. Must be valid (see `read_cast_file`).
    lines
        Number of lines by `Character.id`.

    Returns
    -------
    str
        `text` with missing characters and keys added and line counts renewed. Updating twice
        changes nothing the second time.

    Raises
    ------
    CastError
        The file is laid out in a way that nothing can be added to without loss.
    """
    try:
        document = tomlkit.parse(text if text and text.strip() else new_cast_text(book))
        _bring_up_to_date(document, characters, cast, lines)
        found = like_before(text, tomlkit.dumps(document))
        if text is None or _holds(tomllib.loads(found), tomllib.loads(text)):
            return found
    except (TOMLKitError, tomllib.TOMLDecodeError, LookupError, TypeError, RuntimeError):
        pass  # tomlkit loses its way in some layouts, and nobody's words must suffer for it
    raise CastError(
        "nothing can be added to the cast file without loss, the way it is written: give each "
        "character a table of its own, [characters.NAME], and the narrator [narrator]"
    )


def _holds(whole: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    """Whether all values of a document are in another one as they were."""
    return all(
        key in whole
        and (
            _holds(whole[key], value)
            if isinstance(value, Mapping) and isinstance(whole[key], Mapping)
            else whole[key] == value
        )
        for key, value in part.items()
    )


def _bring_up_to_date(
    document: tomlkit.TOMLDocument,
    characters: Sequence[Character],
    cast: Cast,
    lines: Mapping[str, int],
) -> None:
    narrator = _table(document, "narrator")
    if "voice" not in narrator:
        _give_voice(narrator, cast.narrator)
    parts = _table(document, "characters", is_super=True)
    total = sum(lines.values())
    reserved = {character.name.casefold() for character in characters}
    # An alias that the user gave somebody else would make the file contradict itself.
    for part in (narrator, *parts.values()):
        reserved.update(str(alias).casefold() for alias in part.get("aliases", ()))
    for character in characters:
        if character.name not in parts:
            add_table(document, parts, character.name, _new_table(character, reserved, cast))
        elif "voice" not in parts[character.name] and not character.is_narrator:
            _give_voice(parts[character.name], cast.role_of(character.id))
    by_name = {character.name: lines.get(character.id, 0) for character in characters}
    for name, table in () if isinstance(parts, InlineTable) else parts.items():
        _set_count(table, by_name.get(name, 0), total)


def like_before(before: str | None, after: str) -> str:
    """`after` with the line ends of Windows where all lines of `before` have them."""
    if before and "\r\n" in before and not re.search(r"(?<!\r)\n", before):
        return re.sub(r"(?<!\r)\n", "\r\n", after)
    return after


def new_cast_text(book: Book) -> str:
    """A cast file that says nothing yet but what it is for."""
    document = tomlkit.parse(_wrapped_header(", ".join(PauseConfig.__dataclass_fields__)))
    document.add(tomlkit.nl())
    document.add("title", tomlkit.item(book.title))
    if book.author:
        document.add("author", tomlkit.item(book.author))
    return tomlkit.dumps(document)


def _wrapped_header(names: str) -> str:
    words, rows = names.split(" "), [""]
    for word in words:
        if len(rows[-1]) + len(word) > 72:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return _HEADER.replace("{pauses}", "\n#   ".join(rows))


def _table(document: tomlkit.TOMLDocument, key: str, *, is_super: bool = False) -> Any:
    """The table under `key`, made where it is missing.

    Tables that stand apart in the file come as tomlkit's proxy, hence no type.
    """
    if key not in document:
        document.add(key, tomlkit.table(is_super_table=is_super))
    return document[key]


PROPOSED = "proposed: "
"""Stands, before the value, in the comment after what Narrator chose.

So it is known what the user chose, also where he only changed the value before the comment.
"""


def _proposal(value: str) -> Item:
    item = tomlkit.item(value)
    item.comment(f"{PROPOSED}{value}" if value.isprintable() else PROPOSED.strip())
    return item


def _proposed_names(names: list[str]) -> Item:
    item = tomlkit.item(names)
    item.comment(f"{PROPOSED}{len(names)} name{'s' * (len(names) != 1)}")
    return item


def proposed_again(text: str, roles: Mapping[str | None, Role]) -> str:
    """The file with other voices for those whose voice was proposed.

    Parameters
    ----------
    roles
        By the names of the characters; None stands for the narrator.
    """
    document: Any = tomlkit.parse(text)
    for name, role in roles.items():
        table = document["narrator"] if name is None else document["characters"][name]
        if str(table["voice"]) != role.voice.name:
            table["voice"] = _proposal(role.voice.name)
    return tomlkit.dumps(document)


def _give_voice(table: Any, role: Role) -> None:
    """Set the voice, and what another book's cast file says of how it is used."""
    put(table, "voice", _proposal(role.voice.name))
    plain, told = Part(), role.delivery
    for key, value, usual in (
        ("rate", told.rate, plain.rate),
        ("pitch", told.pitch_semitones, plain.pitch),
        ("volume", told.gain_db, plain.volume),
    ):
        if key not in table and value != usual:
            put(table, key, value)


def _new_table(character: Character, reserved: set[str], cast: Cast) -> Table:
    table = tomlkit.table()
    if character.is_narrator:
        table.add(tomlkit.comment("tells the story, so speaks in the narrator's voice"))
    else:
        _give_voice(table, cast.role_of(character.id))
    aliases = [a for a in character.aliases if a.casefold() not in reserved]
    if aliases:
        table.add("aliases", _proposed_names(aliases))
    if character.gender is not Gender.UNKNOWN:
        table.add("gender", _proposal(character.gender.value))
    if character.age is not Age.ADULT:
        table.add("age", _proposal(character.age.value))
    if accent := character.trait("accent"):
        table.add("accent", _proposal(accent))
    return table


def _set_count(table: Any, count: int, total: int) -> None:
    if not hasattr(table, "trivia"):  # a proxy for a table in several places
        return
    if table.trivia.comment and not _COUNT.fullmatch(table.trivia.comment):
        return
    share = round(100 * count / total) if total else 0
    noun = "line" if count == 1 else "lines"
    table.trivia.comment_ws = table.trivia.comment_ws or "  "
    table.trivia.comment = f"# {count} {noun}, {share}% of the speech"
