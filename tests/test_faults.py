"""Whatever goes wrong, running it again gives the same bytes and speaks nothing twice."""

from __future__ import annotations

import os
import random
import signal
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from narrator.build import Built, Progress, Stage, build, measure_ahead
from narrator.clips import clip_key, recall_clip
from narrator.encode import Tags
from narrator.engines import load_engine
from narrator.errors import EngineError, NarratorError, StoreError
from narrator.model import Role, Take, Voice
from narrator.plan import BuildConfig
from narrator.speak import Patience
from narrator.store import Cache
from narrator.watch import WatchedPool
from narrator.workshop import close_studio
from tests.faulty import Around, Here, Mischief, uninstall
from tests.test_build import takes_of

TONE = load_engine("tone")
IMPATIENT = Patience(text_s=2.0, character_s=0.0)
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def hurried(voice: Voice) -> Voice:
    """A voice that says little in a long text, so that a book is made in no time."""
    return replace(
        voice, settings=tuple(sorted({**dict(voice.settings), "ms_per_letter": 8}.items()))
    )


# Every text is there once, so that what is spoken twice shows.
TAKES = [
    replace(
        take,
        text=f"Sentence {'abcdefghij'[i // 10]}{'abcdefghij'[i % 10]}. {take.text}",
        voice=hurried(take.voice),
        pause_ms=take.pause_ms // 8,
    )
    for i, take in enumerate(takes_of(48, chapters=4, voices=3))
]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    close_studio()
    yield
    close_studio()
    uninstall()


@pytest.fixture
def mischief(tmp_path: Path) -> Mischief:
    folder = tmp_path / "mischief"
    folder.mkdir()
    return Mischief(folder=folder)


