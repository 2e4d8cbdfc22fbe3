"""Figures of published files become rows of a study, with their source; what is there already is kept.

request     what the user asks for
names       names in a file → places and groups of the study; nothing is guessed
rows        figures of a file → counts by place, group and period
tables      CSV text that can be changed row by row, the rest staying as it was written
revisions   the same count published twice: which row holds from when on
study_files the study with the new rows: checked first, written second
"""
