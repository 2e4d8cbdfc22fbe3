"""A run in the tables of other programs.

tidy        one table for each output, CSV or Parquet
flowmap     locations and flows of flowmap.blue
flee_out    the table of camps that Flee prints, so that scripts that plot it keep working
"""
