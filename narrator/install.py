"""Models of neural voices: found in a folder, a file or at an address, checked, placed, and
registered as a bank of voices.

What a bank says of a voice comes from the model's card, from the corpus it was trained on, or from
its name where they tell; else a voice's pitch tells whether it is a man's or a woman's.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from narrator.engines.installed import checksum_of, models_folder
from narrator.engines.onnx_session import open_session
from narrator.engines.piper_files import CONFIG_SUFFIX, parse_piper_config, voices_of
from narrator.errors import EngineError, StoreError
from narrator.fetch import fetch, is_address
from narrator.model import Gender, Voice
from narrator.personal import voices_folder
from narrator.speakers import as_known
from narrator.store import exists, read_bytes, replacing, write_text

CARD = "MODEL_CARD"
"""What a Piper voice's folder calls the file that says where it comes from."""

_HIGHEST_MAN_ST = 18.0
"""155 Hz, in semitones above 55 Hz: the voices of most men lie below it, those of women above."""

_LICENCE = re.compile(r"^\W*licen[cs]e\W*\s*[:=]\s*(.+?)\s*$", re.I | re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A model that can be installed: its files, and what they say."""

    engine: str
    name: str
    files: tuple[tuple[Path, str], ...]
    """Each with the name that it is placed under; the model is the first."""
    voices: tuple[Voice, ...]
    licence: str
    """As its card or config states it; empty where neither does."""
    sha256: str
    """Of the model's file, its beginning."""


def find_packages(
    source: str, progress: Callable[[str, int, int | None], None] = lambda name, got, total: None
) -> tuple[Package, ...]:
    """The models at `source`: a path of a file or folder, or the address of a model.

    Nothing is placed yet. What is fetched lies among the user's voices, in a folder ``parts``.

    Raises
    ------
    StoreError
        There is no such path, or it cannot be fetched.
    EngineError
        There is no model that an engine here can speak with, or it is broken.
    """
    if is_address(source):
        path = _fetched(source, progress)
    else:
        path = Path(source).expanduser()
        if not exists(path):
            raise StoreError(f"{path}: no such file or folder")
    models = sorted(path.rglob("*.onnx")) if path.is_dir() else [path]
    if not models:
        raise EngineError(f"{path}: no model in it: a folder with NAME.onnx is wanted")
    return tuple(_package(model) for model in models)


def place(package: Package) -> Path:
    """Copy a model among the user's own; the folder it now is in.

    Raises
    ------
    StoreError
        It cannot be written.
    """
    folder = models_folder(package.engine)
    # The model last: until it is there, none of it is a voice.
    for source, name in reversed(package.files):
        target = folder / name
        if target.exists() and target.samefile(source):
            continue
        with replacing(target) as temporary:
            shutil.copyfile(source, temporary)
    parts = _parts_folder()
    for source, _ in package.files:
        if source.parent == parts:
            source.unlink(missing_ok=True)
    return folder


def gendered(package: Package, pitches_st: Sequence[float | None]) -> tuple[Voice, ...]:
    """The voices, each with a gender: as stated, or by its pitch (semitones above 55 Hz)."""
    found = []
    for voice, pitch_st in zip(package.voices, pitches_st, strict=True):
        gender = voice.gender
        if gender is Gender.UNKNOWN and pitch_st is not None:
            gender = Gender.MALE if pitch_st < _HIGHEST_MAN_ST else Gender.FEMALE
        found.append(replace(voice, gender=gender))
    return tuple(found)


def bank_path(package: Package) -> Path:
    """Where a model's voices are registered."""
    return voices_folder() / f"{package.engine}-{package.name}.toml"


def register(package: Package, voices: Sequence[Voice], source: str) -> Path:
    """Write the bank of a model's voices. One that was there before is kept beside it as ``.old``.

    Raises
    ------
    StoreError
        It cannot be written.
    """
    path = bank_path(package)
    text = bank_text(package, voices, source)
    if path.exists() and (before := read_bytes(path)) != text.encode():
        write_text(path.with_suffix(".toml.old"), before.decode("utf-8", "replace"))
    write_text(path, text)
    return path


def bank_text(package: Package, voices: Sequence[Voice], source: str) -> str:
    """A bank, as `narrator.bank` reads it."""
    lines = [
        f"# The voices of {_comment(package.name)}, for you to edit: names, genders, ages,",
        "# accents, and which of them narrate.",
        "#",
        f"# from: {_comment(source)}",
        f"# sha256: {package.sha256}...",
        f"# licence: {_comment(package.licence) or 'not stated'}",
        "",
        f'engine = "{package.engine}"',
    ]
    for voice in voices:
        lines += [
            "",
            "[[voice]]",
            f"name = {_quoted(voice.name)}",
            f'gender = "{voice.gender}"',
            f'age = "{voice.age}"',
            f"accent = {_quoted(voice.accent)}",
            f"language = {_quoted(voice.language)}",
            f"rank = {voice.rank}",
            f"narrates = {str(voice.narrates).lower()}",
            f"sample_rate_hz = {voice.sample_rate_hz}",
            f"controls = {json.dumps(list(voice.controls))}",
            "[voice.settings]",
            *(f"{key} = {json.dumps(value)}" for key, value in voice.settings),
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _package(path: Path) -> Package:
    config = path.with_name(path.name + CONFIG_SUFFIX)
    if config.exists():
        return _piper_package(path, config)
    voices = sorted((*path.parent.glob("voices*.bin"), *path.parent.glob("voices*.npz")))
    if voices:
        return _kokoro_package(path)
    raise EngineError(
        f"{path}: neither {config.name} (of a Piper voice) nor a file voices*.bin (of Kokoro) "
        "lies beside it"
    )


def _piper_package(path: Path, config: Path) -> Package:
    file = parse_piper_config(read_bytes(config, EngineError), path, str(config))
    wanted = {"input", "input_lengths", "scales"} | ({"sid"} if file.speakers else set())
    _check_inputs(path, wanted, "Piper")
    mark = checksum_of(path)
    files = [(path, path.name), (config, config.name)]
    text = ""
    cards = (path.with_name(f"{file.name}.{CARD}"), path.with_name(CARD))
    if (card := next((each for each in cards if each.exists()), None)) is not None:
        text = read_bytes(card).decode("utf-8", "replace")
        files.append((card, f"{file.name}.{CARD}"))
    stated = file.config.get("license") or file.config.get("licence")
    said = _LICENCE.search(text)
    speakers = [name for name, _ in file.speakers] or [""]
    # Piper's voices are called en_GB-vctk-medium, and not every config says the one in the middle.
    dataset = str(file.config.get("dataset") or "".join(file.name.split("-")[1:2]))
    return Package(
        engine="piper",
        name=file.name,
        files=tuple(files),
        voices=tuple(
            as_known(voice, speaker=name, card=text, dataset=dataset)
            for voice, name in zip(voices_of(file, mark), speakers, strict=True)
        ),
        licence=str(stated or (said.group(1) if said else "")),
        sha256=mark,
    )


def _kokoro_package(path: Path) -> Package:
    # Only here: it needs the package that comes with the extra.
    from narrator.engines.kokoro_engine import file_voices, kokoro_files

    file = next(each for each in kokoro_files(path.parent) if each.path == path)
    _check_inputs(path, {"style", "speed"}, "Kokoro")
    return Package(
        engine="kokoro",
        name=file.name,
        files=((path, path.name), (file.voices_path, file.voices_path.name)),
        voices=tuple(file_voices(file)),
        licence="",
        sha256=checksum_of(path),
    )


def _check_inputs(path: Path, wanted: set[str], kind: str) -> None:
    try:
        session = open_session(path, threads=1)
    except ImportError as exc:
        raise EngineError(
            f"a {kind} model cannot be checked without onnxruntime: "
            f"run pip install 'narrator[{kind.lower()}]'"
        ) from exc
    found = {each.name for each in session.get_inputs()}
    if missing := sorted(wanted - found):
        raise EngineError(
            f"{path}: not a {kind} model: it has no input {', '.join(map(repr, missing))}"
        )


def _parts_folder() -> Path:
    return voices_folder() / "parts"


def _fetched(address: str, progress: Callable[[str, int, int | None], None]) -> Path:
    """Fetch a model and the files that belong to it; the path of the model."""
    place_of = urlsplit(address)
    name = place_of.path.rpartition("/")[2]
    if not name.endswith(".onnx") or not re.fullmatch(r"[\w.+-]+", name):
        raise EngineError(f"{address}: the address of a model is wanted, which ends in .onnx")
    folder = _parts_folder()
    for own, address_of, needed in _belongings(address, name):
        path = folder / own
        if path.exists() and not path.with_name(path.name + ".mark").exists():
            continue  # it is complete
        try:
            fetch(address_of, path, progress=partial(progress, own))
        except StoreError:
            if needed:
                raise
    return folder / name


def _belongings(address: str, name: str) -> Iterator[tuple[str, str, bool]]:
    """Files to fetch: what they are called here, their addresses, and whether they must be there.

    The small ones come first: what lacks them is no model that would be worth the wait.
    """
    parts = urlsplit(address)
    base = parts.path.removesuffix(name)

    def beside(other: str) -> str:
        return urlunsplit(parts._replace(path=base + other))

    if name.startswith("kokoro"):
        version = re.match(r"kokoro-(v[\d.]*\d)", name)
        voices = f"voices-{version.group(1)}.bin" if version else "voices.bin"
        yield voices, beside(voices), True
    else:
        yield name + CONFIG_SUFFIX, beside(name + CONFIG_SUFFIX), True
        yield f"{name.removesuffix('.onnx')}.{CARD}", beside(CARD), False
    yield name, address, True
