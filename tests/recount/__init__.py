"""Every measure of a run once more, by plain Python from the CSV files that it leaves: written from the definitions, not from the code.

`python -m tests.recount FOLDER` prints each measure of a folder that `firstcontact run --events` has written, as it is there and as
it is counted again. Nothing here imports `sim`: what both had wrong, both would agree on.
"""
