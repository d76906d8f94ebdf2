"""The demonstration vault: years of invented cases in Kreis Unna, the small offer directory, an invented office."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kimdesk.foundation.clock import Clock
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.foundation.files import sync_folder
from kimdesk.services.demo_caseload import build_demo
from kimdesk.services.demo_cooperation import add_cooperation
from kimdesk.services.desk import build_desk
from kimdesk.services.settings import Office
from kimdesk.services.vault import describe_vault, is_vault, make_vault
from kimdesk.storage.engine import known_os_fault
from kimdesk.storage.vault.errors import FolderNotEmpty, VaultError
from kimdesk.storage.vault.lock_file import VaultLock

DEMO_NAME = "Demo Kreis Unna"
DEMO_PROFILE = "unna"
DEMO_PASSPHRASE = "anker-birne-kompass-lampe-segel-wolke"
"""No secret: it stands in the demo's unlock window."""

DEMO_OFFICE = Office(
    name="Kreis Unna – Kommunales Integrationsmanagement",
    unit="Fallmanagement (Demo)",
    person="Demo Fallmanagement",
    address="Musterstraße 1\n59423 Unna",
    phone="0221 4710 199 (Demo)",  # 0221 4710 000 to 999: kept free for films and books by the Bundesnetzagentur
    email="fallmanagement@example.org",
    web="https://example.org/kim",
    opening_hours="Mo bis Do 9–12 und 14–16 Uhr",
)


class NotADemoVault(KnownError):
    """A demo was asked for in the folder of a real vault, which is left alone."""

    default_message = N_(
        "In diesem Ordner liegt ein Tresor, der keine Demo ist. Er bleibt unverändert. "
        "Bitte wählen Sie für die Demo einen anderen Ordner."
    )


@dataclass(frozen=True, slots=True)
class DemoVault:
    """A demo vault that is there now. `passphrase` is the one it shows, empty where it has one of its own."""

    created: bool
    passphrase: str = field(repr=False)


def ensure_demo(folder: Path, *, clock: Clock, passphrase: str | None = None, fresh: bool = False) -> DemoVault:
    """Make the demo vault in `folder`, or leave the one there unchanged; with `fresh` it is made anew.

    It is built beside `folder` and renamed, so that a kill leaves no half demo. With a `passphrase` the vault opens
    with that one and does not show it. Raises `NotADemoVault`, `VaultInUse`, `FolderNotEmpty`, `PassphraseTooShort`,
    `DiskFull`, `VaultNotWritable`.
    """
    folder = folder.resolve()
    if is_vault(folder):
        described = describe_vault(folder, clock)
        if not described.is_demo:
            raise NotADemoVault
        if not fresh:
            return DemoVault(False, described.demo_passphrase or "")
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty
    try:
        with _workshop(folder) as workshop:
            _build(workshop / "Tresor", clock, passphrase)
            if is_vault(folder) and not fresh:  # another program was quicker
                return ensure_demo(folder, clock=clock)
            _put_in_place(workshop, folder)
    except OSError as error:
        raise known_os_fault(error) from error
    return DemoVault(True, DEMO_PASSPHRASE if passphrase is None else "")


def _build(folder: Path, clock: Clock, passphrase: str | None) -> None:
    """Make a whole demo vault and close it."""
    vault = make_vault(
        folder,
        DEMO_PASSPHRASE if passphrase is None else passphrase,
        name=DEMO_NAME,
        clock=clock,
        demo=True,
        show_passphrase=passphrase is None,
    ).vault
    with vault:
        desk = build_desk(vault, clock)
        desk.settings.choose_profile(DEMO_PROFILE)
        desk.settings.save_office(DEMO_OFFICE)
        desk.offers.install_directory(DEMO_PROFILE)
        build_demo(vault, clock)
        add_cooperation(desk)


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Give a folder beside `folder` to build in, and remove it afterwards with those that a kill left behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{folder.name}.*.demo"):
        with contextlib.suppress(VaultError):  # somebody is building in it
            VaultLock(left).release()
            shutil.rmtree(left, ignore_errors=True)
    workshop = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.demo")
    workshop.mkdir(mode=0o700)
    lock = VaultLock(workshop)
    try:
        yield workshop
    finally:
        lock.release()
        shutil.rmtree(workshop, ignore_errors=True)


def _put_in_place(workshop: Path, folder: Path) -> None:
    """Rename the new vault to `folder`; an empty folder or a demo vault that nobody has open makes way."""
    old = workshop / "alt"
    if is_vault(folder):
        VaultLock(folder).release()
        folder.rename(old)
    elif folder.exists():
        folder.rmdir()
    try:
        (workshop / "Tresor").rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    sync_folder(folder.parent)
