"""``narrator voices install``, with tiny models."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("piper", reason="piper-tts is not installed")
pytest.importorskip("kokoro_onnx", reason="kokoro-onnx is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from tests.cli.conftest import Result, Run
from tests.engines.models import write_kokoro, write_piper
from tests.test_fetch import Server

CARD = "# Model card\n* License: CC BY 4.0\n* p02: female, English\n"


class Machine:
    """A user's machine: `narrator`, with a folder of voices of its own."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.folder = run, folder

    def __call__(self, *args: str | Path) -> Result:
        return self.run(*args, environ={"NARRATOR_VOICES": str(self.folder)})

    def install(self, source: str | Path) -> Result:
        return self("voices", "install", source)


@pytest.fixture
def machine(narrator: Run, tmp_path: Path) -> Machine:
    """`narrator`, and where its voices are."""
    return Machine(narrator, tmp_path / "mine")


def test_a_folder_of_a_model_with_several_speakers(machine: Machine, tmp_path: Path) -> None:
    write_piper(tmp_path / "src" / "en_GB-many-low.onnx", speakers=("p01", "p02", "p03"))
    (tmp_path / "src" / "MODEL_CARD").write_text(CARD)
    done = machine.install(tmp_path / "src")
    assert done.code == 0, done.err
    for said in ("en_GB-many-low: 3 voices for the engine piper", "CC BY 4.0", "sha256", "p03"):
        assert said in done.out
    listed = machine("voices", "--engine", "piper")
    # The card tells of p02; the pitch of the others, 110 and 134 Hz, does.
    genders = {row.split()[1]: row.split()[2].strip(",") for row in listed.out.splitlines()}
    assert genders == {"p01": "man", "p02": "woman", "p03": "man"}
    assert (machine.folder / "timbre" / "piper-en_GB-many-low.toml").exists()
    matrix = machine("voices", "--engine", "piper", "--matrix")
    assert "3 voices, 3 pairs" in matrix.out, matrix.err


def test_speakers_of_a_corpus_that_is_known_have_its_accents(
    machine: Machine, tmp_path: Path
) -> None:
    path = tmp_path / "src" / "en_GB-vctk-medium.onnx"
    write_piper(path, speakers=("p237", "p253"), language="en_GB", dataset="")
    assert machine.install(path).code == 0
    listed = machine("voices", "--engine", "piper").out
    assert "en_GB-vctk-medium p237  man, scottish" in listed
    assert "en_GB-vctk-medium p253  woman, welsh" in listed


def test_a_kokoro_model(machine: Machine, tmp_path: Path) -> None:
    done = machine.install(write_kokoro(tmp_path / "src", {"af_sarah": 210, "bm_george": 120}))
    assert done.code == 0, done.err
    assert "bm_george  man, en-GB" in machine("voices", "--engine", "kokoro").out


def test_what_the_user_changed_in_a_bank_is_kept_beside_it(
    machine: Machine, tmp_path: Path
) -> None:
    path = write_piper(tmp_path / "src" / "one.onnx")
    assert machine.install(path).code == 0
    bank = machine.folder / "piper-one.toml"
    bank.write_text(bank.read_text().replace('name = "one"', 'name = "Una"'))
    assert "Una" in machine("voices", "--engine", "piper").out
    assert machine.install(path).code == 0
    assert '"Una"' in bank.with_suffix(".toml.old").read_text()


def test_an_installed_voice_reads_a_book(machine: Machine, tmp_path: Path, story: Path) -> None:
    assert machine.install(write_piper(tmp_path / "src" / "one.onnx")).code == 0
    done = machine("build", story, "--engine", "piper", "-o", tmp_path / "book.wav", "-j", "1")
    assert done.code == 0, done.err
    assert "one" in done.out


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_from_an_address_with_what_belongs_to_it(
    machine: Machine, tmp_path: Path, server: Server
) -> None:
    path = write_piper(tmp_path / "src" / "one.onnx")
    config = path.with_name("one.onnx.json")
    server.files = {"/v/one.onnx": path.read_bytes(), "/v/one.onnx.json": config.read_bytes()}
    server.cut = len(config.read_bytes())  # less than the model has
    cut = machine.install(server.address("/v/one.onnx"))
    assert cut.code != 0
    assert "run the same command again, and it goes on from there" in cut.err
    server.cut = None
    done = machine.install(server.address("/v/one.onnx"))
    assert done.code == 0, done.err
    assert server.ranges[-1] == f"bytes={len(config.read_bytes())}-"
    assert "one: 1 voice for the engine piper" in done.out
    assert (machine.folder / "piper" / "one.onnx").read_bytes() == path.read_bytes()
    assert not list((machine.folder / "parts").iterdir())


def test_what_is_no_model_is_refused_and_nothing_placed(machine: Machine, tmp_path: Path) -> None:
    path = write_piper(tmp_path / "src" / "one.onnx")
    other = write_kokoro(tmp_path / "other", {"af_x": 200})
    path.write_bytes(other.read_bytes())
    empty = tmp_path / "empty"
    empty.mkdir()
    for source, said in (
        (path, "not a Piper model: it has no input 'input', 'input_lengths', 'scales'"),
        (empty, "no model in it"),
        (tmp_path / "nothing", "no such file or folder"),
        ("http://127.0.0.1:9/page.html", "the address of a model is wanted"),
    ):
        done = machine.install(source)
        assert done.code != 0
        assert said in done.err
        assert done.err.count("\n") == 1
    assert not machine.folder.exists() or not list(machine.folder.glob("*"))


def test_without_a_voice_the_message_has_the_command(machine: Machine) -> None:
    done = machine("voices", "--engine", "piper")
    assert done.code != 0
    assert "narrator voices install PATH" in done.err
