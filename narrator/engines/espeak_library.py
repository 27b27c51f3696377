"""Where eSpeak NG is, and the folder of data from which it makes our voices.

eSpeak NG builds a voice from a language and a *variant*, a small text file that shapes pitch and
formants. It looks for variants only in its own data folder, so a folder of our own is put together
from links to the real data, and variants are written into it as they are needed. Two settings are
forced in all of them, because their effect depends on what was spoken before, and the same words
must always give the same samples: ``flutter``, a slow wobble of pitch whose phase runs on from one
utterance to the next, and ``roughness``, which weakens every n-th period, counted from the start of
the process. Variants that use the Klatt synthesizer keep more such state and are refused.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from narrator.errors import EngineError

_INSTALL = (
    "install the Python package espeakng-loader (`pip install espeakng-loader`), or your system's "
    "eSpeak NG (Debian: `apt install libespeak-ng1 espeak-ng-data`)"
)

_SHARED = ("phontab", "phondata", "phonindex", "intonations", "lang")
"""Parts of the data folder that every voice needs; with them come the dictionaries."""

_LAYOUT = 2
"""Of the data folder; changes when a folder of an older program must not be used."""

_FALLBACK_PLACES = ("/tmp", "/var/tmp")

_LONGEST_PATH = 120
"""eSpeak NG cuts the path of its data folder off at 160 characters, in bytes."""

_FORCED = "flutter 0\nroughness 8\n"
"""Roughness 8 is beyond eSpeak NG's table of effects; 0 still has the one for a rolled r."""

