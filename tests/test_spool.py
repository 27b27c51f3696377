"""Values on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.errors import StoreError
from narrator.spool import Spool, spool
from narrator.store import Cache
from tests.values import voice


@settings(deadline=None, max_examples=25)
@given(count=st.sampled_from([0, 1, 255, 256, 257, 600]))
def test_what_is_written_is_read_as_often_as_need_be(
    count: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    values = [(voice("Fay"), number) for number in range(count)]
    found = spool(iter(values), tmp_path_factory.mktemp("spool") / "values")
    assert len(found) == count
    assert list(found) == list(found) == values
    assert (voice("Fay"), count) not in found
    assert all(value in found for value in values[-2:])


def test_two_may_go_through_it_at_once(tmp_path: Path) -> None:
    found = spool(range(600), tmp_path / "values")
    assert [one == other for one, other in zip(found, found, strict=True)] == [True] * 600


def test_what_cannot_be_written_or_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        spool([1], tmp_path / "nowhere" / "values")
    with pytest.raises(StoreError, match="gone: no such file"):
        list(Spool(tmp_path / "gone", 1))


def test_a_scratch_file_is_there_for_as_long_as_it_is_needed(tmp_path: Path) -> None:
    cache = Cache(root=tmp_path / "cache")
    with cache.scratch() as path:
        assert path.read_bytes() == b""
        path.write_bytes(b"something")
    assert not path.exists()
    assert cache.sizes() == {}
