"""Reader of Flee 3 folders (input_csv, source_data, simsetting.yml): a folder in, the files of an ordinary study out.

rows, remarks       tolerant tables; numbered remarks on everything that is odd
locations, roads, conflicts, closures, series, attributes, settings     one file of the format each
folder              all of them together
ways, departures    shortest open ways from zones to camps; totals as hazards of leaving
capacities          of camps, from counts published so far or from locations.csv
redirections        out of a camp, on to another one
study, readme       the study's files
write               onto disk, whole or not at all
"""
