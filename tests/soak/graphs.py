"""Networks in the formats of graph programs, and packed files: gzip, bz2, zip and tar under any name."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from tests.soak.lists import Written
from tests.soak.networks import KINDS, Network, in_words, names, network
from tests.soak.tables import OPEN, PLAIN, chance

XML = ("UTF-8", "UTF-8", "ISO-8859-1", "UTF-16")
NAME_KEYS = ("name", "label", "shared name", "Label")


class Plain:
    """A network, its nodes and edges in the order in which they are written, and what was chosen."""

    def __init__(self, luck: random.Random, kind: str | None = None) -> None:
        kind = kind or luck.choice([kind for kind in KINDS if kind != "dates"])
        self.luck, self.must, self.note = luck, PLAIN, {"names": kind}
        self.truth = network(luck, names(luck, kind), lone=True)
        self.nodes = luck.sample(sorted(self.truth.members), len(self.truth.members))
        self.edges = [luck.sample(sorted(tie), 2) for tie in sorted(self.truth.ties, key=sorted)]
        luck.shuffle(self.edges)

    def file(self, name: str, text: str, encoding: str = "utf-8") -> Written:
        """Return the file."""
        return Written(name, text.encode(encoding), (self.truth,), self.must, self.note)


def graphml(luck: random.Random) -> Written:
    """Return GraphML: ids that are names, or ids without a meaning and names in an attribute, or in yEd's labels."""
    it = Plain(luck)
    it.note["form"] = form = luck.choice(("ids", "ids", "names", "names", "yEd", "yEd with groups"))
    ids = {name: name for name in it.nodes} if form == "ids" else {name: f"n{k}" for k, name in enumerate(it.nodes)}
    directed, twice = chance(luck, 0.3), chance(luck, 0.2)
    key = luck.choice(NAME_KEYS)
    nodes = [_graphml_node(luck, ids[name], name, form, key) for name in it.nodes]
    edges = [f"<edge source={quoteattr(ids[a])} target={quoteattr(ids[b])}/>" for a, b in it.edges]
    if twice:
        edges += [f'<edge id="x{k}" source={quoteattr(ids[b])} target={quoteattr(ids[a])}/>' for k, (a, b) in enumerate(it.edges)]
    inside = edges + nodes if chance(luck, 0.15) else nodes + edges
    if form == "yEd with groups":
        it.must = OPEN
        group = '<data key="d6"><y:ProxyAutoBoundsNode><y:Realizers><y:GroupNode><y:NodeLabel>A team</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data>'
        inside = [f'<node id="g0" yfiles.foldertype="group">{group}<graph id="g0:">{"".join(nodes)}</graph></node>', *edges]
    keys = (
        f'<key id="d0" for="node" attr.name={quoteattr(key)} attr.type="string"/><key id="d1" for="node" attr.name="age" attr.type="int"/>'
    )
    if form.startswith("yEd"):
        keys += '<key id="d6" for="node" yfiles.type="nodegraphics"/>'
    encoding = luck.choice(XML)
    try:
        "".join(inside).encode(encoding)
    except UnicodeEncodeError:
        encoding = "UTF-8"
    it.note |= {"encoding": encoding, "key": key, "directed": str(directed), "twice": str(twice)}
    space = 'xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml"'
    kind = "directed" if directed else "undirected"
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<graphml {space}>{keys}<graph id="G" edgedefault="{kind}">\n' + "\n".join(inside)
    return it.file(luck.choice(("net.graphml", "net.xml", "NET.GRAPHML")), text + "\n</graph></graphml>\n", encoding)


def _graphml_node(luck: random.Random, node: str, name: str, form: str, key: str) -> str:
    inside = "" if chance(luck, 0.5) else f'<data key="d1">{luck.randint(18, 80)}</data>'
    if form == "names":
        inside += f'<data key="d0">{escape(name)}</data>'
    elif form.startswith("yEd"):
        label = f'<y:NodeLabel alignment="center">{escape(name)}</y:NodeLabel>'
        inside += f'<data key="d6"><y:ShapeNode><y:Geometry height="30.0"/>{label}</y:ShapeNode></data>'
    return f"<node id={quoteattr(node)}>{inside}</node>"


def gml(luck: random.Random) -> Written:
    """Return GML: ids are numbers, names are labels; other characters are entities."""
    it = Plain(luck)
    it.must = OPEN

    def text(name: str) -> str:
        safe = name.replace("&", "&amp;").replace('"', "&quot;")
        return "".join(c if ord(c) < 127 else f"&#{ord(c)};" for c in safe)

    nodes = [f'  node [\n    id {k}\n    label "{text(name)}"\n  ]' for k, name in enumerate(it.nodes)]
    place = {name: k for k, name in enumerate(it.nodes)}
    edges = [f"  edge [\n    source {place[a]}\n    target {place[b]}\n  ]" for a, b in it.edges]
    return it.file(luck.choice(("net.gml", "net.txt")), "graph [\n" + "\n".join(nodes + edges) + "\n]\n")


