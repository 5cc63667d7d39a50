"""Half of the fuzz: a generated network is written in a random dialect; the reader gives that network back, or refuses it in one line."""

from __future__ import annotations

import contextlib
import io
import random
from pathlib import Path

from sim.errors import BadInput
from sim.population.networks.read import read_network
from tests.soak.graphs import gexf, gml, graphml, in_short, matrix_market, node_link, packed, pajek
from tests.soak.harness import Outcome
from tests.soak.lists import Written, edge_list, konect, message_log, own_messages
from tests.soak.networks import Network, as_read, difference
from tests.soak.tables import PLAIN, REFUSED

WRITERS = {
    edge_list: 40,
    message_log: 32,
    graphml: 9,
    konect: 3,
    own_messages: 3,
    gml: 3,
    pajek: 3,
    matrix_market: 2,
    gexf: 2,
    node_link: 3,
}


def drawn(luck: random.Random) -> Written:
    """Return a file."""
    return packed(luck, luck.choices(list(WRITERS), list(WRITERS.values()))[0](luck))


def read(path: Path) -> Network:
    """Return what the reader makes of a file; what it says on the way is not looked at."""
    with contextlib.redirect_stderr(io.StringIO()):
        return as_read(read_network(path))


def judged(luck: random.Random, folder: Path) -> Outcome:
    """Write a file, have it read, and compare."""
    file = drawn(luck)
    path = folder / file.name
    path.write_bytes(file.raw)
    about = f"{file.must}; {file.note}; {in_short(file.accepted[0])}"
    try:
        found = read(path)
    except BadInput as error:
        line = str(error)
        if len(line.splitlines()) != 1 or file.name not in line:
            return Outcome("refused badly", f"refused, not in one line that names the file: {line!r}; {about}")
        if file.must == PLAIN:
            return Outcome("refused though plain", f"refused though plain: {line}; {about}")
        return Outcome("refused")
    wrong = [difference(network, found) for network in file.accepted]
    if all(wrong):
        return Outcome("read as another", f"read as another: {wrong[0]}; {about}")
    if file.must == REFUSED:
        return Outcome("read though ambiguous", f"read though ambiguous; {about}")
    return Outcome("read")
