from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from narrator.errors import EngineError, StoreError
from narrator.watch import LostError, WatchedPool, announce, prepare, working


@pytest.fixture(scope="module")
def pool() -> Iterator[WatchedPool]:
    pool = WatchedPool(2)
    yield pool
    pool.kill()


def process_id() -> int:
    return os.getpid()


def add(one: int, *, other: int) -> int:
    return one + other


def fail() -> None:
    raise StoreError("no room")


class OddError(Exception):
    """Cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("odd")
        self.what = lambda: None


def fail_oddly() -> None:
    raise OddError


def leave() -> None:
    raise SystemExit(5)


def die(doing: str) -> None:
    announce(30, doing)
    os.kill(os.getpid(), signal.SIGKILL)


def hang(doing: str) -> None:
    announce(0.3, doing)
    time.sleep(60)


def be_slow_but_alive() -> str:
    for _ in range(6):
        announce(1.0)
        time.sleep(0.3)
    return "done"


def give_a_function() -> object:
    return lambda: None


def test_results_come_back_from_another_process(pool: WatchedPool) -> None:
    futures = [pool.submit(add, number, other=1) for number in range(20)]
    assert [future.result() for future in futures] == list(range(1, 21))
    assert pool.submit(process_id).result() != os.getpid()


def test_errors_come_back_as_they_are_and_the_next_task_is_another_process_s(
    pool: WatchedPool,
) -> None:
    with pytest.raises(StoreError, match="no room"):
        pool.submit(fail).result()
    with pytest.raises(EngineError, match="OddError: odd"):
        pool.submit(fail_oddly).result()
    with pytest.raises(EngineError, match="SystemExit: 5"):
        pool.submit(leave).result()
    with pytest.raises(EngineError):
        pool.submit(give_a_function).result()
    assert pool.submit(add, 1, other=1).result() == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_process_that_dies_is_told_with_what_it_did(pool: WatchedPool) -> None:
    with pytest.raises(LostError) as info:
        pool.submit(die, "a sentence").result()
    assert info.value.doing == "a sentence"
    assert "SIGKILL" in info.value.reason
    assert pool.submit(add, 1, other=1).result() == 2


def test_a_process_that_hangs_is_killed_and_one_that_is_slow_is_not(pool: WatchedPool) -> None:
    slow = pool.submit(be_slow_but_alive)
    begun_s = time.monotonic()
    with pytest.raises(LostError) as info:
        pool.submit(hang, "another").result()
    assert info.value.doing == "another"
    assert time.monotonic() - begun_s < 30
    assert slow.result() == "done"


def test_one_process_serves_many_tasks() -> None:
    pool = WatchedPool(3)
    assert len({pool.submit(process_id).result() for _ in range(5)}) == 1
    pool.shutdown()
    with pytest.raises(RuntimeError):
        pool.submit(process_id)


def test_shutting_down_finishes_what_was_submitted() -> None:
    pool = WatchedPool(1)
    futures = [pool.submit(add, number, other=0) for number in range(5)]
    pool.shutdown()
    assert [future.result() for future in futures] == list(range(5))


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_killing_ends_it_at_once_and_leaves_no_process() -> None:
    pool = WatchedPool(1)
    pid = pool.submit(process_id).result()
    busy = pool.submit(time.sleep, 60)
    waiting = pool.submit(add, 1, other=1)
    while not busy.running():
        time.sleep(0.01)
    begun_s = time.monotonic()
    pool.kill()
    assert time.monotonic() - begun_s < 10
    with pytest.raises(LostError):
        busy.result()
    assert waiting.cancelled()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_an_error_ends_the_pool_at_once_and_ctrl_c_works_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    pids: list[int] = []

    def be_busy_and_fail() -> None:
        with working(1) as pool:
            pids.append(pool.submit(process_id).result())
            pool.submit(time.sleep, 60)
            fail()

    with pytest.raises(StoreError):
        be_busy_and_fail()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
    assert signal.getsignal(signal.SIGINT) == before


def is_loaded(module: str) -> bool:
    return module in sys.modules


def test_what_is_prepared_is_there_and_the_process_is_the_one_that_works() -> None:
    with working(1) as pool:
        assert pool.submit(is_loaded, "colorsys").result() is False
        pool.submit(prepare, "colorsys")
        assert pool.submit(is_loaded, "colorsys").result() is True


def test_rest_ends_the_workers_and_the_next_task_starts_others() -> None:
    with working(2) as pool:
        before = {pool.submit(process_id).result() for _ in range(4)}
        pool.rest()
        for process in before:
            with pytest.raises(ProcessLookupError):
                os.kill(process, 0)
        futures = [pool.submit(process_id) for _ in range(4)]
        assert before.isdisjoint(future.result() for future in futures)
        pool.rest()
        pool.rest()
