"""Finding names: which capitalised words are somebody's, and where each name stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from narrator.attribute.lexicon import TITLE_SAME, TITLES, given_names, words
from narrator.attribute.tokens import ENDERS, OPENERS, POSSESSIVE, Piece
from narrator.model import Gender

__all__ = ["Form", "Name", "Vocabulary", "find_names", "learn_vocabulary"]

Form = tuple[str, ...]
"""A name as it is compared: lower case, a title first and without its dot."""

_PARTICLES = frozenset(
    "de du des la le von van der den di da del della d of the ibn bin al".split()
)
_INNER_PARTICLES = _PARTICLES - {"of", "the"}
_NEVER_ALONE = frozenset(
    "sir madam mr mrs ms mx miss lord saint m messrs private dean don monsieur madame mademoiselle "
    "signor signora signorina senor doña herr frau master mistress sister brother dame ser".split()
)
_INITIALS = frozenset("di dci ds dc pc wpc dsi".split())
"""Ranks of the police by their initials: titles in capitals only, before a name only."""
_NEVER_NAMED = frozenset("and the i or but of in a an he she it they we you not".split())
_PRONOUNS = frozenset("he she it they we you who that there what let".split())
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen".split()
)
"""Somebody may be called so: *said Five*."""
_LABEL_COUNTS = 3
_MOST_DIGITS = 3
_LONGEST_UNCASED = 6
_DOTTED = frozenset("mr mrs ms mx dr m mme mlle messrs rev prof capt col lt sgt st".split())


class Name(NamedTuple):
    """Where a name stands in a piece: tokens ``[start, end)``."""

    start: int
    end: int
    form: Form
    is_possessive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the book's own use of capitals says about its words."""

    namelike: frozenset[str]
    """Words, in lower case, that are written as names."""
    initial_only: frozenset[str]
    """Those of them that only ever begin a sentence."""


def is_capital(word: str) -> bool:
    """Written as a name is: *Artagnan*, and *d'Artagnan* too."""
    if word[0].isupper():
        return True
    if word[0] > "\u0600" and word[0].isalpha() and word[0].lower() == word[0].upper():
        # Of a script without capitals: a name where the words around it are none of that script.
        return len(word) <= _LONGEST_UNCASED
    return len(word) > 3 and word[1] in "'’" and word[2].isupper()


def _is_initial(lower: Sequence[str], i: int) -> bool:
    return i == 0 or lower[i - 1] in ENDERS or lower[i - 1] in OPENERS


def _is_in_sentence(before: Piece, piece: Piece) -> bool:
    """Whether narration goes on the sentence of a quotation: *"A boy," Pryce said.*"""
    if (
        not before.is_speech
        or piece.is_speech
        or before.segment.span.end != piece.segment.span.start
    ):
        return False
    ends = [word for word in before.words if word not in OPENERS]
    return bool(ends) and ends[-1] == ","


def learn_vocabulary(pieces: Iterable[Piece]) -> Vocabulary:
    """Which words the book writes with a capital where no sentence begins."""
    banned = words("not_names")
    small: Counter[str] = Counter()
    middle: Counter[str] = Counter()
    initial: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    speech = words("speech_strong") - words("speech_weak")
    before: Piece | None = None
    for piece in pieces:
        lower = piece.lower
        goes_on = before is not None and _is_in_sentence(before, piece)
        if before is not None and piece.is_speech and before.is_label:
            middle.update(before.lower[:-1] * _LABEL_COUNTS)
        before = piece
        for i, word in enumerate(piece.words):
            if not is_capital(word):
                small[lower[i]] += 1
            elif len(word) > 1 and (
                word.isupper() or (_is_initial(lower, i) and not (i == 0 and goes_on))
            ):
                initial[lower[i]] += 1
            elif len(word) > 1 and lower[i].partition("'")[0] not in _PRONOUNS:
                middle[lower[i]] += 1
                if lower[i] in banned and (
                    lower[i - 1] in speech
                    or lower[i + 1 : i + 2] == ["said"]
                    or (i + 1 < len(lower) and lower[i + 1] in speech)
                ):
                    spoke[lower[i]] += 1
    known = given_names()
    namelike = {
        word
        for word in middle.keys() | initial.keys()
        if (
            spoke[word] >= 2 and (word in known or word in _NUMBERS)
            if word in banned
            else _is_namelike(word, middle[word], initial[word], small[word], word in known)
        )
    }
    initial_only = frozenset(w for w in namelike if not middle[w] and w not in known)
    return Vocabulary(namelike=frozenset(namelike), initial_only=initial_only)


