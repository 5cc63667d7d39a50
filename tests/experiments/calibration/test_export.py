"""A whole export of LinkedIn: invitations beside messages, from a folder or a zip."""

from __future__ import annotations

import zipfile

import pytest

from experiments.calibration.describe import owner_of
from experiments.calibration.export import read_export, read_invitations
from experiments.calibration.seen import seen_in_log
from sim.errors import BadInput
from sim.population.networks.log import read_log

MESSAGES = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
    "1,,Ann Own,https://l/ann,Bob Two,https://l/bob,2023-11-25 10:00:00 UTC,,hello,INBOX\n"
    "1,,Bob Two,https://l/bob,Ann Own,https://l/ann,2023-11-26 10:00:00 UTC,,hi,INBOX\n"
)
INVITATIONS = (
    "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    'Ann Own,Cy Three,"11/25/23, 3:45 PM",,OUTGOING,https://l/ann,https://l/cy\n'
    'Dee Four,Ann Own,"11/24/23, 9:05 AM","Shall we, perhaps?",INCOMING,https://l/dee,https://l/ann\n'
    'LinkedIn Member,Ann Own,"11/24/23, 9:05 AM",,INCOMING,,https://l/ann\n'
)


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "messages.csv").write_text(MESSAGES, encoding="utf-8")
    (folder / "Invitations.csv").write_text(INVITATIONS, encoding="utf-8")
    return folder


def test_invitations_lie_among_messages_by_time(export, tmp_path):
    log = read_export(export)
    assert log.labels == ("Ann Own", "Bob Two", "Cy Three", "Dee Four")
    rows = list(
        zip(log.sender.tolist(), log.recipient.tolist(), log.invitation.tolist(), log.note.tolist(), log.accepted.tolist(), strict=True)
    )
    assert rows == [(3, 0, True, True, -1), (0, 1, False, False, -1), (0, 2, True, False, -1), (1, 0, False, False, -1)]
    assert log.seconds[2] - log.seconds[1] == 5.75 * 3600
    assert log.labels[owner_of(log)] == "Ann Own"
    asked = seen_in_log(log).asked
    assert (len(asked.day), int(asked.noted.sum())) == (2, 1)
    assert "Invitations.csv has 2 more rows; what became of each it does not say" in log.report.notes
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as file:
        for path in export.iterdir():
            file.write(path, f"Basic_LinkedInDataExport/{path.name}")
    again = read_export(packed)
    assert again.labels == log.labels
    assert again.seconds.tolist() == log.seconds.tolist()


def test_without_invitations_it_is_the_log_alone(export):
    (export / "Invitations.csv").unlink()
    plain = read_log(export / "messages.csv")
    for path in (export, export / "messages.csv"):
        found = read_export(path)
        assert found.labels == plain.labels
        assert not found.invitation.any()


def test_what_cannot_be_read_is_refused_with_its_line(export):
    place = export / "Invitations.csv"
    place.write_text(INVITATIONS.replace("11/25/23, 3:45 PM", "some day"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"line 2 must have a time such as 11/25/23, 3:45 PM \(got 'some day'\)"):
        read_export(export)
    place.write_text(INVITATIONS.replace("Sent At", "Sent"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"line 1 must have the columns From, To, Sent At, Message, Direction \(got none called Sent At\)"):
        read_invitations(place)
    (export / "messages.csv").unlink()
    with pytest.raises(BadInput, match=r"must be a log, or a LinkedIn export with messages.csv in it"):
        read_export(export)
