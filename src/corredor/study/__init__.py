"""A folder that a person writes becomes one checked Model.

In: the files of a study. Out: `Model`, or every problem at once with file, line, found, expected, try.
May not know: how anything is simulated, shown or learned.

calendar    months as whole numbers
problems    what is wrong, told so that its author can mend it
schema      every word a person may write, with unit and meaning
csv_text    tables as CSV that a spreadsheet can open without carrying anything out
apart       libraries that read somebody's file, in a process of its own
reading/    the files as raw entries that remember file, line and column
priors      the distributions that priors may have
selectors   which places and groups a selector means, and what a value `by` one of them is
topology    compartments, the moves between them, who can come where
checks/     every check of one entry against another, once
model       the checked study
scenario    the same study with measures changed
describe    the study in words and tables, kept inside every result
catalogue   bundled studies by name
"""