def _is_namelike(word: str, middle: int, initial: int, small: int, is_given: bool) -> bool:
    if word in TITLES and not is_given:
        return False
    if is_given:
        return middle + (initial if not small else 0) >= 1 and middle * 4 >= small
    if middle == 0:
        return initial >= 2 and small == 0
    return middle >= 2 * small if middle > 1 else small == 0


def find_names(piece: Piece, vocabulary: Vocabulary) -> list[Name]:
    """The names in a piece, in order."""
    found: list[Name] = []
    i, size = 0, len(piece.words)
    while i < size:
        if not is_capital(piece.words[i]):
            i += 1
            continue
        name = _name_at(piece, i, vocabulary)
        if name is None:
            i += 1
        else:
            found.append(name)
            i = name.end
    return found


def _name_at(piece: Piece, i: int, vocabulary: Vocabulary) -> Name | None:
    lower = piece.lower
    if lower[i] in vocabulary.initial_only and _capital(piece, i + 1, vocabulary, any_word=False):
        return None
    form: list[str] = []
    j = i
    while j < len(lower) and _is_title(piece, j) and len(form) < 2:
        if lower[j] in _INITIALS and not _capital(piece, j + 1, vocabulary, any_word=True):
            break
        if lower[j] in vocabulary.namelike and not _capital(
            piece, j + 1, vocabulary, any_word=False
        ):
            break
        form.append(TITLE_SAME.get(lower[j], lower[j]))
        j += 1
        if j < len(lower) and lower[j] == "." and lower[j - 1] in _DOTTED:
            j += 1
    titled = len(form)
    if titled and lower[j : j + 1] == ["and"] and titled == 1:
        return _shared_surname(piece, i, j, form, vocabulary)
    end = _extend(piece, j, form, vocabulary, after_title=titled > 0)
    if end == i or (len(form) == titled and not _stands_alone(piece, i, form)):
        return None
    if _is_family(piece, i, form, vocabulary):
        return None
    is_possessive = end < len(lower) and lower[end] in POSSESSIVE
    return Name(
        i, end, tuple(form[-1:] if len(form) == titled else _one_title(form, titled)), is_possessive
    )


def _is_title(piece: Piece, j: int) -> bool:
    word = piece.words[j]
    if piece.lower[j] in _INITIALS and not word.isupper():
        return False
    return piece.lower[j] in TITLES and is_capital(word)


def _one_title(form: list[str], titled: int) -> list[str]:
    return form[titled - 1 :] if titled > 1 else form


def _stands_alone(piece: Piece, i: int, form: Sequence[str]) -> bool:
    """A title with no name after it: *the General*, *Aunt*, but not a mere *sir*."""
    return (
        bool(form)
        and form[-1] not in _NEVER_ALONE
        and not (
            piece.lower[i]
            in ("lady", "major", "general", "judge", "nurse", "dame", "mother", "father")
            and _is_initial(piece.lower, i)
            and i + 1 < len(piece.lower)
            and piece.lower[i + 1].isalpha()
            and TITLES[form[-1]] is Gender.UNKNOWN
        )
    )


def _shared_surname(
    piece: Piece, i: int, j: int, form: list[str], vocabulary: Vocabulary
) -> Name | None:
    """The first half of *Mr. and Mrs. Allen*: its surname stands after the second title."""
    lower = piece.lower
    k = j + 1
    if k < len(lower) and lower[k] in TITLES:
        k += 1
        if k < len(lower) and lower[k] == ".":
            k += 1
        rest: list[str] = []
        _extend(piece, k, rest, vocabulary, after_title=True)
        if rest:
            return Name(i, j, (*form, *rest), False)
    return Name(i, j, tuple(form), False) if _stands_alone(piece, i, form) else None


