"""Verdicts held against measures whose effects are known, and against dates on which nothing is known to have happened.

evidence         series and claims as a person writes them, and what they become: a panel and questions to it
read_evidence    the files of series and claims
bundled          the files that come with corredor
placebos         windows in which nothing is known to have happened
methods          who is asked: the main estimate, and what it is held against
judged           what an answer is worth beside what is agreed
scores           shares with their intervals
headline         what came of it in sentences
rules            the fingerprint of all files that decide
run              everything asked of everybody: the benchmark
"""
