"""Other people's formats, in and out.

In: published files, Flee folders, a Dataset. Out: rows and folders of a study, tables of other programs.
May not know: the engine.
"""
