"""The decisions of the model: pure functions of scalars, one formula each, used by both engines.

`p` is the row of all rule numbers (`p.reply_base`), `style`, `design` and `rule` rows of theirs: NumPy records in
compiled code, plain namespaces in the Mesa engine; so is the member `m` whom `open_account` changes. Only float64, + - * / and math.exp, log and sqrt, so that both give
the same bits.
"""
