"""How monthly series move: learned from all series of a study together, and carried on into the months ahead.

structures   the ways in which a series may move, from a random walk to one that has a season and comes back to its level
follow       what the months known so far tell of each series, under each structure
width        how much wider bands are because of how they held
ahead        samples of the months that come
announced    measures known before counts show them
panel        published counts of several series: known months in, samples of the months ahead out

docs/DYNAMICS.md has the model, how its numbers were chosen, and how well it does.
"""
