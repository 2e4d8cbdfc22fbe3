"""The page of a forecast: the coming months first, in templates/forecast.html.j2.

tables     the coming months, thresholds and the track record as tables; the terminal prints them too
headline   what comes next, how sure that is, what is out of line, what follows for those who plan
figures    the last known months and the coming ones as fans
page       all of it into the template
"""
