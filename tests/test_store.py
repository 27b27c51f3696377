from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from narrator.errors import StoreError, StoryError
from narrator.store import (
    Cache,
    digest_file,
    ensure_writable,
    read_bytes,
    replacing,
    write_bytes,
    write_text,
)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.endswith(".part")]


def test_replacing_makes_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.txt"
    write_text(target, "one\r\ntwo\n")
    assert target.read_bytes() == b"one\r\ntwo\n"
    assert list(target.parent.iterdir()) == [target]


def test_a_failure_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "book.m4b"
    target.write_bytes(b"old")

    def half_written() -> None:
        with replacing(target) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError("the engine died")

    with pytest.raises(RuntimeError):
        half_written()
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_one_clear_line(tmp_path: Path) -> None:
    target = tmp_path / "book.m4b"
    target.write_bytes(b"old")
    with pytest.raises(StoreError, match="the disk is full"), replacing(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        write_bytes(tmp_path, b"x")


def test_a_folder_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="is not a folder"):
        write_bytes(tmp_path / "file" / "book.m4b", b"x")


@pytest.mark.skipif(os.name == "nt", reason="needs links and modes")
def test_a_link_stays_a_link_and_a_mode_stays(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="needs a named pipe")
def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "book.m4b"
    os.mkfifo(pipe)
    with pytest.raises(StoreError, match="not a file"):
        write_bytes(pipe, b"x")
    with pytest.raises(StoreError, match="not a file"):
        ensure_writable(pipe)
    assert pipe.is_fifo()


def test_writable_is_found_out_without_a_trace(tmp_path: Path) -> None:
    ensure_writable(tmp_path / "new" / "book.m4b")
    assert list((tmp_path / "new").iterdir()) == []


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="no such file"):
        read_bytes(tmp_path / "none.txt", StoryError)
    with pytest.raises(StoreError, match="is a folder"):
        read_bytes(tmp_path)


def test_cache_gives_back_what_was_put(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    assert cache.get("reel", "abcd") is None
    cache.put("reel", "abcd", b"sound")
    assert cache.get("reel", "abcd") == b"sound"
    assert cache.get("clip", "abcd") is None
    assert list((tmp_path / "parts").iterdir()) == []


def test_sweeping_removes_what_was_left_long_ago_only(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    cache.sweep()
    cache.put("reel", "abcd", b"sound")
    for name, age_s in (("old", 100_000), ("new", 100)):
        path = tmp_path / "parts" / name
        path.write_bytes(b"half")
        then = path.stat().st_mtime - age_s
        os.utime(path, (then, then))
    cache.sweep()
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["new"]
    assert cache.get("reel", "abcd") == b"sound"


def test_sweeping_leaves_a_long_build_its_scratch_files(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    with cache.scratch() as path:
        for days, is_there in ((3, True), (40, False)):
            then = path.stat().st_mtime - days * 86_400
            os.utime(path, (then, then))
            cache.sweep()
            assert path.exists() is is_there


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_damaged_blob_is_as_good_as_absent(tmp_path: Path, damage: str) -> None:
    cache = Cache(root=tmp_path)
    cache.put("reel", "abcd", b"sound" * 100)
    path = cache.path_of("reel", "abcd")
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes({"cut": bytes(data[:300]), "flip": bytes(data), "empty": b""}[damage])
    assert cache.get("reel", "abcd") is None
    cache.put("reel", "abcd", b"again")
    assert cache.get("reel", "abcd") == b"again"


def test_the_size_of_a_blob_is_known_without_reading_it(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path)
    assert cache.size_of("reel", "abcd") is None
    cache.put("reel", "abcd", b"sound")
    assert cache.size_of("reel", "abcd") == 5


def filled(root: Path) -> Cache:
    """Four blobs of 100 bytes in all, used in the order a, b, c, d."""
    cache = Cache(root=root)
    for age, letter in enumerate("dcba"):
        kind = "clip" if letter in "ac" else "reel"
        cache.put(kind, letter * 4, letter.encode() * 68)
        then = 1_000_000 - age
        os.utime(cache.path_of(kind, letter * 4), (then, then))
    return cache


def left(cache: Cache) -> str:
    return "".join(
        letter
        for letter in "abcd"
        if cache.path_of("clip" if letter in "ac" else "reel", letter * 4).exists()
    )


def test_sizes_are_told_by_kind(tmp_path: Path) -> None:
    assert Cache(root=tmp_path / "none").sizes() == {}
    cache = filled(tmp_path)
    (tmp_path / "parts" / "half").write_bytes(b"half")
    assert cache.sizes() == {"clip": (2, 200), "reel": (2, 200)}


def test_pruning_removes_the_least_recently_used_and_no_more_than_needed(tmp_path: Path) -> None:
    cache = filled(tmp_path)
    assert cache.prune(400) == (0, 0)
    assert cache.prune(399) == (1, 100)
    assert left(cache) == "bcd"
    assert cache.get("reel", "bbbb") == b"b" * 68  # which is a use
    assert cache.size_of("clip", "cccc") == 68  # and so is this
    assert cache.prune(250) == (1, 100)
    assert left(cache) == "bc"
    assert cache.prune(0) == (2, 200)
    assert left(cache) == ""


def test_pruning_touches_nothing_that_is_not_the_cache_s(tmp_path: Path) -> None:
    cache = filled(tmp_path)
    others = [
        tmp_path / "notes.txt",
        tmp_path / "parts" / "half",
        tmp_path / "clip" / "aa" / "README",
        tmp_path / "clip" / "song.flac",
    ]
    for path in others:
        path.write_bytes(b"mine")
    cache.prune(0)
    assert all(path.read_bytes() == b"mine" for path in others)


def test_a_file_s_digest_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "book.m4b"
    assert digest_file(path) is None
    path.write_bytes(b"sound")
    assert digest_file(path) == (5, hashlib.sha256(b"sound").hexdigest())
