"""Networks from files and from networkx: what is read, what is refused, and that nothing else ever happens."""

from __future__ import annotations

import gzip
import io
import math
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.population.network_files as files
from sim import load_scenario, simulate
from sim.errors import BadInput
from sim.population.network_files import communities, from_networkx, read_network

HOUR = 3600.0
START = 1_082_040_961  # seconds since 1970
LOG_VARIABLE = "FIRSTCONTACT_MESSAGE_LOG"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}</graphml>\n'


@pytest.fixture
def written(tmp_path):
    def write(content, name="net.csv"):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") and isinstance(content, str) else data)
        return path

    return write


def refusal(path):
    """Return the text of the refusal, which names the file, stands in one line and says what would be right."""
    with pytest.raises(BadInput) as caught:
        read_network(path)
    text = str(caught.value)
    assert text.startswith((f"{path}: ", f"{path} must "))
    assert "\n" not in text
    assert " must " in text.removeprefix(str(path))
    return text


def named_ties(source):
    return {frozenset((source.labels[a], source.labels[b])) for a, b in source.ties.tolist()}


def check_form(source):
    n, m = len(source.labels), len(source.ties)
    assert len(set(source.labels)) == n
    assert source.ties.shape == (m, 2)
    assert (source.ties.dtype, source.exchanges.dtype) == (np.int32, np.int32)
    assert (source.ties[:, 0] < source.ties[:, 1]).all()
    rows = [tuple(pair) for pair in source.ties.tolist()]
    assert rows == sorted(set(rows))
    assert not m or (source.ties.min() >= 0 and source.ties.max() < n)
    assert len(source.tie_age) == len(source.last_contact) == len(source.exchanges) == m
    assert len(source.member_age) == n
    for days in (source.tie_age, source.last_contact, source.member_age):
        assert days.dtype == np.float64
        assert (np.isnan(days) | ((days >= 0) & np.isfinite(days))).all()
    assert ((source.exchanges >= 0) & (source.exchanges <= 1000)).all()
    assert all(len(values) == n and name in files.ATTRIBUTES for name, values in source.attributes.items())
    assert len(source.digest) == 64


# ------------------------------------------------------------------------------------------------------- edge lists


