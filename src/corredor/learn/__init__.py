"""What published figures teach: fits, forecasts, and how good both were.

In: a Model with its published figures. Out: draws of a fit, Datasets of forecasts, scores.
May not know: pages.
"""
