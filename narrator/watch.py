"""Worker processes that are watched: one that hangs or dies takes no other with it.

`concurrent.futures.ProcessPoolExecutor` cannot end one worker, and is broken for good when one
dies. Here each process has a thread of the parent for itself, which gives it one task at a time and
waits for the answer. A task says how long it may be silent (`announce`); when it is silent for
longer, or its process dies, the process is killed and the task's future raises `LostError`, with
what the task announced last. A task that raises gets its process ended as well: the next one starts
afresh.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from importlib import import_module
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from narrator.errors import EngineError
from narrator.heap import return_large_blocks

_FIRST_LIMIT_S = 300.0
"""For a process to start and to announce something: imports, on a slow and busy disk."""

_PATIENCE_S = 5.0
"""How long a worker that has nothing to do may take to end."""

_ANNOUNCED, _DONE, _FAILED = "announced", "done", "failed"


class LostError(Exception):
    """A worker hung or died.

    Parameters
    ----------
    reason
        In words.
    doing
        What its task announced last, or None.
    """

    def __init__(self, reason: str, doing: object = None) -> None:
        super().__init__(reason, doing)
        self.reason = reason
        self.doing = doing


_parent: Connection | None = None
"""In a worker process, the way to its parent."""


def announce(limit_s: float, doing: object = None) -> None:
    """Say what is about to be done, and how long it may take until the next announcement.

    In a process that nobody watches it does nothing.
    """
    if _parent is not None:
        _parent.send((_ANNOUNCED, (limit_s, doing)))


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def prepare(*modules: str) -> None:
    """Import modules, in a worker that has nothing to do yet."""
    for module in modules:
        import_module(module)


@contextlib.contextmanager
def working(jobs: int) -> Iterator[WatchedPool]:
    """A pool that ends at the end: at once, and its processes with it, where there is an error."""
    pool = WatchedPool(jobs)
    try:
        yield pool
    except BaseException as exc:
        # A second Ctrl-C would leave processes behind; ending them takes a moment only.
        before = _ignore_interruptions()
        pool.kill()
        if before is not None and not isinstance(exc, KeyboardInterrupt):
            signal.signal(signal.SIGINT, before)
        raise
    else:
        pool.shutdown()


def _ignore_interruptions() -> Any:
    """Ignore Ctrl-C from now on; what was done before, or None where that cannot be set again."""
    if threading.current_thread() is not threading.main_thread():
        return None
    return signal.signal(signal.SIGINT, signal.SIG_IGN)


class WatchedPool(Executor):
    """Up to `jobs` worker processes, started as they are needed."""

    def __init__(self, jobs: int) -> None:
        # Engines hold threads and native libraries, which do not survive a fork.
        self._context = multiprocessing.get_context("spawn")
        self._jobs = jobs
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._workers: set[_Worker] = set()
        self._closed = self._killed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have `fn` called in a worker; it, its arguments and its result are pickled."""
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._tasks.put((future, fn, args, kwargs))
            if len(self._threads) < self._jobs and not self._idle.acquire(blocking=False):
                thread = threading.Thread(target=self._attend, daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def rest(self) -> None:
        """End the workers, after all tasks; the next task starts others."""
        with self._lock:
            threads, self._threads = self._threads, []
            self._idle = threading.Semaphore(0)
            for _ in threads:
                self._tasks.put(None)
        for thread in threads:
            thread.join()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, after all tasks or, with `cancel_futures`, after those begun."""
        with self._lock:
            self._closed = True
        if cancel_futures:
            self._cancel()
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def kill(self) -> None:
        """End the workers now, whatever they do."""
        with self._lock:
            self._closed = self._killed = True
            workers = tuple(self._workers)
        self._cancel()
        for worker in workers:
            worker.kill()
        self.shutdown()

    def _cancel(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                if (task := self._tasks.get_nowait()) is not None:
                    task[0].cancel()

    def _attend(self) -> None:
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not None:
            future, fn, args, kwargs = task
            if future.set_running_or_notify_cancel():
                try:
                    worker = worker or self._start()
                    result = worker.call(fn, args, kwargs)
                except BaseException as exc:
                    self._dismiss(worker)
                    worker = None
                    self._idle.release()
                    future.set_exception(exc)
                else:
                    # Before whoever waits can submit more: or else another process is started.
                    self._idle.release()
                    future.set_result(result)
            else:
                self._idle.release()
            del task, future, fn, args, kwargs
        if worker is not None:
            worker.close()
            self._dismiss(worker)

    def _start(self) -> _Worker:
        with self._lock:
            if self._killed:
                raise LostError("the pool is closed")
            try:
                worker = _Worker(self._context)
            except OSError as exc:
                raise EngineError(f"a speech process cannot be started: {exc}") from exc
            self._workers.add(worker)
            return worker

    def _dismiss(self, worker: _Worker | None) -> None:
        if worker is not None:
            worker.kill()
            with self._lock:
                self._workers.discard(worker)


_Task = tuple[Future[Any], Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class _Worker:
    """One process, and the parent's end of the pipe to it."""

    def __init__(self, context: SpawnContext) -> None:
        self._pipe, other = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(other,))
        try:
            with _shielded():
                self._process.start()
        finally:
            other.close()

    def call(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        limit_s: float = _FIRST_LIMIT_S
        doing: object = None
        kind: str = _ANNOUNCED
        answer: Any = None
        try:
            self._pipe.send((fn, args, kwargs))
            while kind == _ANNOUNCED:
                if not self._pipe.poll(limit_s):
                    raise LostError(f"it gave no sign of life for {limit_s:.0f} s", doing)
                kind, answer = self._pipe.recv()
                if kind == _ANNOUNCED:
                    limit_s, doing = answer
        except (EOFError, OSError) as exc:
            self._process.join(_PATIENCE_S)
            raise LostError(_ending(self._process.exitcode), doing) from exc
        if kind == _FAILED:
            raise answer
        return answer

    def close(self) -> None:
        """Let the process end by itself."""
        with contextlib.suppress(OSError):
            self._pipe.send(None)
        self._process.join(_PATIENCE_S)

    def kill(self) -> None:
        """End the process and wait for it; may be called from any thread, and twice."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


@contextlib.contextmanager
def _shielded() -> Iterator[None]:
    """Let no Ctrl-C reach a process that is started here, before it can ignore it by itself."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # starting that would let them through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        try:
            return f"it died of {signal.Signals(-exit_code).name}"
        except ValueError:
            return f"it died of signal {-exit_code}"
    return f"it ended with exit code {exit_code}"


def _serve(pipe: Connection) -> None:
    """What a worker process does.

    Ctrl-C is for the parent, which then ends its workers; and where the parent is killed, they end
    by themselves.
    """
    global _parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return_large_blocks()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _parent = pipe
    with contextlib.suppress(EOFError, OSError):
        while (task := pipe.recv()) is not None:
            fn, args, kwargs = task
            try:
                answer = (_DONE, fn(*args, **kwargs))
            except Exception as exc:
                answer = (_FAILED, exc)
            except BaseException as exc:  # would end the parent as well if it were raised there
                answer = (_FAILED, EngineError(f"{type(exc).__name__}: {exc}"))
            _answer(pipe, answer)


def _answer(pipe: Connection, answer: tuple[str, Any]) -> None:
    try:
        pipe.send(answer)
    except OSError:
        raise
    except Exception:  # what cannot be pickled
        fault = answer[1]
        pipe.send((_FAILED, EngineError(f"{type(fault).__name__}: {fault}")))


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