def pajek(luck: random.Random) -> Written:
    """Return Pajek: numbered vertices with their names, then edges or arcs between numbers."""
    it = Plain(luck, luck.choice(("words", "blanks", "small", "long", "negative", "odd", "commas")))
    it.must = OPEN
    place = {name: k for k, name in enumerate(it.nodes, 1)}
    vertices = [f'{k} "{name}"' for name, k in place.items()]
    edges = [f"{place[a]} {place[b]}" + luck.choice(("", " 1")) for a, b in it.edges]
    lines = [f"*Vertices {len(vertices)}", *vertices, luck.choice(("*Edges", "*Arcs", "*edges")), *edges]
    return it.file(luck.choice(("net.net", "net.paj", "net.txt")), luck.choice(("\n", "\r\n")).join(lines) + "\n")


def matrix_market(luck: random.Random) -> Written:
    """Return a square symmetric matrix of Matrix Market; its members are the numbers of its rows."""
    many = luck.randint(3, 9)
    it = Plain(luck, "small")
    it.must = OPEN
    it.truth = network(luck, [str(k) for k in range(1, many + 1)], lone=True)
    weighted = chance(luck, 0.4)
    rows = [sorted(map(int, tie), reverse=True) for tie in sorted(it.truth.ties, key=sorted)]
    lines = [f"{a} {b}" + (f" {luck.uniform(0, 5):.2f}" if weighted else "") for a, b in rows]
    banner = f"%%MatrixMarket matrix coordinate {'real' if weighted else 'pattern'} symmetric"
    above = [banner, *(["% made by hand"] if chance(luck, 0.5) else [])]
    return it.file(luck.choice(("net.mtx", "net.txt")), "\n".join([*above, f"{many} {many} {len(lines)}", *lines]) + "\n")


def gexf(luck: random.Random) -> Written:
    """Return GEXF: ids, and labels that are the names."""
    it = Plain(luck)
    it.must = OPEN
    same = chance(luck, 0.5)
    it.note["ids"] = "the names" if same else "without a meaning"
    ids = {name: name if same else f"n{k}" for k, name in enumerate(it.nodes)}
    nodes = "".join(f"<node id={quoteattr(ids[name])} label={quoteattr(name)}/>" for name in it.nodes)
    edges = "".join(f'<edge id="{k}" source={quoteattr(ids[a])} target={quoteattr(ids[b])}/>' for k, (a, b) in enumerate(it.edges))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph defaultedgetype="undirected">'
        f"<nodes>{nodes}</nodes><edges>{edges}</edges></graph></gexf>\n"
    )
    return it.file(luck.choice(("net.gexf", "net.xml")), text)


def node_link(luck: random.Random) -> Written:
    """Return node-link JSON, as networkx and D3 write it."""
    it = Plain(luck)
    it.must = OPEN
    numbers = it.note["names"] in ("small", "long", "negative") and chance(luck, 0.5)
    form = int if numbers else str
    named = chance(luck, 0.3)
    ids = {name: k if named else form(name) for k, name in enumerate(it.nodes)}
    it.note |= {"ids": "numbers" if numbers else "places" if named else "names"}
    nodes = [{"id": ids[name], **({"name": name} if named else {})} for name in it.nodes]
    links = [{"source": ids[a], "target": ids[b], **({"weight": 1.5} if chance(luck, 0.3) else {})} for a, b in it.edges]
    data = {"directed": False, "multigraph": False, "graph": {}, "nodes": nodes, luck.choice(("links", "edges")): links}
    return it.file(luck.choice(("net.json", "net.txt")), json.dumps(data, indent=luck.choice((None, 2)), ensure_ascii=chance(luck, 0.5)))


def packed(luck: random.Random, file: Written) -> Written:
    """Return the file packed, under its own name, one that says how, or one that says something else."""
    how = luck.choices(("not", "gzip", "bz2", "zip", "tar"), (80, 9, 4, 4, 2))[0]
    if how == "not":
        return file
    ending = {"gzip": ".gz", "bz2": ".bz2", "zip": ".zip", "tar": ".tar.gz"}[how]
    name = luck.choice((file.name + ending, file.name + ending, file.name, (file.name + ending).upper()))
    must = file.must if how == "gzip" else OPEN if file.must == PLAIN else file.must
    return file._replace(name=name, raw=PACK[how](file), must=must, note={**file.note, "packed": f"{how}, {name}"})


def _zipped(file: Written) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(file.name), file.raw)
    return out.getvalue()


def _tarred(file: Written) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(file.name)
        info.size = len(file.raw)
        archive.addfile(info, io.BytesIO(file.raw))
    return out.getvalue()


PACK: dict[str, Callable[[Written], bytes]] = {
    "gzip": lambda file: gzip.compress(file.raw, mtime=0),
    "bz2": lambda file: bz2.compress(file.raw),
    "zip": _zipped,
    "tar": _tarred,
}


def in_short(found: Network) -> str:
    """Return a network as a line."""
    return f"{len(found.members)} members, {len(found.ties)} ties: {in_words(found.ties)}"