@pytest.mark.parametrize("name", ["net.csv", "net.txt", "net.csv.gz"])
@pytest.mark.parametrize("mark", [",", "\t", " ", ";", ", "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_edge_list_reads_the_same_in_every_dress(written, name, mark, end):
    lines = ["# friends", f"10{mark}2", "", f"2{mark}3", f"3{mark}10", f"3{mark}4"]
    source = read_network(written(end.join(lines) + end, name))
    check_form(source)
    assert source.labels == ("2", "3", "4", "10")  # as numbers, not as text
    assert source.ties.tolist() == [[0, 1], [0, 3], [1, 2], [1, 3]]
    assert np.isnan(source.tie_age).all()
    assert np.isnan(source.last_contact).all()
    assert np.isnan(source.member_age).all()
    assert not source.exchanges.any()
    assert source.name == "net"


def test_a_byte_order_mark_quotes_and_other_alphabets_are_read(written):
    source = read_network(written('\ufeff"Ohm, Ann",Žofie\nŽofie,李\n'))
    assert named_ties(source) == {frozenset(("Ohm, Ann", "Žofie")), frozenset(("Žofie", "李"))}
    assert source.labels == tuple(sorted(source.labels))


@pytest.mark.parametrize("header", ["source,target", "Sender,Recipient", "FROM,TO", "u,v", "user1,user2", "src,dst"])
def test_a_header_is_no_tie(written, header):
    assert named_ties(read_network(written(f"{header}\n1,2\n2,3\n"))) == {frozenset("12"), frozenset("23")}


@pytest.mark.parametrize("first", ["a,b", "u,v", "t,x", "time,ann", "from,ann", "weight,ann"])
def test_a_first_row_of_names_is_a_tie(written, first):
    one, other = first.split(",")
    source = read_network(written(f"{first}\n{other},cleo\n"))
    assert named_ties(source) == {frozenset((one, other)), frozenset((other, "cleo"))}


def test_columns_are_found_by_name(written):
    source = read_network(written("weight,target,source\n7,1,2\n7,3,2\n"))
    assert named_ties(source) == {frozenset("12"), frozenset("23")}


@pytest.mark.parametrize("rows", ["1 2 0.5\n2 3 4\n", "1 2 {}\n2 3 {}\n", "1 2 3 x\n2 3 4 y\n"])
def test_weights_and_what_networkx_writes_are_ignored(written, rows):
    source = read_network(written(rows))
    assert named_ties(source) == {frozenset("12"), frozenset("23")}
    assert np.isnan(source.tie_age).all()


def test_order_of_rows_and_of_members_in_a_row_does_not_matter(written):
    one = read_network(written("1,2\n2,3\n4,1\n", "one.csv"))
    other = read_network(written("source;target\n1;4\n3;2\n2;1\n", "other.txt"))
    assert one.labels == other.labels
    assert one.ties.tolist() == other.ties.tolist()
    assert one.digest == other.digest


def test_the_digest_changes_with_names_ties_and_times(written):
    contents = [
        "1,2\n2,3\n", "1,2\n1,3\n", "1,2\n2,4\n",
        f"1,2,{START}\n2,1,{START + 60}\n", f"1,2,{START}\n2,1,{START + 90}\n1,2,{START + 90}\n",
    ]  # fmt: skip
    assert len({read_network(written(content)).digest for content in contents}) == len(contents)


# ------------------------------------------------------------------------------------------------------ message logs


def test_a_log_gives_ties_where_both_wrote(written):
    """Known by hand: 1 and 2 answer each other; 3 is never answered; 4 answers once; the last row is day 0."""
    rows = [(1, 2, 0), (1, 2, 24), (2, 1, 48), (1, 2, 72), (1, 3, 80), (4, 1, 96), (1, 4, 120), (1, 3, 240)]
    text = "sender,recipient,timestamp\n" + "".join(f"{a},{b},{START + HOUR * h}\n" for a, b, h in rows)
    source = read_network(written(text, "log.csv.gz"))
    check_form(source)
    assert source.labels == ("1", "2", "3", "4")  # 3 has no tie and is a member
    assert source.ties.tolist() == [[0, 1], [0, 3]]
    assert source.tie_age.tolist() == [8.0, 5.0]  # since the first answer
    assert source.last_contact.tolist() == [7.0, 5.0]
    assert source.exchanges.tolist() == [2, 1]  # how often the turn changed hands
    assert source.member_age.tolist() == [10.0, 10.0, (240 - 80) / 24, 6.0]


def test_a_log_may_stand_in_any_order_of_rows_and_columns(written):
    rows = [(a, b, START + 977 * k) for k, (a, b) in enumerate([(1, 2), (2, 1), (3, 1), (2, 3), (1, 3), (1, 2)])]
    straight = read_network(written("sender,recipient,timestamp\n" + "".join(f"{a},{b},{t}\n" for a, b, t in rows)))
    bare = read_network(written("".join(f"{a} {b} {t}\n" for a, b, t in rows)))
    turned = read_network(written("date\tto\tfrom\n" + "".join(f"{t}\t{b}\t{a}\n" for a, b, t in reversed(rows))))
    unnamed = read_network(written("time;user1;user2\n" + "".join(f"{t};{a};{b}\n" for a, b, t in rows)))
    dates = [(a, b, datetime.fromtimestamp(t, UTC).isoformat()) for a, b, t in rows]
    dated = read_network(written("".join(f"{a},{b},{t}\n" for a, b, t in dates)))
    local = read_network(written("".join(f"{a},{b},{t.removesuffix('+00:00')}\n" for a, b, t in dates)))  # UTC is assumed
    assert len({source.digest for source in (straight, bare, turned, unnamed, dated, local)}) == 1


def test_seconds_from_any_zero_do_under_a_header(written):
    source = read_network(written("source,target,time\n1,2,0\n2,1,86400\n1,2,-86400\n"))
    assert (source.tie_age.tolist(), source.member_age.tolist()) == ([0.0], [2.0, 2.0])
    assert "a message log has the header sender,recipient,timestamp)" in refusal(written("1 2 0\n2 1 86400\n"))


def test_exchanges_are_capped(written):
    text = "".join(f"{1 + k % 2},{2 - k % 2},{START + k}\n" for k in range(1500))
    assert read_network(written(text)).exchanges.tolist() == [1000]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 40)).filter(lambda m: m[0] != m[1]), min_size=1))
