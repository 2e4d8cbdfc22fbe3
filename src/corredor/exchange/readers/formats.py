"""The published formats that can be read, by name."""

from __future__ import annotations

from corredor.exchange.readers import (
    acled,
    banxico,
    flowmap,
    hxl,
    iom_dtm,
    mx_boletin,
    unhcr_finder,
    unhcr_portal,
    us_cbp,
    world_bank,
)
from corredor.exchange.readers.figure import Format

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        us_cbp.FORMAT,
        unhcr_finder.FORMAT,
        unhcr_portal.FORMAT,
        iom_dtm.FORMAT,
        acled.FORMAT,
        world_bank.FORMAT,
        banxico.FORMAT,
        mx_boletin.FORMAT,
        hxl.FORMAT,
        flowmap.FORMAT,
    )
}
"""Name → format, in the order of docs/READERS.md."""
