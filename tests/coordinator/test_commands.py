"""Setting up, inviting and serving from the command line's side."""

from __future__ import annotations

import os
import re
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kimdesk.coordinator import commands
from kimdesk.coordinator.errors import (
    AlreadyThere,
    BadAddress,
    BadCertificate,
    BadName,
    DatabaseUnusable,
    NameTaken,
    NotACoordinator,
    PortTaken,
)
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.server import Server
from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.protocol import FolderUnreadable, read_invitation
from kimdesk.sync.transport import HttpTransport
from tests.coordinator.browsing import form_token
from tests.coordinator.conftest import Office
from tests.sync.support import NOW, Device, make_certificate


def init(folder: Path, hasher: PassphraseHasher, **changes: str) -> commands.InitResult:
    values = {"url": "https://ki.example.org", "name": "KI Kreis Unna", "district": "unna", **changes}
    return commands.init(folder, clock=FixedClock(NOW), hasher=hasher, **values)


def test_init_gives_a_long_passphrase_and_the_offices_fingerprint(tmp_path: Path, hasher: PassphraseHasher) -> None:
    made = init(tmp_path / "office", hasher)
    assert re.fullmatch(r"([a-z2-9]{5}-){4}[a-z2-9]{5}", made.passphrase)
    assert made.passphrase not in repr(made)
    invitation = read_invitation(commands.invite(tmp_path / "office", "Lünen", clock=FixedClock(NOW)))
    assert invitation.card.fingerprint == made.fingerprint
    assert invitation.addresses == ("https://ki.example.org",)
    assert (invitation.office, invitation.district, invitation.sender_name) == ("KI Kreis Unna", "unna", "Lünen")


@pytest.mark.skipif(os.name == "nt", reason="Windows decides by the folder's own permissions")
def test_keys_are_for_their_owner_only(tmp_path: Path, hasher: PassphraseHasher) -> None:
    init(tmp_path, hasher)
    for name in ("keys.json", "coordinator.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_the_passphrase_is_in_no_file(tmp_path: Path, hasher: PassphraseHasher) -> None:
    made = init(tmp_path, hasher)
    for path in tmp_path.iterdir():
        assert made.passphrase.encode() not in path.read_bytes()


def test_an_office_is_never_overwritten(tmp_path: Path, hasher: PassphraseHasher) -> None:
    init(tmp_path, hasher)
    before = (tmp_path / "keys.json").read_bytes()
    with pytest.raises(AlreadyThere):
        init(tmp_path, hasher)
    assert (tmp_path / "keys.json").read_bytes() == before


@pytest.mark.parametrize(
    "url", ["", "ki.example.org", "ftp://ki.example.org", "https://u:p@ki.example.org", "https://"]
)
def test_an_address_nobody_can_reach_is_refused(tmp_path: Path, hasher: PassphraseHasher, url: str) -> None:
    with pytest.raises(BadAddress):
        init(tmp_path / "office", hasher, url=url)
    assert not (tmp_path / "office").exists()


def test_a_database_that_is_not_there_leaves_nothing_behind(tmp_path: Path, hasher: PassphraseHasher) -> None:
    with pytest.raises(DatabaseUnusable):
        init(tmp_path / "office", hasher, database_url="postgresql://nobody@127.0.0.1:9/none?connect_timeout=2")
    assert list((tmp_path / "office").iterdir()) == []


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 121])
def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path, hasher: PassphraseHasher, name: str) -> None:
    init(tmp_path, hasher)
    with pytest.raises(BadName):
        commands.invite(tmp_path, name)


def test_a_laptop_that_has_joined_is_not_invited_again(office: Office) -> None:
    office.device("Lünen")
    with pytest.raises(NameTaken):
        office.invite("Lünen")


def test_another_user_can_log_in(office: Office, hasher: PassphraseHasher) -> None:
    passphrase = commands.user_add(office.folder, "leitung", clock=office.clock, hasher=hasher)
    with office.browser() as browser:
        fields = {"form_token": form_token(browser.get("/login")), "name": "leitung", "passphrase": passphrase}
        assert browser.post("/login", data=fields).status_code == 303
        assert "leitung" in browser.get("/").text
    with pytest.raises(NameTaken):
        commands.user_add(office.folder, "leitung", hasher=hasher)


def test_a_folder_without_an_office_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotACoordinator):
        commands.run_in_thread(tmp_path)
    with pytest.raises(NotACoordinator):
        commands.invite(tmp_path, "Lünen")


def test_a_missing_stick_says_so(tmp_path: Path, hasher: PassphraseHasher) -> None:
    init(tmp_path / "office", hasher)
    with pytest.raises(FolderUnreadable):
        commands.receive(tmp_path / "office", tmp_path / "gone")


def test_a_damaged_database_says_so(tmp_path: Path, hasher: PassphraseHasher) -> None:
    init(tmp_path, hasher)
    (tmp_path / "coordinator.db").write_bytes(b"not a database, " * 1_000)
    with pytest.raises(DatabaseUnusable):
        commands.invite(tmp_path, "Lünen")


def test_a_port_in_use_says_so(tmp_path: Path, hasher: PassphraseHasher) -> None:
    init(tmp_path, hasher)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken):
            commands.run_in_thread(tmp_path, port=taken.getsockname()[1])


def test_a_certificate_that_is_none_says_so(tmp_path: Path, hasher: PassphraseHasher) -> None:
    init(tmp_path / "office", hasher)
    (tmp_path / "cert.pem").write_text("nothing", encoding="utf-8")
    with pytest.raises(BadCertificate):
        commands.serve(tmp_path / "office", announce=lambda url: None, certificate=tmp_path / "cert.pem")


def test_the_coordinator_starts_without_qt() -> None:
    code = "import sys, kimdesk.coordinator.commands; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_laptop_joins_over_tls_and_cookies_are_for_tls_only(tmp_path: Path, hasher: PassphraseHasher) -> None:
    made = make_certificate(tmp_path)
    trust = ssl.create_default_context(cafile=made / "cert.pem")
    init(tmp_path / "office", hasher)
    clock = FixedClock(NOW)
    server = Server(
        tmp_path / "office",
        certificate=made / "cert.pem",
        certificate_key=made / "key.pem",
        clock=clock,
        hasher=hasher,
    )
    with server, httpx.Client(base_url=server.url, verify=trust, trust_env=False) as browser:
        assert server.url.startswith("https://127.0.0.1:")
        laptop = Device(commands.invite(tmp_path / "office", "Lünen", addresses=[server.url], clock=clock), clock)
        assert laptop.enrol(HttpTransport(laptop.invitation.addresses, trust=trust)) is not None
        page = browser.get("/login")
        assert page.headers["set-cookie"].startswith("__Host-kimdesk-form=")
        assert "; Secure" in page.headers["set-cookie"]
        assert "max-age" in page.headers["strict-transport-security"]
        fields = {"form_token": form_token(page), "name": "admin", "passphrase": "wrong"}
        assert browser.post("/login", data=fields).status_code == 401


SERVE = """
import sys
from pathlib import Path
from kimdesk.coordinator import commands
commands.serve(Path(sys.argv[1]), port=0, announce=lambda url: print(url, flush=True))
"""


def test_serving_announces_the_port_it_got_and_ends_on_request(tmp_path: Path, hasher: PassphraseHasher) -> None:
    init(tmp_path, hasher)
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as service:
        assert service.stdout is not None
        url = service.stdout.readline().strip()
        try:
            assert httpx.get(url + "/health", trust_env=False).json() == {"status": "ok"}
        finally:
            service.terminate()
        assert service.wait(timeout=30) is not None
