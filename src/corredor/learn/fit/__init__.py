"""Learn a study from its published figures: parameters and latent months together, on mean-field runs (M16).

unknowns   what may be learned, as standard normal numbers
evaluate   what the model says of the figures, for a whole ensemble; the process noise that mean-field runs leave out
scale      counts on the scale on which effects are linear and errors even
sensitivity  how much each figure moves with each unknown
steps      draws move down their own cost, never up
smoother   the ensemble moves towards the figures, round by round
dispersions  which show in no mean
latent_deviations  standard deviations of latent months
sampler    the reference method for small problems
coming_counts  what the months ahead should count, by the published past of what latent terms follow
months_ahead  latent months after the last known one, moved to meet that
newest     whether the last known figures are reproduced
judge      what was learned, how the figures are met, whether the fit should be used
"""

from __future__ import annotations

from corredor.learn.fit.fit import NothingToLearn, TooManyUnknowns, fit

__all__ = ["NothingToLearn", "TooManyUnknowns", "fit"]
