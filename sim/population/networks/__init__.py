"""Networks from outside: files as people have them, and networkx graphs.

A module each for: packing (archives), text (encodings and bounds), words (what columns are called), times, table (separator and
rows), columns (header and roles), linkedin (a member's own export), ties (edge list or message log), graphs (networkx), graphml,
formats (others), names (of members), source and report (what was read).
"""
