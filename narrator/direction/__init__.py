"""What the text says of how a line is spoken -> rate, pitch, loudness and pauses.

`find_manners` looks at the words beside each quotation, `combine` turns what was found into a
`Delivery` by a table that ships as ``voices/delivery.toml`` and that the user may change.
"""

from __future__ import annotations

from narrator.direction.finder import Manner, find_manners, manners_in_turn
from narrator.direction.sentence import sentence_ways
from narrator.direction.table import (
    DeliveryTable,
    DirectionConfig,
    Way,
    combine,
    load_table,
    read_table_file,
)

__all__ = [
    "DeliveryTable",
    "DirectionConfig",
    "Manner",
    "Way",
    "combine",
    "find_manners",
    "load_table",
    "manners_in_turn",
    "read_table_file",
    "sentence_ways",
]
