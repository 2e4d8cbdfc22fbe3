"""The page that simulates: a study in numbers, the kernel for browsers and the program of the page, in one HTML file.

`kernel_arrays.py` packs what the module is given, `changes.py` says what a reader can change and how it acts on those arrays,
`measure_places.py` where measures can act, `dormant.py` has the measures that a reader can add, `totals.py` how outputs are summed from
cells, `corridor.py` what the map shows and counts, `costs.py` what measures cost, `claims_told.py` and `data_told.py` what is behind those
tabs, `page.py` puts the file together, `beside.py` beside the pages of other commands.
kernel.wasm is made by web/kernel, the program by web/explore.
"""