def make(
    folder: Path,
    *,
    takes: list[Take] = TAKES,
    executor: Executor | None = None,
    keep_going: bool = False,
    patience: Patience = IMPATIENT,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Built:
    return build(
        takes,
        folder / "book.m4b",
        tags=Tags(title="T"),
        cache=Cache(root=folder / "cache"),
        config=BuildConfig(jobs=2, keep_going=keep_going, patience=patience),
        executor=executor or Here(),
        progress=progress,
    )


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The book as an uninterrupted build gives it."""
    folder = tmp_path_factory.mktemp("right")
    assert make(folder).reels >= 4
    return (folder / "book.m4b").read_bytes()


def in_child(do: Callable[[], object]) -> Callable[[], int]:
    """Begin `do` in a process of its own; what is returned waits for its exit code or -signal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: it uses none of them
        child = os.fork()
    if child == 0:
        code = 99
        try:
            do()
            code = 0
        except NarratorError as exc:
            code = exc.exit_code
        finally:
            os._exit(code)
    return lambda: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_cache(folder: Path) -> set[str]:
    """The texts whose clips are in the cache, and whole."""
    cache = Cache(root=folder / "cache")
    return {
        take.text
        for take in TAKES
        if recall_clip(cache, clip_key(take.text, take.voice, take.delivery, TONE.version))
    }


def cpu_seconds(folder: Path) -> float:
    before = os.times()
    make(folder)
    after = os.times()
    return after.user - before.user


@needs_fork
def test_killed_at_fifty_moments_it_goes_on_where_it_stopped(
    tmp_path: Path, mischief: Mischief, right: bytes
) -> None:
    whole_s = max(0.05, cpu_seconds(tmp_path / "measure"))
    close_studio()
    mischief.install()
    chance = random.Random(4)
    kills = book = 0
    while kills < 50:
        folder = tmp_path / f"book{book}"
        book += 1
        for _ in range(10):
            mischief.forget()
            known = in_cache(folder)
            moment_s = chance.uniform(0.001, whole_s)

            def build_until_killed(folder: Path = folder, moment_s: float = moment_s) -> None:
                # By processor time, so that a busy machine makes no difference.
                signal.setitimer(signal.ITIMER_VIRTUAL, moment_s)
                make(folder)

            code = in_child(build_until_killed)()
            assert code in (0, -signal.SIGVTALRM)
            assert not known & set(mischief.spoken())
            target = folder / "book.m4b"
            assert not target.exists() or target.read_bytes() == right
            if code == 0:
                break
            kills += 1
        mischief.forget()
        known = in_cache(folder)
        make(folder)
        assert not known & set(mischief.spoken())
        assert (folder / "book.m4b").read_bytes() == right


def test_damaged_cache_files_are_noticed_and_made_again(tmp_path: Path, right: bytes) -> None:
    make(tmp_path)
    chance = random.Random(5)
    files = sorted(path for path in (tmp_path / "cache").rglob("*") if path.is_file())
    kinds = {path.relative_to(tmp_path / "cache").parts[0] for path in files}
    assert {"clip", "reel", "sheet", "level", "book"} <= kinds
    for round_ in range(12):
        for path in chance.sample(files, max(1, len(files) // 4)):
            damage(path, chance)
        if round_ % 2:
            (tmp_path / "book.m4b").unlink()
        make(tmp_path)
        assert (tmp_path / "book.m4b").read_bytes() == right


def damage(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes() if path.exists() else b"")
    if not data:  # was taken away or emptied, and not needed since
        return
    match chance.choice(["cut", "flip", "empty", "gone", "longer"]):
        case "cut":
            del data[chance.randrange(len(data)) :]
        case "flip":
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case "empty":
            data.clear()
        case "longer":
            data += b"x"
        case "gone":
            path.unlink()
            return
    path.write_bytes(data)


def test_a_reel_damaged_unnoticed_costs_no_speaking(
    tmp_path: Path, mischief: Mischief, right: bytes
) -> None:
    mischief.install()
    make(tmp_path)
    reel = next(path for path in sorted((tmp_path / "cache" / "reel").rglob("*")) if path.is_file())
    data = bytearray(reel.read_bytes())
    data[len(data) // 2] ^= 1
    reel.write_bytes(data)
    (tmp_path / "book.m4b").unlink()
    mischief.forget()
    make(tmp_path)
    assert mischief.spoken() == []
    assert (tmp_path / "book.m4b").read_bytes() == right


def test_a_damaged_book_is_written_again(tmp_path: Path, right: bytes) -> None:
    make(tmp_path)
    book = tmp_path / "book.m4b"
    before = book.stat().st_mtime_ns
    assert not make(tmp_path).changed
    assert book.stat().st_mtime_ns == before
    data = bytearray(right)
    data[-1] ^= 1
    book.write_bytes(data)
    assert make(tmp_path).changed
    assert book.read_bytes() == right


@needs_fork
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
@pytest.mark.parametrize("limit", [40, 2_000, 6_000, 12_000, 60_000])
def test_a_full_disk_stops_it_and_nothing_is_spoken_twice(
    tmp_path: Path, mischief: Mischief, right: bytes, limit: int
) -> None:
    import resource

    mischief.install()

    def build_on_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        make(tmp_path)

    # The log of the faulty engine is a file as well, and stays below the least limit but one.
    assert len(right) > 60_000
    code = in_child(build_on_little_room)()
    assert code in (StoreError.exit_code, EngineError.exit_code)
    assert code == StoreError.exit_code or limit == 40
    assert not (tmp_path / "book.m4b").exists()
    assert not list(tmp_path.glob(".*.part"))
    known = in_cache(tmp_path)
    mischief.forget()
    make(tmp_path)
    assert not known & set(mischief.spoken())
    assert (tmp_path / "book.m4b").read_bytes() == right


@needs_fork
def test_two_builds_at_once_on_one_cache_and_one_target_are_both_right(
    tmp_path: Path, right: bytes
) -> None:
    for _ in range(3):
        waits = [in_child(lambda: make(tmp_path)) for _ in range(2)]
        assert [wait() for wait in waits] == [0, 0]
        assert (tmp_path / "book.m4b").read_bytes() == right
        assert not list(tmp_path.glob(".*.part"))
        assert in_cache(tmp_path) == {take.text for take in TAKES}
        Cache(root=tmp_path / "cache").prune(0)
        (tmp_path / "book.m4b").unlink()


@pytest.mark.parametrize("stage", [Stage.SPEAK, Stage.JOIN])
def test_pruning_while_it_runs_harms_nothing(tmp_path: Path, right: bytes, stage: Stage) -> None:
    cache = Cache(root=tmp_path / "cache")

    def prune(progress: Progress) -> None:
        if progress.stage is stage:
            cache.prune(0)

    for _ in range(2):
        make(tmp_path, progress=prune)
        assert (tmp_path / "book.m4b").read_bytes() == right
        (tmp_path / "book.m4b").unlink()


def test_threads_give_the_same_book(tmp_path: Path, right: bytes) -> None:
    with ThreadPoolExecutor(3) as threads:
        make(tmp_path, executor=threads)
    assert (tmp_path / "book.m4b").read_bytes() == right


SOFT = ("silence", "nothing", "nan", "wide", "stereo", "rate", "none", "raise", "refuse", "leave")
HARD = ("exit", "die", "hang")


@pytest.mark.parametrize("fault", SOFT)
def test_what_goes_wrong_twice_goes_right_the_third_time(
    tmp_path: Path, mischief: Mischief, right: bytes, fault: str
) -> None:
    replace(mischief, fault=fault, words="Sentence bd.", times=2).install()
    built = make(tmp_path)
    assert not built.mute
    assert not built.missing
    assert (tmp_path / "book.m4b").read_bytes() == right


@pytest.mark.parametrize("fault", [fault for fault in SOFT if fault not in ("silence", "nothing")])
def test_what_never_goes_right_stops_the_build_and_is_named(
    tmp_path: Path, mischief: Mischief, right: bytes, fault: str
) -> None:
    replace(mischief, fault=fault, words="Sentence bd.").install()
    with pytest.raises(EngineError, match=r"Sentence bd\..*failed 3 times"):
        make(tmp_path)
    assert not (tmp_path / "book.m4b").exists()
    known = in_cache(tmp_path)
    assert len(known) > 8
    mischief.forget()
    close_studio()
    mischief.install()
    make(tmp_path)
    assert not known & set(mischief.spoken())
    assert (tmp_path / "book.m4b").read_bytes() == right


def test_an_engine_that_only_ever_is_silent_stops_the_build(
    tmp_path: Path, mischief: Mischief
) -> None:
    make(tmp_path)  # all levels are known
    takes = [replace(take, text=f"{take.text} Anew.") for take in TAKES]
    replace(mischief, fault="silence", words="").install()
    close_studio()
    with pytest.raises(EngineError, match="nothing but silence"):
        make(tmp_path, takes=takes)


def test_a_text_that_has_nothing_to_pronounce_is_tried_once_and_counted_always(
    tmp_path: Path, mischief: Mischief
) -> None:
    replace(mischief, fault="silence", words="Sentence bd.").install()
    assert [take.text for take in make(tmp_path).mute] == [TAKES[13].text]
    mischief.forget()
    for path in (tmp_path / "cache" / "sheet").rglob("*"):
        if path.is_file():
            path.unlink()
    assert [take.text for take in make(tmp_path).mute] == [TAKES[13].text]
    assert mischief.spoken() == []


def test_to_keep_going_leaves_out_what_cannot_be_spoken_and_says_so(
    tmp_path: Path, mischief: Mischief, right: bytes
) -> None:
    replace(mischief, fault="raise", words="Sentence bd.").install()
    built = make(tmp_path, keep_going=True)
    assert [take.text for take in built.missing] == [TAKES[13].text]
    assert built.mute == ()
    assert len(built.audiobook.timeline.cues) == len(TAKES)
    cue = built.audiobook.timeline.cues[13]
    assert 0.2 < (cue.end - cue.start) / built.audiobook.timeline.sample_rate_hz < 0.4
    again = make(tmp_path, keep_going=True)
    assert again.missing == built.missing
    close_studio()
    mischief.install()  # and now it goes well
    assert make(tmp_path).missing == ()
    assert (tmp_path / "book.m4b").read_bytes() == right


def test_to_keep_going_leaves_out_a_voice_that_cannot_say_its_sample(
    tmp_path: Path, mischief: Mischief, right: bytes
) -> None:
    lost = TAKES[13].voice
    faulty = replace(mischief, fault="raise", words="The train was late", voice=lost.name)
    faulty.install()
    with pytest.raises(EngineError, match=rf"the voice '{lost.name}' failed 3 times"):
        make(tmp_path)
    built = make(tmp_path, keep_going=True)
    assert built.missing == tuple(take for take in TAKES if take.voice == lost)
    assert 0 < len(built.missing) < len(TAKES)
    assert len(built.audiobook.timeline.cues) == len(TAKES)
    replace(faulty, voice="").install()
    close_studio()
    with pytest.raises(EngineError, match=r"the voice .* failed 3 times"):
        make(tmp_path / "none", keep_going=True)
    close_studio()
    mischief.install()  # and now it goes well
    assert make(tmp_path).missing == ()
    assert (tmp_path / "book.m4b").read_bytes() == right


def test_noise_is_sound_and_no_louder_than_the_rest(tmp_path: Path) -> None:
    import numpy as np

    from tests.test_build import decode

    bad = replace(
        TAKES[13].voice,
        settings=tuple(sorted({**dict(TAKES[13].voice.settings), "fault": "noise",
                               "fault_text": "Sentence bd."}.items())),
    )  # fmt: skip
    takes = [*TAKES[:13], replace(TAKES[13], voice=bad), *TAKES[14:]]
    built = make(tmp_path, takes=takes)
    assert not built.mute
    sound, _ = decode(built.audiobook.path)
    assert np.max(np.abs(sound)) < 0.9


@pytest.fixture(scope="module")
def workers() -> Iterator[WatchedPool]:
    pool = WatchedPool(2)
    yield pool
    pool.kill()


@pytest.mark.parametrize("fault", HARD)
def test_a_process_that_is_lost_twice_is_replaced(
    tmp_path: Path, mischief: Mischief, workers: WatchedPool, right: bytes, fault: str
) -> None:
    faulty = replace(mischief, fault=fault, words="Sentence bd.", times=2)
    make(tmp_path, executor=Around(workers, faulty))
    assert (tmp_path / "book.m4b").read_bytes() == right
    assert sorted(path.name for path in mischief.folder.glob("wrong-*")) == ["wrong-0", "wrong-1"]


@pytest.mark.parametrize(("fault", "words"), [("die", "SIGKILL"), ("hang", "no sign of life")])
def test_a_process_that_is_lost_three_times_stops_the_build_or_is_left_out(
    tmp_path: Path, mischief: Mischief, workers: WatchedPool, fault: str, words: str
) -> None:
    faulty = replace(mischief, fault=fault, words="Sentence bd.", times=3)
    with pytest.raises(EngineError, match=rf"Sentence bd\..*{words}"):
        make(tmp_path, executor=Around(workers, faulty))
    faulty = replace(mischief, fault="exit", words="Sentence bd.")
    built = make(tmp_path, executor=Around(workers, faulty), keep_going=True)
    assert [take.text for take in built.missing] == [TAKES[13].text]


@pytest.mark.parametrize(
    ("fault", "times"), [("", 0), ("raise", 1), ("raise", 2), ("die", 2), ("raise", 3)]
)
def test_a_voice_measured_ahead_is_measured_no_more_than_needed(
    tmp_path: Path, mischief: Mischief, workers: WatchedPool, right: bytes, fault: str, times: int
) -> None:
    lost = TAKES[13].voice
    faulty = replace(mischief, fault=fault, words="The train", times=times, voice=lost.name)
    executor = Around(workers, faulty)
    cache = Cache(root=tmp_path / "cache")
    config = BuildConfig(jobs=2, patience=IMPATIENT)
    voices = dict.fromkeys(take.voice for take in TAKES)
    roles = [Role(character="x", voice=voice) for voice in voices]
    begun = measure_ahead(roles, executor, cache=cache, config=config)

    def go_on() -> None:
        build(
            TAKES,
            tmp_path / "book.m4b",
            tags=Tags(title="T"),
            cache=cache,
            config=config,
            executor=executor,
            begun=begun,
        )

    if times < 3:
        go_on()
        assert (tmp_path / "book.m4b").read_bytes() == right
    else:
        with pytest.raises(EngineError, match=rf"the voice '{lost.name}' failed 3 times"):
            go_on()
    tries = Counter(
        name for name, text in mischief.spoken_by() if text.startswith("The train was late again")
    )
    assert tries.pop(lost.name) == min(times + 1, 3)
    others = {voice.name: 1 for voice in voices if voice != lost}
    if times < 3:
        assert tries == others
    else:  # the build stops at the third failure, whoever is still waiting to be measured
        assert tries.items() <= others.items()


@pytest.mark.parametrize("fault", ["die", "silence", "nan"])
def test_the_real_engine_goes_on_after_a_fault(
    tmp_path: Path, mischief: Mischief, workers: WatchedPool, fault: str
) -> None:
    try:
        voices = load_engine("pyttsx3").voices()[:2]
    except EngineError as exc:
        if sys.platform == "linux":
            raise
        pytest.skip(str(exc))
    takes = [replace(take, voice=voices[i % 2]) for i, take in enumerate(TAKES[:6])]
    make(tmp_path / "right", takes=takes, executor=workers, patience=Patience())
    faulty = replace(mischief, engine="pyttsx3", fault=fault, words="Sentence ad.", times=2)
    executor = Around(workers, faulty)
    made = make(tmp_path / "faulty", takes=takes, executor=executor, patience=Patience())
    assert not made.mute
    expected = (tmp_path / "right" / "book.m4b").read_bytes()
    assert (tmp_path / "faulty" / "book.m4b").read_bytes() == expected