_NEUTRAL_PITCH_HZ = (82.0, 118.0)
"""The speaking range of a variant that gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EspeakFiles:
    """A libespeak-ng and the data that belongs to it."""

    library: str
    """Path or soname."""
    data: Path
    version: str
    """As the library says: ``1.52.0``."""


def find_espeak() -> EspeakFiles:
    """Find the embedded eSpeak NG, or else the system's.

    Raises
    ------
    EngineError
        There is none; the message says what to install.
    """
    found = _embedded() or _system()
    if found is None:
        raise EngineError(f"no eSpeak NG on this machine: {_INSTALL}")
    library, data = found
    try:
        espeak_info = ctypes.CDLL(library).espeak_Info
    except (OSError, AttributeError) as exc:
        raise EngineError(f"eSpeak NG cannot be loaded from {library}: {exc}; {_INSTALL}") from exc
    espeak_info.argtypes = (ctypes.c_void_p,)
    espeak_info.restype = ctypes.c_char_p
    version = (espeak_info(None) or b"unknown").decode("utf-8", "replace").split(" ")[0]
    return EspeakFiles(library=library, data=data, version=version)


def _embedded() -> tuple[str, Path] | None:
    try:
        loader = import_module("espeakng_loader")
        plain, data = loader.get_library_path(), Path(loader.get_data_path())
    except (ImportError, RuntimeError):
        return None
    # pyttsx3 asks the system for libespeak-ng.so.1, and gets a library already loaded by that name.
    library = next((path for path in (f"{plain}.1", plain) if Path(path).exists()), None)
    return (library, data) if library and (data / "phontab").exists() else None


def _system() -> tuple[str, Path] | None:
    library = ctypes.util.find_library("espeak-ng")
    places = (
        *(Path(value) for value in (os.environ.get("ESPEAK_DATA_PATH"),) if value),
        *(Path("/usr/lib").glob("*/espeak-ng-data")),
        *(Path(root) / "espeak-ng-data" for root in ("/usr/share", "/usr/lib", "/usr/lib64")),
        *(Path(root) / "espeak-ng-data" for root in ("/usr/local/share", "/usr/local/lib")),
    )
    data = next((place for place in places if (place / "phontab").exists()), None)
    return (library, data) if library and data else None


def open_data_folder(files: EspeakFiles) -> Path:
    """The folder of links to `files.data` that variants can be added to, made where there is none.

    It is shared by all processes of this user and outlives them, so that none has to clean up after
    another that was killed. It holds links and a few small texts.

    Raises
    ------
    EngineError
        It cannot be made.
    """
    identity = f"{_LAYOUT} {files.data.resolve()} {files.version}"
    name = f"narrator-espeak-{os.getuid()}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
    fault = ""
    for place in dict.fromkeys((tempfile.gettempdir(), *_FALLBACK_PLACES)):
        folder = Path(place) / name
        if len(os.fsencode(folder)) > _LONGEST_PATH:
            fault = f"{folder} is too long a path for eSpeak NG"
            continue
        try:
            _furnish(folder, files.data)
        except OSError as exc:
            fault = str(exc)
            continue
        return folder
    raise EngineError(f"no place for eSpeak NG's voices: {fault}; set TMPDIR to a short path")


def _furnish(folder: Path, data: Path) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    # Another user of the machine could have laid a folder of that name in our way.
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise PermissionError(f"{folder} is not a folder that only you can write to")
    (folder / "voices" / "!v").mkdir(parents=True, exist_ok=True)
    there = {entry.name for entry in os.scandir(folder)}
    for source in (*(data / name for name in _SHARED), *data.glob("*_dict")):
        if source.name not in there:
            with contextlib.suppress(FileExistsError):  # another process was faster
                (folder / source.name).symlink_to(source.resolve())


def variant_text(
    files: EspeakFiles, variant: str, shape: str, *, pitch_semitones: float = 0.0
) -> str:
    """The variant file for a voice.

    Parameters
    ----------
    variant
        Name of one of eSpeak NG's own to begin with, or empty.
    shape
        Lines of a variant file that change it, with ``;`` between them:
        ``pitch 160 220; formant 1 110 100 100``.
    pitch_semitones
        How much to move the speaking range by. eSpeak NG's own control of pitch moves the lowest
        pitch only and leaves the melody above it as wide as it was in hertz: seven semitones of
        twelve asked for.

    Raises
    ------
    EngineError
        There is no such variant, or it cannot give the same sound twice.
    """
    lines = ["language variant", "name narrator"]
    if variant:
        path = files.data / "voices" / "!v" / variant
        try:
            lines = path.read_text("utf-8", "replace").splitlines()
        except OSError as exc:
            raise EngineError(f"eSpeak NG {files.version} has no variant {variant!r}") from exc
    lines += [line.strip() for line in shape.replace("\n", ";").split(";") if line.strip()]
    if any(line.startswith("klatt") for line in lines):
        raise EngineError(f"the variant {variant!r} of eSpeak NG does not sound the same twice")
    if pitch_semitones:
        lines.append(_transposed(lines, pitch_semitones))
    return "\n".join(lines) + "\n" + _FORCED


def _transposed(lines: list[str], semitones: float) -> str:
    given = [line.split() for line in lines if line.startswith("pitch ")]
    try:
        low_hz, high_hz = map(float, given[-1][1:3]) if given else _NEUTRAL_PITCH_HZ
    except ValueError as exc:
        raise EngineError(f"a voice's pitch needs two numbers: {' '.join(given[-1])!r}") from exc
    factor = 2 ** (semitones / 12)
    return f"pitch {round(low_hz * factor)} {round(high_hz * factor)}"


def add_variant(folder: Path, text: str) -> str:
    """Put a variant file into a data folder, unless it is there, and give its name.

    Raises
    ------
    EngineError
        It cannot be written.
    """
    # eSpeak NG lists the folder when it starts, and complains on stderr when it finds more than 350
    # voices; it passes over names that begin with a dot.
    name = ".n" + hashlib.sha256(text.encode()).hexdigest()[:16]
    path = folder / "voices" / "!v" / name
    if not path.exists():
        beside = path.with_name(f"{name}.{os.getpid()}")
        try:
            beside.write_text(text, "utf-8")
            beside.replace(path)
        except OSError as exc:
            raise EngineError(f"eSpeak NG's voice cannot be written: {exc}") from exc
    return name


@contextlib.contextmanager
def data_path(folder: Path) -> Iterator[None]:
    """Within this, an eSpeak NG that initializes takes its data from `folder`."""
    before = os.environ.get("ESPEAK_DATA_PATH")
    os.environ["ESPEAK_DATA_PATH"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["ESPEAK_DATA_PATH"]
        else:
            os.environ["ESPEAK_DATA_PATH"] = before
