"""A run in the tables of other programs.

tidy        one table for each output, CSV or Parquet
flowmap     locations and flows of flowmap.blue
flee_out    the table of camps that Flee prints, so that scripts that plot it keep working
"""

from corredor.exchange.export.flee_out import write_flee
from corredor.exchange.export.flowmap import write_flowmap
from corredor.exchange.export.tidy import write_tidy

__all__ = ["write_flee", "write_flowmap", "write_tidy"]
