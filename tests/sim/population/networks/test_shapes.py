"""Tables that may be something else than a list of ties."""

from __future__ import annotations

import pytest

from sim.population.networks.read import read_network
from tests.helpers.network_checks import named_ties, refusal


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("0,5,6\n1,6,7\n", "`--columns sender=2,recipient=3` if column 1 numbers the rows, `--columns sender=1,recipient=2` if not"),
        ('"1" 5 6\n"2" 6 7\n"3" 7 5\n"4" 7 9\n', "if column 1 numbers the rows"),
        ("0,5,6,1217567877\n1,6,5,1217567879\n", "if column 1 numbers the rows"),
        ("0 3 5\n2 0 4\n7 1 0\n", "a matrix is not read (got 3 rows of 3 numbers)"),
        ("1 0.5 1.5\n1.5 2 4\n7 9 0\n", "a matrix is not read (got 3 rows of 3 numbers)"),
        ("0 1 .5\n2 0 .2\n3 7 0\n", "a matrix is not read (got 3 rows of 3 numbers)"),
        ("source,target\na,b\nb,c\nSource,Target\nd,a\n", "line 4 must be a row: the header stands once, above the first"),
        (
            "source,target\na,b\n# note, this\nb,c\n",
            "line 3 must be a row: comments stand above the header and the first row (got '# note')",
        ),
        (
            "source,target\na,b\nb,c\nGenerated 2024,by X\n",
            "line 4 must be a row: delete what stands below the last (got Generated 2024, by X)",
        ),
        ("source,target,weight\n3,2,1\n2,5,6\nTotal,2,7\n", "line 4 must be a row: delete what stands below the last (got Total, 2, 7)"),
        ("a\tb\nb\tc\nc\ta\nSource: my phone\tx\n", "line 4 must be a row: delete what stands below the last"),
        ("| source | target |\n|---|:---|\n| a | b |\n| b | c |\n", "line 2 must be a row: delete the line below a header of Markdown"),
    ],
)
def test_a_table_of_another_shape_is_refused(written, content, said):
    assert said in refusal(written(content))


@pytest.mark.parametrize(
    ("content", "ties"),
    [
        ("0,5,6\n2,6,7\n", {"05", "26"}),  # does not count up
        ("1 2 0.5\n2 3 4\n", {"12", "23"}),  # a fraction is no member
        ("4 5 1.5\n5 6 1\n6 4 2\n", {"45", "56", "46"}),  # a square, but only weights have fractions
        ("4 5 1\n5 6 1\n6 4 2\n4 7 1\n", {"45", "56", "46", "47"}),
        (",source,target\n0,a,b\n1,b,c\n2,c,b\n", {"ab", "bc"}),  # as pandas writes its index
        ("source,target\n#a,b\nb,#a\n", {("#a", "b")}),
        ("source,target\na,b\nTotal,a\n", {"ab", ("Total", "a")}),  # the firm
    ],
)
def test_what_is_clear_is_read(written, content, ties):
    assert named_ties(read_network(written(content))) == {frozenset(tie) for tie in ties}


def test_what_is_told_is_done(written):
    numbered, square = written("0,5,6\n1,6,7\n", "a.csv"), written("4 5 1\n5 6 1\n6 4 2\n", "b.csv")
    assert named_ties(read_network(numbered, columns="sender=2,recipient=3")) == {frozenset("56"), frozenset("67")}
    assert named_ties(read_network(numbered, columns="sender=1,recipient=2")) == {frozenset("05"), frozenset("16")}
    assert len(read_network(square, network_as="ties").ties) == 3
    assert "if column 1 numbers the rows" in refusal(numbered, network_as="ties")  # says nothing about columns


TOLD = "`--columns time=N` or `--network-as log` if it holds the times of messages, `--network-as ties` if not"
MEMBERS = "must have members in the columns of sender and recipient, or be told its columns"


@pytest.mark.parametrize(
    ("header", "when", "said"),
    [
        (
            "person_a,person_b,from,to",
            ("2019-01-01", "2020-01-01"),
            f"{MEMBERS} by `--columns sender=N,recipient=N` (got dates in 'from' (3)",
        ),
        ("person_a,person_b,from,to", ("01.05.2019", "02.05.2019"), MEMBERS),
        ("person_a,person_b,from,to", ("20190101", "20200101"), MEMBERS),
        ("user,friend,from,to", ("2019", "2020"), f"{MEMBERS} by `--columns sender=N,recipient=N` (got years in 'from' (3)"),
        ("company,staff,from,to", ("2019", "present"), MEMBERS),
        ("user,friend,from,to", ("Berlin", "Bonn"), "must have one column of each side, or be told its columns"),
        ("person_a,person_b,from,to", ("Berlin", "Bonn"), "(got 'from' (3) and 'to' (4) beside 'person_a' (1) and 'person_b' (2))"),
        ("employee,manager,date_from,date_to", ("2019-01-01", "2020-01-01"), TOLD),
        ("user1,user2,valid_from,valid_to", ("2019-01-01", "2020-01-01"), TOLD),
    ],
)
def test_from_and_to_that_say_when_are_no_members(written, header, when, said):
    assert said in refusal(written(f"{header}\nann,bob,{','.join(when)}\nbob,cleo,{','.join(when)}\n"))


