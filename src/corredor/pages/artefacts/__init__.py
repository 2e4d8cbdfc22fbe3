"""What commands leave in their folders: numbers, tables, pages and a manifest; one file for each command, so that it reads what it needs.

whole_files   how they are written: each whole or not there at all
again         pages of an earlier run or comparison, made anew
as_written    whether the files of a folder are still those that were written
"""
