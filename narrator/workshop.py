"""A worker's own studio: orders in a process or thread -> what `narrator.speak` makes of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from multiprocessing.util import Finalize

from narrator.engines import EngineTables
from narrator.orders import MadeReel, ReelOrder, VoiceLevel, VoiceOrder
from narrator.speak import Patience, Studio
from narrator.store import Cache

_here = threading.local()
"""Holds the studio of each thread. An engine can be passed neither between processes nor threads,
so it must live here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What all orders of a build have in common."""

    cache: Cache
    patience: Patience = field(default_factory=Patience)
    tables: EngineTables = ()
    threads: int = 0
    """How many each engine may use, so that the workers do not fight for cores."""
    memory_mb: int = 0
    """What each engine may take for its models."""


def _studio(shop: Workshop) -> Studio:
    studio: Studio | None = getattr(_here, "studio", None)
    if studio is None or shop != Workshop(
        cache=studio.cache,
        patience=studio.patience,
        tables=studio.tables,
        threads=studio.threads,
        memory_mb=studio.memory_mb,
    ):
        close_studio()
        studio = Studio(
            cache=shop.cache,
            patience=shop.patience,
            tables=shop.tables,
            threads=shop.threads,
            memory_mb=shop.memory_mb,
        )
        _here.studio = studio
        Finalize(None, close_studio, exitpriority=10)
    return studio


def close_studio() -> None:
    """Close the engines that the two functions below have started in this thread."""
    studio: Studio | None = getattr(_here, "studio", None)
    if studio is not None:
        studio.close()
        del _here.studio


def work_level(shop: Workshop, order: VoiceOrder) -> VoiceLevel:
    """`Studio.level`, wherever an executor calls it."""
    return _studio(shop).level(order)


def work_reel(shop: Workshop, order: ReelOrder) -> MadeReel:
    """`Studio.reel`, wherever an executor calls it."""
    return _studio(shop).reel(order)
