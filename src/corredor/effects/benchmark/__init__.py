"""Verdicts held against measures whose effects are known, and against dates on which nothing is known to have happened.

evidence         series and claims as a person writes them, and what they become: a panel and questions to it
read_evidence    the files of series and claims
bundled          the files that come with corredor
"""
