"""The article's statements put to the test: what would have to be seen if each were so, and what is seen.

A heading is a TOML file in `statements`, a statement a `[[point]]` in it. `statement` reads them, `contrasts` makes scenarios of them,
`runs` runs these, `verdicts` says what was seen, `text` and `report` show it, `run` does all of it.
"""