def test_years_alone_are_refused_as_members_or_periods(written):
    assert MEMBERS in refusal(written("from,to\n1999,2003\n2001,2004\n", "a.csv"))
    assert "must have two columns of members" in refusal(written("from_year,to_year\n1999,2003\n2001,2004\n", "b.csv"))


@pytest.mark.parametrize(
    ("content", "ties"),
    [
        ("person_a,person_b,from_year,to_year\nx,y,2019,2020\ny,z,2019,2021\n", {"xy", "yz"}),
        ("source,target,source_name,target_name\n1,2,Ann,Bob\n2,3,Bob,Cleo\n", {"12", "23"}),
        ("id,name,from,to\n1,k,x,y\n2,l,y,z\n", {"xy", "yz"}),
        ("src,dst\n10.0.0.1,192.168.1.10\n", {("10.0.0.1", "192.168.1.10")}),  # no dates
        ("source,target\n2001,2002\n2002,2003\n", {("2001", "2002"), ("2002", "2003")}),  # ids, whatever the year
    ],
)
def test_members_beside_periods_or_like_them_are_read(written, content, ties):
    assert named_ties(read_network(written(content))) == {frozenset(tie) for tie in ties}


UNSAID = "`--network-as ties` if weights, `--network-as log` if times"


@pytest.mark.parametrize("name", ["seconds", "tick", "day", "hour", "step", "", "offset", "time_interval", "Unnamed: 2"])
def test_numbers_of_which_nothing_says_what_they_are_are_refused_where_a_pair_repeats(written, name):
    rows = "9,8,0\n9,7,40\n8,9,90\n7,8,95\n"
    path = written(f"sender,recipient,{name}\n{rows}")
    assert f"be told what column 3 ({name!r}) is: {UNSAID} (got '8' and '9' again, as in line 2)" in refusal(path)
    assert len(read_network(path, network_as="ties").ties) == 3
    once = written(f"sender,recipient,{name}\n9,8,0\n9,7,40\n", "once.csv")
    if name in ("tick", "day", "hour", "step"):  # a unit of time says when, though not from which zero
        assert f"be told what column 3 ({name!r}) is: {UNSAID} (got numbers such as 0)" in refusal(once)
    else:
        assert len(read_network(once).ties) == 2


@pytest.mark.parametrize("name", ["weight", "count", "calls", "distance", "edge_id", "age"])
def test_numbers_under_a_known_name_are_passed_over(written, name):
    assert len(read_network(written(f"sender,recipient,{name}\n9,8,0\n9,7,40\n8,9,90\n")).ties) == 2


def test_a_number_after_many_rows_counts_too(written):
    rows = [f"{k},{k + 7},\n" for k in range(1500)]
    assert "line 1501 must have a header" in refusal(written("".join([*rows, "3,10,5\n"])))


def test_a_log_that_is_told_takes_the_one_column_of_clear_times(written):
    text = "from,to,step,note_created_at\na,b,1,2024-02-05\nb,a,2,2024-02-08\n"
    source = read_network(written(text), network_as="log")
    assert source.report.columns["time"] == "4 (`note_created_at`)"
    assert source.member_age.tolist() == [3.0, 3.0]


