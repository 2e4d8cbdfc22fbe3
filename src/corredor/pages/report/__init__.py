"""The report: one calm HTML page of a run, readable on a phone, in the dark and on paper, without any outside part.

published       published figures beside their series · coverage_words  how often the bands held them, in words
choices         what is shown: totals, places, groups, days, lettered dates
figure          a heading, pictures, a caption and the table behind them
first_screen/   five sentences and ranked cards, the same on the page, the terminal and in JSON
routes, waits, rare, accounts, study_tables   the sections that are no plain fan
page            all of it into templates/report.html.j2
fit_page        what a fit learned, into templates/fit.html.j2
"""
