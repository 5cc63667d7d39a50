"""Tests of the article's statements: the contrast that each predicts, and what the model shows.

A heading is a TOML file in `statements`, a statement a `[[point]]` in it. `statement` reads them, `contrasts` makes scenarios of them,
`runs` runs these, `verdicts` says what was seen, `text` and `report` show it, `run` does all of it.
"""
