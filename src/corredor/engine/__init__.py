"""A Model becomes counts.

In: a Model and a seed. Out: one array of counted people for each draw.
May not know: names once the network is built, files, figures that were published.

network/         names become numbers, only here
random_numbers   a uniform number for each decision, and counts as its quantiles (M15)
kernel           one draw, step by step
draws            uncertain parameters and latent months, sampled; the kernel's inputs for each draw
fitted           the same from `fitted.nc`
checkpoint       what a stopped command has finished
ensemble         many draws side by side
"""
