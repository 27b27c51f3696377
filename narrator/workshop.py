"""A worker's own studio: orders in a process or thread -> what `narrator.speak` makes of them."""

from __future__ import annotations

import threading
from multiprocessing.util import Finalize

from narrator.orders import MadeReel, ReelOrder, VoiceLevel, VoiceOrder
from narrator.speak import Studio, Workshop

_here = threading.local()
"""Holds the studio of each thread. An engine can be passed neither between processes nor threads,
so it must live here."""


def _studio(shop: Workshop) -> Studio:
    studio: Studio | None = getattr(_here, "studio", None)
    if studio is None or studio.shop != shop:
        close_studio()
        studio = Studio(shop)
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