def test_a_log_agrees_with_a_plain_reading(tmp_path_factory, messages):
    path = tmp_path_factory.mktemp("log") / "log.csv"
    path.write_text("from,to,when\n" + "".join(f"{a},{b},{t * 3600}\n" for a, b, t in messages), encoding="utf-8")
    source = read_network(path)
    check_form(source)
    wrote = {(str(a), str(b)) for a, b, _ in messages}
    assert named_ties(source) == {frozenset(pair) for pair in wrote if pair[::-1] in wrote}
    end = max(t for _, _, t in messages)
    for (a, b), contact, age in zip(source.ties.tolist(), source.last_contact, source.tie_age, strict=True):
        pair = {int(source.labels[a]), int(source.labels[b])}
        assert contact == pytest.approx((end - max(t for i, j, t in messages if {i, j} == pair)) / 24)
        assert contact <= age <= min(source.member_age[a], source.member_age[b])


def test_a_log_of_60_000_messages_is_read_in_two_seconds(written):
    rng = np.random.default_rng(1)
    pairs = rng.integers(0, 2000, (60_000, 2))
    text = "".join(f"{a},{(a + 1 + b % 40) % 2000},{START + 250 * k}\n" for k, (a, b) in enumerate(pairs))
    path = written(text, "log.csv.gz")
    start = time.process_time()
    source = read_network(path)
    assert time.process_time() - start < 2.0
    check_form(source)
    assert len(source.labels) == 2000


@pytest.mark.skipif(LOG_VARIABLE not in os.environ, reason=f"{LOG_VARIABLE} names no message log")
def test_a_message_log_of_ones_own(tmp_path):
    start = time.process_time()
    source = read_network(os.environ[LOG_VARIABLE])
    assert time.process_time() - start < 2.0
    check_form(source)
    assert len(source.ties) > 0
    assert np.isfinite(source.tie_age).all()
    assert np.isfinite(source.member_age).all()


# ---------------------------------------------------------------------------------------------- GraphML and networkx


def example_graph():
    graph = nx.DiGraph()
    graph.add_node("ann", style="seller", industry="3", region="north", seniority=2, session_rate=0.5, receptiveness=-0.5)
    graph.add_node("bob", selectivity=1.5, shoe_size=44)
    graph.add_node("cleo")
    graph.add_edge("bob", "ann", age=30.0, last_contact=2.5, weight=9)
    graph.add_edge("ann", "bob")
    return graph


@pytest.mark.parametrize("name", ["g.graphml", "g.graphml.gz", "g.xml"])
def test_graphml_keeps_what_it_says_about_members_and_ties(written, name):
    text = io.BytesIO()
    nx.write_graphml(example_graph(), text)
    source = read_network(written(text.getvalue().decode(), name))
    check_form(source)
    assert source.labels == ("ann", "bob", "cleo")
    assert source.ties.tolist() == [[0, 1]]  # both directions are one tie
    assert (source.tie_age.tolist(), source.last_contact.tolist()) == ([30.0], [2.5])
    assert source.attributes == {
        "style": ("seller", None, None), "industry": ("3", None, None), "region": ("north", None, None),
        "seniority": (2.0, None, None), "session_rate": (0.5, None, None), "receptiveness": (-0.5, None, None),
        "selectivity": (None, 1.5, None),
    }  # fmt: skip
    assert from_networkx(example_graph()).digest == source.digest
    assert (from_networkx(example_graph()).name, source.name) == ("graph", "g")


def test_words_of_a_file_stand_in_the_table_of_members():
    history = simulate(load_scenario("baseline").with_(warm_up=1, days=2), 1, network=example_graph())
    ann = history.to_pandas("members").iloc[0]
    assert (ann.label, ann["style"], ann.industry, ann.region, ann.seniority) == ("ann", "seller", "3", "north", 2)
    assert history.to_networkx().nodes[0]["region"] == "north"


def test_words_of_a_file_are_never_those_of_others():
    graph = nx.cycle_graph(200)
    nx.set_node_attributes(graph, {k: str((11, 21, 22, 31)[k % 4]) for k in graph}, "industry")
    growing = load_scenario("baseline").with_(warm_up=0, days=60, **{"population.growth": 1.0, "population.leaving": 0.01})
    members = simulate(growing, 1, network=graph).to_pandas("members")
    assert len(members) > 250
    assert members.label.is_unique
    codes = {row.industry: set() for row in members.itertuples()}
    assert {"11", "21", "22", "31", "industry 11"} <= set(codes)
    assert set(members.industry[:200]) == {"11", "21", "22", "31"}


