from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from narrator.errors import StoreError, StoryError
from narrator.store import Cache, read_bytes, replacing, write_bytes, write_text


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
    with pytest.raises(StoreError, match="cannot write"):
        write_bytes(tmp_path / "file" / "book.m4b", b"x")


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
