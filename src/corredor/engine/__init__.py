"""A Model becomes counts.

In: a Model and a seed. Out: one array of counted people for each draw.
May not know: names once the network is built, files, figures that were published.

network/         names become numbers, only here
random_numbers   a uniform number for each decision, and counts as its quantiles (M15)
arrays           the arrays that compiled functions read and change
kernel           one draw, step by step
inputs           how parameters become the kernel's numbers, compiled as the kernel is
draws            uncertain parameters and latent months, sampled; room for the kernel's numbers of each draw
fitted           the same from `fitted.nc`
netcdf_file      netCDF files that are whole or refused · netcdf_apart  whether reading one ends, tried apart
checkpoint       what a stopped command has finished
workers          threads of this machine, or workers of a cluster
ensemble         many draws side by side
"""