def test_both_directions_of_a_tie_are_heard_in_any_order():
    there, back = ("a", "b", {"age": 30.0, "last_contact": 9.0}), ("b", "a", {"age": 12.0, "last_contact": 2.5})
    sources = [from_networkx(nx.DiGraph(edges)) for edges in ([there, back], [back, there], [there, back, ("a", "c", {})])]
    assert [(source.tie_age[0], source.last_contact[0]) for source in sources] == [(30.0, 2.5)] * 3
    assert sources[0].digest == sources[1].digest


def test_nodes_of_any_kind_and_multigraphs_are_taken():
    source = from_networkx(nx.MultiGraph([(10, 9), (9, 10), (9, 100)]))
    assert source.labels == ("9", "10", "100")
    assert source.ties.tolist() == [[0, 1], [0, 2]]
    assert from_networkx(nx.path_graph(3)).ties.tolist() == [[0, 1], [1, 2]]
    assert from_networkx(nx.Graph()).ties.shape == (0, 2)
    with pytest.raises(BadInput, match="nodes must have different names once written as text"):
        from_networkx(nx.Graph([(1, "1")]))


@pytest.mark.parametrize(
    ("node", "edge", "said"),
    [
        ({"seniority": "boss"}, {}, "`seniority` must be a number from 0 to 4 at each node (got 'boss')"),
        ({"session_rate": 1.5}, {}, "`session_rate` must be a number from 0 to 1 at each node (got '1.5')"),
        ({"selectivity": math.nan}, {}, "`selectivity` must be a number from -20 to 20 at each node (got 'nan')"),
        ({"receptiveness": math.inf}, {}, "`receptiveness` must be a number from -20 to 20 at each node (got 'inf')"),
        ({}, {"age": -1}, "`age` must be days, at least 0, at each edge (got '-1')"),
        ({}, {"last_contact": "lately"}, "`last_contact` must be days, at least 0, at each edge (got 'lately')"),
    ],
)
def test_attributes_of_the_wrong_kind_are_refused(node, edge, said):
    graph = nx.Graph()
    graph.add_node(1, **node)
    graph.add_edge(1, 2, **edge)
    with pytest.raises(BadInput, match=" must be ") as caught:
        from_networkx(graph)
    assert said in str(caught.value)


def test_the_name_a_node_has_is_checked():
    for node in (-1, 2**60, "", "a\x00b", "x" * 201):
        with pytest.raises(BadInput, match=r"node 2 must have (an id from 0 to|a printable member name of 1 to 200 characters)"):
            from_networkx(nx.Graph([(1, node)]))
    with pytest.raises(BadInput, match=r"an edge must join two different members \(got 1 twice\)"):
        from_networkx(nx.Graph([(1, 1)]))


@pytest.mark.parametrize(
    "content",
    [
        "<graphml", "<graphml/>", XML.format("<graph"), "<html><body/></html>", "<?xml version='1.0'?>", "\x00<graphml/>",
        XML.format('<graph edgedefault="directed"><edge source="1"/></graph>'),
        XML.format('<graph edgedefault="directed"><node/><node id="1"/></graph>'),
        XML.format('<graph edgedefault="undirected"><node id="1"/><node id="1"/><edge source="1" target="1"/></graph>'),
        XML.format('<key id="k" for="node" attr.name="seniority" attr.type="int"/><graph edgedefault="directed">'
                   '<node id="1"><data key="k">high</data></node></graph>'),
        XML.format('<graph edgedefault="directed"><node id="1"><data key="none">3</data></node></graph>'),
    ],
)  # fmt: skip
def test_malformed_graphml_is_refused(written, content):
    refusal(written(content, "g.graphml"))


@pytest.mark.parametrize("pad", [0, 50_000])
def test_entities_are_not_expanded(written, pad):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><graphml>&b;</graphml>'
    assert "must be plain GraphML (got a document type or entities)" in refusal(
        written('<?xml version="1.0"?><!--' + "-x" * pad + "-->" + bomb, "g.graphml")
    )
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><graphml>&a;</graphml>'
    assert "must be plain GraphML (got a document type or entities)" in refusal(written('<?xml version="1.0"?>' + outside, "g.xml"))


# -------------------------------------------------------------------------------------------------------- refusals


