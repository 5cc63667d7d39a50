"""Who is there at the start: members, their network, networks from files."""
