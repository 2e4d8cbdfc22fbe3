"""Design-based estimates of effects: what published series alone say of a date, without the model.

panel                  monthly counts of many series, and the question that an estimate answers
change, reference      how much a series changed at a date, and what quiet dates of all series teach of such changes
panel_change           the main estimate, made of these two; by_placebos: the same inference for every other way
expectations           the other ways, by name: a file for each
answer                 what an estimate says; specification_curve: would other choices have said something else?
nearby, diversion      measures that no monthly series can tell apart; fewer people, or the same people elsewhere
"""