def _capital(piece: Piece, j: int, vocabulary: Vocabulary, *, any_word: bool) -> bool:
    if j >= len(piece.words) or not is_capital(piece.words[j]):
        return False
    word = piece.lower[j]
    if any_word:
        return word not in _NEVER_NAMED and word not in TITLES
    return word in vocabulary.namelike


def _extend(
    piece: Piece, j: int, form: list[str], vocabulary: Vocabulary, *, after_title: bool
) -> int:
    """Take name words from token `j` on into `form`; where they end."""
    lower, size = piece.lower, len(piece.lower)
    end = j
    if after_title and lower[j : j + 1] == ["of"] and form:
        return _extend_of(piece, j, form)
    k = j
    while after_title and k < size and k < j + 3 and lower[k] in _INNER_PARTICLES:
        k += 1
    if k > j and _capital(piece, k, vocabulary, any_word=True):
        form.extend(lower[j:k])
        j = k
    any_word = after_title
    while j < size and len(form) < 6:
        if (saint := _saint_at(piece, j)) is not None:
            form.append(saint)
            j += 3
            end = j
            any_word = False
        elif _capital(piece, j, vocabulary, any_word=any_word):
            form.append(lower[j])
            j += 1
            end = j
            any_word = False
        elif (
            len(lower[j]) == 1
            and piece.words[j].isupper()
            and lower[j] != "i"
            and lower[j + 1 : j + 2] == ["."]
        ):
            if not (j + 2 < size and _capital(piece, j + 2, vocabulary, any_word=False)):
                break
            j += 2
        elif (
            end > 0
            and end == j
            and lower[j] in _INNER_PARTICLES
            and _capital(piece, j + 1, vocabulary, any_word=False)
        ):
            form.append(lower[j])
            j += 1
        else:
            break
    if end == j and _is_numbered(piece, j, form):
        form.append(lower[j])
        return j + 1
    if (
        end == j
        and lower[j : j + 1] == ["of"]
        and form
        and form[-1] in ("king", "queen", "knave", "duke")
    ):
        return _extend_of(piece, j, form)
    return end if end else j


def _is_numbered(piece: Piece, j: int, form: Sequence[str]) -> bool:
    """Whether the number at token `j` belongs to the name before it: *Unit 7*, *Agent Nine*."""
    if len(form) != 1 or form[0] in given_names() or j >= len(piece.words):
        return False
    word = piece.lower[j]
    return (word.isdecimal() and len(word) <= _MOST_DIGITS) or (
        word in _NUMBERS and is_capital(piece.words[j])
    )


def _saint_at(piece: Piece, j: int) -> str | None:
    """*St. Clair*, as one word of a name."""
    if piece.words[j : j + 1] != ["St"] or piece.words[j + 1 : j + 2] != ["."]:
        return None
    if j + 2 >= len(piece.words) or not is_capital(piece.words[j + 2]):
        return None
    return f"st. {piece.lower[j + 2]}"


def _extend_of(piece: Piece, j: int, form: list[str]) -> int:
    """*King of Hearts*, *Duke of the Marches*; where it ends."""
    k = j + 1
    if piece.lower[k : k + 1] == ["the"]:
        k += 1
    if (saint := _saint_at(piece, k)) is not None:
        form.extend(("of", saint))
        return k + 3
    if k < len(piece.words) and is_capital(piece.words[k]):
        form.extend(piece.lower[j : k + 1])
        return k + 1
    return j


def _is_family(piece: Piece, i: int, form: Sequence[str], vocabulary: Vocabulary) -> bool:
    """*the Bennets*: a plural of a name that the book knows."""
    last = form[-1]
    if i == 0 or piece.lower[i - 1] not in ("the", "both", "miss", "two") or not last.endswith("s"):
        return False
    return last[:-1] in vocabulary.namelike or last[:-2] in vocabulary.namelike
