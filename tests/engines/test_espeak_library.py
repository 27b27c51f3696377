import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from narrator.engines import espeak_library
from narrator.engines.espeak_library import (
    EspeakFiles,
    add_variant,
    data_path,
    find_espeak,
    open_data_folder,
    variant_text,
)
from narrator.errors import EngineError

pytestmark = pytest.mark.skipif(
    sys.platform in ("darwin", "win32"), reason="eSpeak NG is the engine of other systems"
)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # pytest's own folders can be too deep for eSpeak NG.
    folder = Path(tempfile.mkdtemp(prefix="n"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def files(tmp_path: Path) -> EspeakFiles:
    data = tmp_path / "espeak-ng-data"
    (data / "voices" / "!v").mkdir(parents=True)
    (data / "lang" / "gmw").mkdir(parents=True)
    for name in ("phontab", "phondata", "phonindex", "intonations", "en_dict", "cy_dict"):
        (data / name).write_text(name)
    (data / "voices" / "!v" / "f9").write_text("language variant\npitch 140 200\necho 99 9\n")
    (data / "voices" / "!v" / "k1").write_text("language variant\nklatt 3\n")
    return EspeakFiles(library="libespeak-ng.so.1", data=data, version="1.52.0")


def test_the_embedded_library_is_found_with_its_data() -> None:
    files = find_espeak()
    assert files.version[0].isdigit()
    assert (files.data / "en_dict").is_file()


def test_without_any_library_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    with pytest.raises(
        EngineError, match=r"pip install espeakng-loader.*apt install libespeak-ng1"
    ):
        find_espeak()


def test_a_library_that_does_not_load_is_named(
    monkeypatch: pytest.MonkeyPatch, files: EspeakFiles
) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    monkeypatch.setattr("ctypes.util.find_library", lambda name: "libnothing.so.7")
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(files.data))
    with pytest.raises(EngineError, match=r"libnothing\.so\.7.*install"):
        find_espeak()


def test_the_data_folder_is_private_shared_and_complete(
    temporary: Path, files: EspeakFiles
) -> None:
    folder = open_data_folder(files)
    assert folder.parent == temporary
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {path.name for path in files.data.iterdir()}
    assert (folder / "en_dict").read_text() == "en_dict"
    (folder / "en_dict").unlink()
    assert open_data_folder(files) == folder
    assert (folder / "en_dict").exists()


def test_a_folder_that_others_can_write_to_is_not_trusted(
    temporary: Path, files: EspeakFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espeak_library, "_FALLBACK_PLACES", ())
    open_data_folder(files).chmod(0o777)
    with pytest.raises(EngineError, match="only you can write to"):
        open_data_folder(files)


def test_a_link_in_the_way_is_not_followed(
    temporary: Path, files: EspeakFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espeak_library, "_FALLBACK_PLACES", ())
    folder = open_data_folder(files)
    folder.rename(temporary / "elsewhere")
    folder.symlink_to(temporary / "elsewhere")
    with pytest.raises(EngineError, match="only you can write to"):
        open_data_folder(files)


def test_a_path_too_long_for_espeak_is_passed_over(
    files: EspeakFiles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    monkeypatch.setattr(espeak_library, "_FALLBACK_PLACES", ())
    with pytest.raises(EngineError, match=r"too long a path.*TMPDIR"):
        open_data_folder(files)


def test_a_variant_ends_with_what_is_forced(files: EspeakFiles) -> None:
    text = variant_text(files, "", "pitch 160 220; formant 1 110 80 90\nbreath 0 2")
    assert text.splitlines() == [
        *("language variant", "name narrator", "pitch 160 220"),
        *("formant 1 110 80 90", "breath 0 2", "flutter 0", "roughness 8"),
    ]


def test_a_shape_comes_after_the_variant_that_it_changes(files: EspeakFiles) -> None:
    lines = variant_text(files, "f9", "echo 0 0").splitlines()
    assert lines.index("echo 99 9") < lines.index("echo 0 0")


@pytest.mark.parametrize(
    ("variant", "shape", "semitones", "expected"),
    [
        ("", "", 12, "pitch 164 236"),
        ("f9", "", 12, "pitch 280 400"),
        ("f9", "pitch 100 150", -12, "pitch 50 75"),
    ],
)
def test_the_whole_speaking_range_is_transposed(
    files: EspeakFiles, variant: str, shape: str, semitones: float, expected: str
) -> None:
    lines = variant_text(files, variant, shape, pitch_semitones=semitones).splitlines()
    assert [line for line in lines if line.startswith("pitch")][-1] == expected


def test_variants_that_cannot_be_used_are_refused(files: EspeakFiles) -> None:
    with pytest.raises(EngineError, match="no variant 'zz'"):
        variant_text(files, "zz", "")
    with pytest.raises(EngineError, match="twice"):
        variant_text(files, "k1", "")
    with pytest.raises(EngineError, match="two numbers: 'pitch low'"):
        variant_text(files, "", "pitch low", pitch_semitones=1)


def test_a_variant_is_written_once_under_a_name_of_its_own(
    temporary: Path, files: EspeakFiles
) -> None:
    folder = open_data_folder(files)
    one, other = add_variant(folder, "pitch 1 2\n"), add_variant(folder, "pitch 3 4\n")
    assert one != other
    assert add_variant(folder, "pitch 1 2\n") == one
    assert (folder / "voices" / "!v" / one).read_text() == "pitch 1 2\n"
    assert len(list((folder / "voices" / "!v").iterdir())) == 2


def test_a_variant_that_cannot_be_written_is_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be written"):
        add_variant(tmp_path / "gone", "pitch 1 2\n")


@pytest.mark.parametrize("before", [None, "/somewhere"])
def test_the_environment_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    if before is None:
        monkeypatch.delenv("ESPEAK_DATA_PATH", raising=False)
    else:
        monkeypatch.setenv("ESPEAK_DATA_PATH", before)
    with data_path(tmp_path):
        assert os.environ["ESPEAK_DATA_PATH"] == str(tmp_path)
    assert os.environ.get("ESPEAK_DATA_PATH") == before