@pytest.mark.parametrize("cell", ["unknown", "soon"])
def test_a_column_of_dates_but_for_a_cell_is_refused_too(written, cell):
    assert TOLD in refusal(written(f"from,to,moment\na,b,2024-01-01\nb,a,2024-01-02\na,b,{cell}\n", "a.csv"))
    assert TOLD in refusal(written(f"1 2 1 2024-01-01\n2 1 1 2024-01-02\n1 3 1 {cell}\n", "b.csv"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("source,target\n1.23457E+11,2.34567E+11\n", "line 2 must have all digits of its number"),
        ("von;an\n1,23457E+11;2,34567E+11\n", "line 2 must have all digits of its number"),
        ("from,to,timestamp\na,b,1.70E+09\nb,a,1.71E+09\n", "line 2 must have all digits of its number"),
        ("from,to,ts\na,b,1.7e9\nb,a,1.8e9\n", "line 2 must have all digits of its number"),
        ("5 4\n0 1\n1 2\n2 3\n3 4\n", "line 1 must be a row of two members: delete it if it says how many members and rows follow"),
        ("4 4\n2 4\n1 3\n2 4\n1 3\n", "line 1 must be a row of two members"),
        ("e 1 2\ne 2 3\ne 3 4\n", "join members of one kind, or be told its columns"),
        ("e1 1 2\ne5 2 3\n", "words in column 1 beside numbers"),
        ("1000,1,2\n1001,2,3\n", "`--columns sender=2,recipient=3` if column 1 numbers the rows"),
        ("20 70 48 B C\n40 71 70 B C\n40 48 71 C C\n", "`time=1` besides if it says when"),
        ("(1, 2)\n(2, 3)\n", "line 1 must be a row without brackets around it (got (1, 2))"),
        ("[1,2]\n[2,3]\n", "without brackets around it"),
        ("c(1,2)\nc(2,3)\n", "without brackets around it"),
        ("- [a, b]\n- [b, c]\n", "without brackets around it"),
        ("1: 2\n2: 3\n", "line 1 must name two members: an adjacency list is to be written as a row for each tie (got '1:')"),
        ("05/02/2024;ann\n06/02/2024;bo\n", "times in column 1"),
        ("ann 1700000000\nbo 1700000100\n", "times in column 2"),
        ("source,target\nAda,#NAME?\nBo,#NAME?\n", "line 2 must have a name, not what a spreadsheet writes for an error"),
        ("1,2,45327.41\n2,3,45328.2\n", "numbers in column 3 like a spreadsheet's dates, such as 45327.41"),
        ("from,to,moment\na,b,45327.41\nb,c,45328.5\n", "like a spreadsheet's dates"),
        ("from,to,year,month,day\na,b,2024,2,5\nb,c,2024,2,6\n", "be told what column 4 ('month') is"),
        ("# timestamp,user_a,user_b,rssi\n0,1,2,-50\n300,1,3,-60\n", "for seconds from any zero (got '0')"),
        ("Report of all contacts (draft)\n\n\n o a;b 7\n c|d m;n 6\n p a;b 7\n", "must have one separator that stands in no cell"),
        ("0,1\n10,20\n20,30\n", "line 1 must be clearly a header or a row"),
        ("1st person,2nd person\nada,bo\nbo,cleo\n", "line 1 must be clearly a header or a row"),
        ("Contact #1,Contact #2\na,b\nb,c\n", "line 1 must be clearly a header or a row"),
        ("User→,Friend?\na,b\nb,c\n", "line 1 must be clearly a header or a row"),
    ],
)
def test_what_a_table_may_hold_besides_members_is_not_taken_for_them(written, content, said):
    assert said in refusal(written(content))


@pytest.mark.parametrize(
    ("content", "ties"),
    [
        ("source,target\n1E5,2E7\n2E7,3E9\n", {("1E5", "2E7"), ("2E7", "3E9")}),  # codes, not shortened numbers
        ("1.000000e+00 2.000000e+00\n", {("1.000000e+00", "2.000000e+00")}),  # no digit is lost
        ("ann (x),bo [y]\nbo [y],cy\n", {("ann (x)", "bo [y]"), ("bo [y]", "cy")}),
        ('"from" "to"\n"1" "a" "b"\n"2" "b" "c"\n', {("a", "b"), ("b", "c")}),  # write.table of R
        ('"","V1","V2"\n"1","a","b"\n"2","b","c"\n', {("a", "b"), ("b", "c")}),
        (":START_ID,:END_ID\na,b\nb,c\n", {("a", "b"), ("b", "c")}),
        ("person1_id,person2_id\n5,6\n6,7\n", {("5", "6"), ("6", "7")}),
        ("id_1,id_2\n5,6\n6,7\n", {("5", "6"), ("6", "7")}),
        ("Name 1,Name 2\na,b\nb,c\n", {("a", "b"), ("b", "c")}),
        ("Expéditeur;Destinataire\na;b\nb;c\n", {("a", "b"), ("b", "c")}),
        ("Empfänger;Absender\na;b\nb;c\n", {("a", "b"), ("b", "c")}),
        ("nadawca,odbiorca\na,b\nb,c\n", {("a", "b"), ("b", "c")}),
    ],
)
def test_rows_and_headers_as_programs_write_them_are_read(written, content, ties):
    assert named_ties(read_network(written(content))) == {frozenset(tie) for tie in ties}
