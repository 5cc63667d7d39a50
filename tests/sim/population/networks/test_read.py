"""Edge lists and message logs: what is read, what is refused, and that nothing else ever happens."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import BadInput
from sim.population.networks.read import read_network
from sim.population.networks.source import communities
from tests.helpers.message_log import message_log
from tests.helpers.network_checks import check_form, named_ties, refusal

HOUR = 3600.0
START = 1_082_040_961  # seconds since 1970
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}</graphml>\n'


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


@pytest.mark.parametrize("rows", ["1 2 0.5\n2 3 4\n", "1 2 {}\n2 3 {}\n", "2 3 4 y\n1 2 3 x\n"])
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
        "1,2\n2,3\n",
        "1,2\n1,3\n",
        "1,2\n2,4\n",
        f"1,2,{START}\n2,1,{START + 60}\n",
        f"1,2,{START}\n2,1,{START + 90}\n1,2,{START + 90}\n",
    ]
    assert len({read_network(written(content)).digest for content in contents}) == len(contents)


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


@pytest.mark.parametrize(
    "told", [{"network_as": "log"}, {"columns": "time=3"}, {"columns": {"sender": 1, "recipient": "target", "time": "time"}}]
)
def test_seconds_from_any_zero_do_if_told(written, told):
    path = written("source,target,time\n1,2,0\n2,1,86400\n1,2,-86400\n")
    source = read_network(path, **told)
    assert (source.tie_age.tolist(), source.member_age.tolist()) == ([0.0], [2.0, 2.0])
    assert "or be told `--network-as log` for seconds from any zero (got '0')" in refusal(path)


def test_a_log_of_the_newest_first_tells_one_day_backwards(written):
    """On one day 2 answered 1, who then wrote again on the next: the file begins with that."""
    rows = ["1,2,2024-02-06", "2,1,2024-02-05", "1,2,2024-02-05"]
    newest = read_network(written("from,to,date\n" + "\n".join(rows) + "\n", "newest.csv"))
    oldest = read_network(written("from,to,date\n" + "\n".join(rows[::-1]) + "\n", "oldest.csv"))
    assert newest.exchanges.tolist() == oldest.exchanges.tolist() == [2]
    assert newest.digest == oldest.digest


def test_a_message_to_oneself_is_left_out_of_a_log(written):
    source = read_network(written("from,to,date\n1,1,2024-02-04\n1,2,2024-02-05\n2,1,2024-02-07\n"))
    assert source.report.skipped == {"message from a member to itself": 1}
    assert (source.exchanges.tolist(), source.member_age.tolist()) == ([1], [3.0, 2.0])


def test_what_was_read_is_said(written):
    source = read_network(written("# x\nsource;target\n1;2\n2;1\n2;3\n3;3\n", "net.csv"))
    assert source.report.facts() == {
        "format": "CSV",
        "read_as": "edge list",
        "members": 3,
        "ties": 2,
        "rows": 4,
        "separator": "semicolon",
        "header": "source, target",
        "columns": {"sender": "1 (`source`)", "recipient": "2 (`target`)"},
        "skipped": {"comment line (above the first row)": 1, "row giving a tie's other direction": 1, "row joining a member to itself": 1},
        "notes": [],
    }
    assert source.report.lines("net.csv") == [
        "net.csv: read as an edge list: 3 members and 2 ties, from 4 rows (CSV; separator semicolon; header source, target; sender in column 1 (`source`); recipient in column 2 (`target`))",
        "net.csv: left out: 1 comment line (above the first row); 1 row giving a tie's other direction; 1 row joining a member to itself",
    ]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"network_as": "graph"}, "`--network-as` must be ties or log (got 'graph')"),
        ({"columns": "sender=1"}, "`--columns` must name sender and recipient together (got 'sender=1')"),
        (
            {"columns": "from=1,to=2"},
            "`--columns` must say columns by number from 1 or by name, such as sender=1,recipient=2,time=3 (got 'from=1,to=2')",
        ),
        ({"columns": "sender=1,recipient=1"}, "`--columns` must be different columns (got recipient=1, sender=1)"),
        ({"columns": "time=3", "network_as": "ties"}, "`--columns` must have no time with `--network-as ties` (got time=3)"),
        ({"columns": "sender=1,recipient=4"}, "`--columns` must name recipient by a number from 1 to 3; the file has no header (got '4')"),
        ({"columns": "sender=ann,recipient=2"}, "`--columns` must name sender by a number from 1 to 3; the file has no header (got 'ann')"),
    ],
)
def test_what_is_told_wrongly_is_refused(written, told, said):
    path = written("a,b,2024-02-05\nb,a,2024-02-06\n")
    with pytest.raises(BadInput) as caught:
        read_network(path, **told)
    assert str(caught.value).removeprefix(f"{path}: ") == said


def test_what_is_told_is_part_of_what_is_kept_in_memory(written):
    path = written("a,b,2024-02-05\nb,c,2024-02-06\n")
    assert len(read_network(path).ties) == 0
    assert len(read_network(path, network_as="ties").ties) == 2
    assert len(read_network(path, columns="sender=2,recipient=1,time=3").ties) == 0


def test_exchanges_are_capped(written):
    text = "".join(f"{1 + k % 2},{2 - k % 2},{START + k}\n" for k in range(1500))
    assert read_network(written(text)).exchanges.tolist() == [1000]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 40)).filter(lambda m: m[0] != m[1]), min_size=1))
def test_a_log_agrees_with_a_plain_reading(tmp_path_factory, messages):
    path = tmp_path_factory.mktemp("log") / "log.csv"
    path.write_text("from,to,when\n" + "".join(f"{a},{b},{t * 3600 - 200_000}\n" for a, b, t in messages), encoding="utf-8")
    source = read_network(path, network_as="log")
    check_form(source)
    wrote = {(str(a), str(b)) for a, b, _ in messages}
    assert named_ties(source) == {frozenset(pair) for pair in wrote if pair[::-1] in wrote}
    end = max(t for _, _, t in messages)
    for (a, b), contact, age in zip(source.ties.tolist(), source.last_contact, source.tie_age, strict=True):
        pair = {int(source.labels[a]), int(source.labels[b])}
        assert contact == pytest.approx((end - max(t for i, j, t in messages if {i, j} == pair)) / 24)
        assert contact <= age <= min(source.member_age[a], source.member_age[b])


def test_a_log_of_60_000_messages_is_read(written):
    rng = np.random.default_rng(1)
    pairs = rng.integers(0, 2000, (60_000, 2))
    text = "".join(f"{a},{(a + 1 + b % 40) % 2000},{START + 250 * k}\n" for k, (a, b) in enumerate(pairs))
    path = written(text, "log.csv.gz")
    source = read_network(path)
    check_form(source)
    assert len(source.labels) == 2000


def test_the_public_message_log():
    source = read_network(message_log())
    check_form(source)
    assert len(source.ties) > 0
    assert np.isfinite(source.tie_age).all()
    assert np.isfinite(source.member_age).all()


ROW = "must have two columns of members in each row"
LABEL = "line 1 must have a printable member name of 1 to 200 characters"
THIRD = "must have a time stamp or a weight in its third column, or a header"
STAMP = "must have seconds or milliseconds since 1970, YYYYMMDD or an ISO date, from 1990 to 2039, as its time stamp"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", f"{ROW} (got an empty file)"),
        (" \n\n", f"{ROW} (got an empty file)"),
        ("\ufeff", f"{ROW} (got no rows)"),
        ("# only\n", f"{ROW} (got no rows but 1 that begins with # or %: put a header above such names)"),
        ("sender,recipient,timestamp\n", f"{ROW} (got a header and no rows)"),
        ("1\n2\n", "line 1 must have two columns of members or more (got one column)"),
        ("1,2\n\n3\n", "line 3 must have two columns of members or more (got one column)"),
        ("1,2\n1,2,3\n", "line 2 must have 2 columns, as line 1 has (got 3)"),
        ("1,2\n# x\n3,3\n", "line 2 must have two columns of members or more (got one column)"),
        ("1,2,3\n2,1,3\n", "`--network-as ties` if weights, `--network-as log` if times (got '2' and '1' again, as in line 1)"),
        ("1,2,0\n2,3,86400\n", "must have a header, or be told what its numbers are"),
        ("1,\n", f"{ROW} (got 2 columns)"),
        (f"ann,{'x' * 201}\n", LABEL),
        ("ann,a\x07b\n", LABEL),
        ("ann,\nbob,ann\nann,bob\n", LABEL),
        ('1,"2\n', "line 1 must be well-formed CSV, with closed quotes or none (got unexpected end of data)"),
        ("1,2,soon\n", f"line 1 {THIRD} (got 'soon')"),
        ("1,2,3\n2,3,soon\n", f"line 2 {THIRD} (got 'soon')"),
        ("0.5,1\n0.25,2\n", f"{ROW} (got fractions in column 1)"),
        (f"1,2,{START}\n2,1,soon\n", f"line 2 {THIRD} (got 'soon')"),
        ("sender,recipient,timestamp\n1,2,soon\n", f"line 2 {STAMP} (got 'soon')"),
        ("sender,recipient,timestamp\n1,2,nan\n", f"line 2 {STAMP} (got 'nan')"),
        ("sender,recipient,timestamp\n1,2,inf\n", f"line 2 {STAMP} (got 'inf')"),
        ("sender,recipient,timestamp\n1,2,1e400\n", f"line 2 {STAMP} (got '1e400')"),
        (f"sender,recipient,timestamp\n1,2,{START}\n2,1,\n", f"line 3 {STAMP} (got '')"),
        (f"sender,recipient,timestamp\n1,2,{START}\n2,1,2024-02-05\n", f"line 3 {STAMP} (got '2024-02-05')"),
        (f"{START},ann,bob\n{START + 5},bob,ann\n", "`--columns sender=N,recipient=N,time=1`"),
        (
            b"1,2\n\xff\xfe,3\n",
            "line 2 must be UTF-8: in a spreadsheet save as `CSV UTF-8`, else `iconv -f WINDOWS-1252 -t UTF-8` (got byte 0xff)",
        ),
        ("1,2\n".encode("utf-16-le"), "line 1 must be text: UTF-16 needs its byte order mark, or save as UTF-8 (got a byte 0)"),
        (b"\xff\xfe1\x00,", "must be UTF-16 as its byte order mark says"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(written, content, said):
    assert said in refusal(written(content))


def test_a_file_is_read_again_only_after_a_change(written):
    path = written("a,b\nb,c\n")
    first = read_network(path)
    assert read_network(path) is first
    assert communities(first) is communities(first)
    path.write_text("a,b\nb,c\nc,d\n")
    assert read_network(path).labels == ("a", "b", "c", "d")


LINES = st.lists(
    st.lists(
        st.sampled_from(["1", "2", "3", "ann", "-1", "nan", "1e999", "", '"', "#", str(START), "2004-04-15", "sender", "to", "time", "{}"])
        | st.text(max_size=5),
        max_size=4,
    ),
    max_size=8,
)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<graphml>",
            "</graphml>",
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
            '<graph edgedefault="directed">',
            "</graph>",
            '<graph edgedefault="x">',
            '<node id="1"/>',
            '<node id="2">',
            "</node>",
            "<node/>",
            '<edge source="1" target="2"/>',
            "<edge/>",
            '<edge source="3" target="3"/>',
            '<key id="d" for="node" attr.name="seniority" attr.type="int"/>',
            '<key id="d"/>',
            "<default>7</default>",
            '<data key="d">2</data>',
            '<data key="d">x</data>',
            '<data key="e"/>',
            "<port/>",
            "<hyperedge/>",
            "&amp;",
            "&x;",
            "<![CDATA[",
            "]]>",
            "<!--",
        ]
    ),
    max_size=14,
)


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


@pytest.mark.parametrize("path", [None, 3, pd.DataFrame({"a": [1]}), nx.path_graph(3)])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(BadInput, match=r"^`path` must be a path; a graph of networkx is given to a run as it is \(got an object of type "):
        read_network(path)


@pytest.mark.parametrize("mark", ["#", "%"])
def test_many_comments_between_blanks_take_no_time(written, mark):
    """Each doubled the ways to part the blanks between them: 30 took hours."""
    comments = "".join(f"\n\n  {mark} note {k}\n" for k in range(60))
    assert len(read_network(written(f"{comments}source,target\na,b\nb,c\n")).ties) == 2


def test_braces_take_no_time(written):
    rows = ("1 2 " + " {'" * 3000 + "x" * 100_000 + "\n") * 20
    refusal(written(rows))


def test_addresses_in_brackets_are_no_markup(written):
    for k, text in enumerate(("<a@x>,<b@x>\r<b@x>,<c@x>\r", "<http://x/a> <http://x/b>\r\n")):
        assert len(read_network(written(text, f"{k}.csv")).ties) == 2 - k


def test_a_page_is_named_as_one(written):
    assert "must be the file itself, not a page about it" in refusal(written("<html><body>404</body></html>"))
    assert "must be plain XML (got a document type or entities)" in refusal(written("<!DOCTYPE html><html></html>"))


@pytest.mark.parametrize("none", ["0001-01-01T00:00:00", "1899-12-30", "1900-01-01", "1970-01-01 00:00:00", "1970-01-01T01:00:00+01:00"])
def test_what_stands_for_no_date_is_none(written, none):
    assert "line 3 must have a date that is known" in refusal(written(f"from,to,date\na,b,2024-02-05\nb,a,{none}\n"))


def test_dates_of_any_time_are_read(written):
    assert read_network(written("from,to,date\na,b,1650-02-05\nb,a,1651-02-05\n")).tie_age.tolist() == [0.0]
    assert read_network(written("from,to,date\na,b,1970-01-01\nb,a,1971-02-05\n", "other.csv")).tie_age.tolist() == [0.0]


def test_numbers_that_are_dates_are_no_seconds_even_if_told(written):
    for k, cells in enumerate((("19850205", "19850206"), ("2019", "2020"), ("202402051000", "202402061000"))):
        path = written(f"from,to,date\na,b,{cells[0]}\nb,a,{cells[1]}\n", f"{k}.csv")
        assert "with years or dates as numbers" in refusal(path, network_as="log")


def test_when_a_log_begins_and_ends_is_said(written):
    notes = read_network(written("from,to,date\na,b,2024-02-05T10:00\nb,a,2024-02-06\n")).report.notes
    assert notes == ("times are dates in words, 2024-02-05 10:00:00 to 2024-02-06 00:00:00 UTC",)


def test_times_of_edges_are_not_read_and_this_is_said(written):
    nodes, edges = '[{"id":"a"},{"id":"b"}]', '[{"source":"a","target":"b","sent_at":5}]'
    notes = read_network(written(f'{{"nodes":{nodes},"links":{edges}}}')).report.notes
    assert notes == ("the edges' `sent_at` is not read: if each is a message, write them as a table of sender, recipient and time",)


@pytest.mark.parametrize(
    ("nodes", "source", "target"),
    [('["Ada","Bo"]', "0", "1"), ('["Ada","Bo"]', '"Ada"', '"Bo"'), ('[{"name":"Ada"},{"name":"Bo"}]', '"Bo"', '"Ada"')],
)
def test_nodes_that_are_names_alone_keep_them(written, nodes, source, target):
    path = written(f'{{"nodes":{nodes},"links":[{{"source":{source},"target":{target}}}]}}')
    assert named_ties(read_network(path)) == {frozenset(("Ada", "Bo"))}


def test_groups_of_other_programs_are_no_members(written):
    cytoscape = '{"elements":{"nodes":[{"data":{"id":"g"}},{"data":{"id":"a","parent":"g"}},{"data":{"id":"b","parent":"g"}}],"edges":[{"data":{"source":"a","target":"b"}},{"data":{"source":"g","target":"b"}}]}}'
    yed = 'graph [ directed 1 node [ id 0 label "a" ] node [ id 1 label "b" ] node [ id 2 label "g" isGroup 1 ] edge [ source 0 target 1 ] edge [ source 0 target 2 ] ]'
    for k, text in enumerate((cytoscape, yed)):
        source = read_network(written(text, f"{k}"))
        assert (source.labels, len(source.ties)) == (("a", "b"), 1)
        assert source.report.skipped == {"groups, which are no members": 1, "edges at groups": 1}


def test_ids_of_other_programs_are_synthetic_too(written):
    ids = "3f2a1b0c-1d2e-4f50-8a61-0123456789ab", "4f2a1b0c-1d2e-4f50-8a61-0123456789ab"
    for one, other in (ids, ("1.0", "2.0")):
        node = '<node id="{}"><data key="k">{}</data></node>'
        key = '<key id="k" for="node" attr.name="label"/>'
        text = f'<graphml>{key}<graph>{node.format(one, "Ada")}{node.format(other, "Bo")}<edge source="{one}" target="{other}"/></graph></graphml>'
        assert read_network(written(text, one)).labels == ("Ada", "Bo")


def test_an_end_that_graphml_does_not_declare_is_refused(written):
    text = '<graphml><graph><node id="a"/><node id="b"/><edge source="a" target="z"/></graph></graphml>'
    assert "must declare both ends of each edge as nodes (got edge 1 with 'z')" in refusal(written(text))
