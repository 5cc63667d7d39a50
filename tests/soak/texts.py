"""Bytes and texts that somebody might hand over: mutated files, odd values, and small files that unpack to large ones."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import zipfile

ODD_TOML = (
    "-1",
    "0",
    "1",
    "3",
    "0.5",
    "-0.0",
    "1e308",
    "-1e308",
    "1e999",
    "nan",
    "inf",
    "-inf",
    "true",
    '"x"',
    '""',
    "[]",
    "{}",
    "1979-05-27",
    "10000000000000000000000000000000",
    "0x1F",
    "[1, 2]",
    "[[1]]",
    "{a = 1}",
    '"nan"',
    '"3"',
    "07:32:00",
    "'''\n\n'''",
    '"\\u0000"',
    '"../../etc/passwd"',
    '"😀"',
    "[nan]",
    "9223372036854775808",
    "1_000",
    '"' + "a" * 300 + '"',
)
ODD_WORDS = (
    "",
    " ",
    "x",
    "-",
    "--",
    "0",
    "1",
    "-1",
    "2",
    "1.5",
    "nan",
    "inf",
    "1e9",
    "1e400",
    "9223372036854775807",
    "9223372036854775808",
    "ten",
    "é",
    "😀",
    "a" * 300,
    "a\nb",
    "\x1b[31mred",
    "../x",
    "%s%n",
    "{0}",
    "=1+1",
    "'",
    '"',
    "NaN",
    "٣",
    "0x10",
    "1_0",
    "true",
    "\udc80",
)
ODD_VALUES = (
    -1,
    0,
    1,
    3,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    float("-inf"),
    True,
    "x",
    "",
    [],
    {},
    (1, 2),
    10**30,
    "nan",
    "3",
    b"x",
    1j,
    object,
    range(3),
    {"a": 1},
    2**63,
    "\x00",
    "a" * 1000,
    None,
    {1: 2},
    [None],
    {"members": 3},
)


def mutated(luck: random.Random, raw: bytes, most: int = 6) -> bytes:
    """Return bytes with a few changes: bits turned, pieces left out, doubled, exchanged or put in."""
    for _ in range(luck.randint(0, most)):
        raw = _changed(luck, raw)
    return raw


TOKENS = (b"\x00", b"\xff\xfe", b"\n", b"\r", b'"', b"'", b",", b"=", b"[", b"]]", b"{", b".", b"#", b"<", b">", b"&", b"-", b"9" * 40)


def _changed(luck: random.Random, raw: bytes) -> bytes:
    at = luck.randint(0, len(raw))
    to = min(len(raw), at + luck.choice((1, 1, 2, 8, 60)))
    lines = raw.split(b"\n")
    i, j = luck.randrange(len(lines)), luck.randrange(len(lines))
    return luck.choice(
        (
            raw[:at] + bytes(byte ^ (1 << luck.randrange(8)) for byte in raw[at : at + 1]) + raw[at + 1 :],
            raw[:at] + raw[to:],
            raw[:to] + raw[at:to] * luck.choice((1, 1, 2, 20)) + raw[to:],
            raw[:at] + luck.randbytes(luck.choice((1, 2, 5))) + raw[at:],
            raw[:at],
            raw[:at] + luck.choice(TOKENS) + raw[at:],
            b"\n".join([*lines[:i], lines[j], *lines[i:]]),
            b"\n".join([*lines[:i], lines[j], *lines[i + 1 :]]),
        )
    )


def scenario_text(luck: random.Random) -> str:
    """Return a scenario file, or what was meant as one: numbers from the template, some with odd values, in tables or under dotted keys."""
    from sim.scenario.template import commented_template, parameter_table

    if luck.random() < 0.15:
        return commented_template()
    sizes = [key for key in ("members", "days", "warm_up") if luck.random() < 0.6]
    lines = [f"{key} = {luck.choice((str(luck.randint(0, 60)), luck.choice(ODD_TOML)))}" for key in sizes]
    if luck.random() < 0.3:
        key = luck.choice(("design", "warm_up_design", "name", "network_file", "design_assignment", "nonsense", "design_shares", "styles"))
        value = luck.choice(('"connect_first"', '"message_first"', '"member"', '"net.csv"', *ODD_TOML))
        lines.append(f"{key} = {value}")
    tables = {"style": "every_style.", "design": "every_design.", "moderation": "moderations.standard.", "scenario": ""}
    for row in luck.sample(parameter_table(), luck.randint(0, 6)):
        value = luck.choice((row["default"], row["low"], row["high"], luck.choice(ODD_TOML), luck.uniform(-1, 3)))
        name = luck.choice((row["name"], row["name"], row["name"] + "s"))
        lines.append(f"{tables.get(row['section'], row['section'] + '.')}{name} = {value}")
    if luck.random() < 0.2:
        table, share = luck.choice(("style_shares", "design_shares", "styles.x", "designs.y", "reply", "x.y.z")), luck.choice(ODD_TOML)
        lines.append(f"[{table}]\nseller = {share}\nbase = {share}")
    return "\n".join(lines) + "\n"


SWEEP_LINES = {
    "name": ('"a sweep"',),
    "seed": ("1",),
    "arms": ('["connect_first", "message_first"]', '["message_first"]'),
    "reference": ('"connect_first"',),
    "scenario": ('"baseline"', '"neutral"', '"scenario.toml"'),
    "with": ("{members = 20, days = 3, warm_up = 0}", "{members = 12, days = 2}"),
}
SAMPLING_LINES = {"points": ("2", "3"), "pairs": ("1", "2"), "seeds": ('"new"',), "file": ('"points.csv"',)}
SAMPLERS = ('"sobol"', '"grid"', '"latin-hypercube"', '"list"')
AXES = ("design.friction", "reply.base", "members", "days", "style.promotion", "nonsense.x", "reply", "population.growth")
RANGES = ("[0.0, 4.0]", "{}", "{low = 0.0, high = 1.0}", "{levels = [0.0, 1.0]}", "{low = 1.0, high = 9.0, steps = 3}", "[4.0, 0.0]")


def sweep_text(luck: random.Random) -> str:
    """Return a sweep file, or what was meant as one."""

    def one(usual: tuple[str, ...]) -> str:
        return luck.choice((*usual, *usual, *usual, luck.choice(ODD_TOML)))

    def some(table: dict[str, tuple[str, ...]]) -> list[str]:
        return [f"{key} = {one(usual)}" for key, usual in luck.sample(sorted(table.items()), luck.randint(0, len(table)))]

    axes = [f'"{axis}" = {one(RANGES)}' for axis in luck.sample(AXES, luck.randint(0, 3))]
    lines = [*some(SWEEP_LINES), "[sweep]", f"sampler = {one(SAMPLERS)}", *some(SAMPLING_LINES), "[sweep.parameters]", *axes]
    return "\n".join(lines) + "\n"


def bomb(luck: random.Random) -> tuple[str, bytes]:
    """Return the name and bytes of a small file that asks for much: long lines, deep nesting, sizes that are only said."""
    deep = luck.choice((2_000, 20_000, 100_000))
    many = luck.choice((10**6, 10**7, 4 * 10**7))
    return luck.choice(
        (
            lambda: ("commas.csv.gz", gzip.compress(b"," * many, 1)),
            lambda: ("commas.csv", gzip.compress(b"," * many, 1)),
            lambda: ("blanks.txt.gz", gzip.compress(b"a b " * (many // 4), 1)),
            lambda: ("zeros.bz2", bz2.compress(bytes(many), 1)),
            lambda: ("lines.csv.gz", gzip.compress(b"\n" * many, 1)),
            lambda: ("quote.csv.gz", gzip.compress(b'a,"' + b"x" * many, 1)),
            lambda: ("rows.csv.zip", _zip({"rows.csv": b"1,2\n" * (many // 40), "more.csv": b"3,4\n"})),
            lambda: ("nested.zip", _zip({"a.zip": _zip({"b.csv": b"1,2\n2,3\n"})})),
            lambda: ("deep.json", b'{"nodes": ' + b"[" * deep),
            lambda: ("deep.graphml", b'<?xml version="1.0"?><graphml>' + b"<graph>" * deep),
            lambda: ("deep.gml", b"graph [ " + b"node [ " * deep),
            lambda: ("large.mtx", b"%%MatrixMarket matrix coordinate pattern symmetric\n1000000000 1000000000 1\n2 1\n"),
            lambda: ("large.net", b"*Vertices 1000000000\n*Edges\n1 2\n"),
            lambda: ("entities.graphml", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><graphml>&b;</graphml>'),
            lambda: ("long.csv", b"source,target\n" + b"x" * 1_000_000 + b",b\n"),
            lambda: ("digits.csv", b"source,target,time\na,b," + b"9" * 100_000 + b"\nb,a,1\n"),
            lambda: ("digits.csv", b"9" * 100_000 + b",1\n1,2\n"),
            lambda: ("marks.csv", b'"' * 1_000_001 + b",b\n"),
        )
    )()


def deep_toml(luck: random.Random) -> str:
    """Return a small TOML text that is costly to parse."""
    many = luck.choice((30, 300, 3_000, 20_000))
    return luck.choice(
        (
            lambda: ".".join(["a"] * many) + " = 1\n",
            lambda: f"x = {'[' * many}{']' * many}\n",
            lambda: f"x = {'{a = ' * many}1{'}' * many}\n",
            lambda: "".join(f"[t{k}.{'a.' * 20}b]\n" for k in range(many // 20 + 1)),
            lambda: "".join(f"[[a{'.a' * (k % 30)}]]\n" for k in range(many // 10 + 1)),
            lambda: f"members = {'9' * many}\n",
            lambda: f"[{'.'.join(['a'] * many)}]\n",
        )
    )()


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(zipfile.ZipInfo(name), raw)
    return out.getvalue()