ROW = "must have two columns of members in each row"
ID = "must have an id from 0 to 2**53, or a name"
LABEL = "line 1 must have a printable member name of 1 to 200 characters"
THIRD = "must have a time stamp or a weight in its third column, or a header"
STAMP = "must have seconds since 1970 or an ISO date as its time stamp"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", f"{ROW} (got an empty file)"), (" \n\n", f"{ROW} (got an empty file)"),
        ("# only\n", f"{ROW} (got no rows)"), ("\ufeff", f"{ROW} (got no rows)"),
        ("sender,recipient,timestamp\n", f"{ROW} (got a header and no rows)"),
        ("1\n2\n", "line 1 must have two columns of members or more (got one column)"),
        ("1,2\n\n3\n", "line 3 must have two columns of members or more (got one column)"),
        ("1,2\n1,2,3\n", "line 2 must have 2 columns, as line 1 has (got 3)"),
        ("1,2\n# x\n3,3\n", "line 3 must join two different members (got '3' twice)"),
        ("1,2\n2,3\n1,2\n", "line 3 must be the only row of its tie (got '1' and '2' again, as in line 1)"),
        ("1,2\n2,1\n", "line 2 must be the only row of its tie (got '2' and '1' again, as in line 1)"),
        ("1,2\n-3,2\n", f"line 2 {ID} (got -3)"), ("9007199254740993000,1\n", f"line 1 {ID} (got 9007199254740993000)"),
        ("1e400,2\n", f"line 1 {ID} (got 1e400)"), ("1,\n", LABEL), (f"1,{'x' * 201}\n", LABEL), ("1,a\x07b\n", LABEL),
        ('1,"2\n', "line 1 must be well-formed CSV, with closed quotes or none (got unexpected end of data)"),
        ("1,2,soon\n", f"line 1 {THIRD} (got 'soon')"), ("1,2,3\n2,3,soon\n", f"line 2 {THIRD} (got 'soon')"),
        (f"1,2,{START}\n2,1,soon\n", f"line 2 {STAMP} (got 'soon')"),
        ("sender,recipient,timestamp\n1,2,soon\n", f"line 2 {STAMP} (got 'soon')"),
        ("sender,recipient,timestamp\n1,2,nan\n", f"line 2 {STAMP} (got 'nan')"), ("sender,recipient,timestamp\n1,2,inf\n", f"line 2 {STAMP} (got 'inf')"),
        ("sender,recipient,timestamp\n1,2,1e400\n", f"line 2 {STAMP} (got '1e400')"), ("sender,recipient,timestamp\n1,2,\n", f"line 2 {STAMP} (got '')"),
        (f"1,2,{START}000\n2,1,{START}000\n", f"line 1 {STAMP} (got '{START}000')"),  # milliseconds
        (f"1,2,{START}\n2,2,{START}\n", "line 2 must join two different members (got '2' twice)"),
        (b"1,2\n\xff\xfe,3\n", "line 2 must be UTF-8 (got other bytes)"), ("1,2\n".encode("utf-16"), "line 1 must be UTF-8 (got other bytes)"), (gzip.compress(b"1,2\n", mtime=0), "line 1 must be UTF-8 (got other bytes)"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_line(written, content, said):
    assert said in refusal(written(content))


@pytest.mark.parametrize(
    "content",
    [
        b"1,2\n",
        b"",
        gzip.compress(b"1,2\n" * 9, mtime=0)[:-9],
        gzip.compress(b"", mtime=0),
        b"\x1f\x8b\x08\x00",
        gzip.compress(b"1,2\n", mtime=0)[:12] + b"\xff" * 20,
    ],
)
def test_damaged_gzip_is_refused(written, content):
    refusal(written(content, "net.csv.gz"))


def test_what_is_no_file_is_refused(tmp_path):
    assert f"must be {files.READABLE} (got no such file)" in refusal(tmp_path / "missing.csv")
    assert f"must be {files.READABLE} (got no regular file)" in refusal(tmp_path)
    refusal(tmp_path / ("x" * 300))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refusal(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    assert f"must be {files.READABLE} (got no regular file)" in refusal(tmp_path / "pipe")  # and nobody waits for a writer


def test_a_file_that_may_not_be_read_is_refused(written, monkeypatch):
    path = written("1,2\n")

    def forbidden(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    assert "must be a readable, undamaged file (got [Errno 13] Permission denied)" in refusal(path)


def test_sizes_have_limits(written, monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 10)
    ten = "".join(f"{k},{k + 1}\n" for k in range(10))
    assert len(read_network(written(ten)).ties) == 10
    assert "must have at most 10 lines (got more)" in refusal(written(ten + "10,11\n"))
    assert "must have at most 10 lines (got more)" in refusal(written("\n" * 100_000 + ten, "bomb.csv.gz"))
    assert "must have at most 10 elements (got more)" in refusal(written(XML.format("<node/>" * 21), "g.graphml"))
    monkeypatch.setattr(files, "MOST_BYTES", 300)
    assert "must have at most 300 bytes (got " in refusal(written(ten * 10))
    assert "must have at most 300 bytes unpacked (got more)" in refusal(written("1,2\n" + "#" * 10_000, "bomb.csv.gz"))


# ------------------------------------------------------------------------------------------------------ communities


def test_a_file_is_read_again_only_after_a_change(written):
    path = written("a,b\nb,c\n")
    first = read_network(path)
    assert read_network(path) is first
    assert communities(first) is communities(first)
    path.write_text("a,b\nb,c\nc,d\n")
    assert read_network(path).labels == ("a", "b", "c", "d")


def test_communities_are_found_and_ordered_by_size(written):
    cliques = [(0, 6), (6, 10), (10, 18)]
    edges = [(a, b) for low, high in cliques for a in range(low, high) for b in range(a + 1, high)] + [(5, 6), (9, 10)]
    graph = nx.Graph(edges)
    graph.add_node(18)
    source = from_networkx(graph)
    found = communities(source)
    assert found.tolist() == [1] * 6 + [2] * 4 + [0] * 8 + [-1]
    assert (found == communities(from_networkx(nx.Graph(edges[::-1]).to_directed()))[[*range(18), 0]])[:18].all()
    assert communities(from_networkx(nx.empty_graph(3))).tolist() == [-1, -1, -1]
    assert communities(from_networkx(nx.Graph())).tolist() == []


# -------------------------------------------------------------------------------------------------------------- fuzz


LINES = st.lists(
    st.lists(
        st.sampled_from(["1", "2", "3", "ann", "-1", "nan", "1e999", "", '"', "#", str(START), "2004-04-15", "sender", "to", "time", "{}"])
        | st.text(max_size=5),
        max_size=4,
    ),
    max_size=8,
)
MARKUP = st.lists(
    st.sampled_from([
        "<graphml>", "</graphml>", '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', '<graph edgedefault="directed">', "</graph>",
        '<graph edgedefault="x">', '<node id="1"/>', '<node id="2">', "</node>", "<node/>", '<edge source="1" target="2"/>', "<edge/>",
        '<edge source="3" target="3"/>', '<key id="d" for="node" attr.name="seniority" attr.type="int"/>', '<key id="d"/>', "<default>7</default>",
        '<data key="d">2</data>', '<data key="d">x</data>', '<data key="e"/>', "<port/>", "<hyperedge/>", "&amp;", "&x;", "<![CDATA[", "]]>", "<!--",
    ]),
    max_size=14,
)  # fmt: skip


def reads_or_refuses(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    source, said = None, ""
    try:
        source = read_network(path)
    except BadInput as error:
        said = str(error)
    if source is None:
        assert said.startswith((f"{path}: ", f"{path} must "))
        assert "\n" not in said
        return
    check_form(source)
    assert len(communities(source)) == len(source.labels)


@settings(max_examples=150, deadline=2000)
@given(st.binary(max_size=300), st.sampled_from(["f", "f.csv", "f.gz", "f.graphml", "f.graphml.gz"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content, name):
    reads_or_refuses(tmp_path_factory.getbasetemp(), name, content)
    reads_or_refuses(tmp_path_factory.getbasetemp(), "packed.gz", gzip.compress(content, mtime=0))


@settings(max_examples=300, deadline=2000)
@given(LINES, st.sampled_from([",", " ", "\t", ";"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_rows_are_read_or_refused(tmp_path_factory, lines, mark, end):
    text = end.join(mark.join(row) for row in lines)
    reads_or_refuses(tmp_path_factory.getbasetemp(), "f.csv", text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=2000)
@given(MARKUP, st.booleans())
def test_any_markup_is_read_or_refused(tmp_path_factory, parts, wrapped):
    text = "".join(parts)
    framed = XML.format(f'<graph edgedefault="undirected">{text}</graph>') if wrapped else text
    reads_or_refuses(tmp_path_factory.getbasetemp(), "f.graphml", framed.encode())
