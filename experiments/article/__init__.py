"""The article's statements put to the test: what would have to be seen if each were so, and what is seen.

A heading is a TOML file beside this one, a statement a `[[point]]` in it; `catalogue` reads them, `contrasts` makes
scenarios of them, `runs` runs these, `verdicts` says what was seen, `page` shows it.
"""
