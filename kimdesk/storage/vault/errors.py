"""What can go wrong with a vault, each in one sentence that says what to do."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from kimdesk.foundation.clock import OFFICE_ZONE
from kimdesk.foundation.errors import N_, KnownError
from kimdesk.i18n.formats import short_date


class VaultError(KnownError):
    """Something about the vault as a whole."""


class NotAVault(VaultError):
    """The folder holds no vault."""

    default_message = N_(
        "In diesem Ordner liegt kein Tresor. Bitte wählen Sie den richtigen Ordner oder legen Sie einen Tresor an."
    )


class VaultExists(VaultError):
    """A new vault was to be made where one is."""

    default_message = N_(
        "In diesem Ordner liegt schon ein Tresor. Bitte öffnen Sie ihn oder wählen Sie einen anderen Ordner."
    )


class FolderNotEmpty(VaultError):
    """A new vault was to be made in a folder with other files."""

    default_message = N_(
        "Der Ordner enthält schon Dateien. Bitte wählen Sie für den Tresor einen neuen oder leeren Ordner."
    )


class PassphraseTooShort(VaultError):
    """A new passphrase has fewer than `minimum` characters."""

    default_message = N_(
        "Die Passphrase ist zu kurz. Bitte nehmen Sie mindestens {minimum} Zeichen, am besten sechs zufällige Wörter."
    )


class PleaseWait(VaultError):
    """The waiting time after wrong passphrases is not over; `seconds` (whole, at least 1) are left."""

    default_message = N_(
        "Nach mehreren falschen Eingaben ist der Tresor kurz gesperrt. "
        "Bitte versuchen Sie es in {seconds} s noch einmal."
    )

    def __init__(self, *, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds=seconds)


class WrongPassphrase(VaultError):
    """No slot opened. `seconds` is the waiting time before the next try, 0 for none."""

    default_message = N_("Die Passphrase ist falsch. Bitte versuchen Sie es noch einmal.")
    waiting_message: ClassVar[str] = N_(
        "Die Passphrase ist falsch. Bitte warten Sie {seconds} s und versuchen Sie es noch einmal."
    )

    def __init__(self, *, seconds: int = 0) -> None:
        self.seconds = seconds
        super().__init__(self.waiting_message if seconds else None, seconds=seconds)


class SlotExpired(VaultError):
    """The passphrase is right, but its access has ended."""

    default_message = N_(
        "Dieser Zugang ist am {day} abgelaufen. "
        "Bitte öffnen Sie den Tresor mit einem anderen Zugang oder lassen Sie diesen verlängern."
    )

    def __init__(self, expires_at: datetime) -> None:
        super().__init__(day=short_date(expires_at.astimezone(OFFICE_ZONE).date()))


class LastSlot(VaultError):
    """The slot cannot go, because nothing else would open the vault."""

    default_message = N_("Das ist der letzte Zugang zu diesem Tresor. Bitte richten Sie zuerst einen anderen ein.")


class VaultInUse(VaultError):
    """Another running program holds the vault."""

    default_message = N_(
        "Der Tresor ist schon in einem anderen Fenster oder Programm geöffnet. "
        "Bitte arbeiten Sie dort weiter oder schließen Sie es."
    )


class VaultTooNew(VaultError):
    """The vault was written by a newer version of the program."""

    default_message = N_(
        "Dieser Tresor stammt von einer neueren Programmversion und bleibt unverändert. "
        "Bitte aktualisieren Sie KIM Desk."
    )


class VaultNotWritable(VaultError):
    """The folder or a file in it cannot be written."""

    default_message = N_(
        "In den Ordner des Tresors kann nicht geschrieben werden. Bitte prüfen Sie Berechtigung und Schreibschutz."
    )


class DiskFull(VaultError):
    """No space is left; nothing was changed. `RESERVE_RELEASED`: trying again will work, once."""

    RESERVE_RELEASED: ClassVar[str] = N_(
        "Der Datenträger ist voll, es wurde nichts gespeichert. KIM Desk hat jetzt seine Notreserve freigegeben: "
        "Bitte speichern Sie noch einmal, und schaffen Sie dann Platz."
    )

    default_message = N_(
        "Der Datenträger ist voll, es wurde nichts gespeichert. Bitte schaffen Sie Platz und speichern Sie noch einmal."
    )


class RotationInterrupted(VaultError):
    """The new files are ready, but could not all be put in place; the next unlock does it."""

    default_message = N_(
        "Der neue Schlüssel ist fertig, aber eine Datei des Tresors ließ sich noch nicht austauschen. "
        "Es ist nichts verloren. Bitte schließen Sie KIM Desk und öffnen Sie den Tresor noch einmal."
    )


class BackupPlaceMissing(VaultError):
    """The place for backups is not there: a stick is not plugged in, a drive not connected."""

    default_message = N_(
        "Der Ort für die Sicherung ist gerade nicht da. "
        "Bitte stecken Sie den Datenträger ein oder wählen Sie einen anderen Ordner."
    )


class BackupDamaged(VaultError):
    """A backup is no longer what was written; `name` is that of its folder."""

    default_message = N_(
        "Die Sicherung {name} ist beschädigt. Die anderen Sicherungen und der Tresor selbst sind nicht betroffen. "
        "Bitte löschen Sie sie und sichern Sie den Tresor neu."
    )


class BackupOfAnotherVault(VaultError):
    """A backup was named that does not belong to this vault."""

    default_message = N_(
        "Diese Sicherung gehört zu einem anderen Tresor. Bitte wählen Sie eine Sicherung dieses Tresors."
    )


class StorageFailed(VaultError):
    """The disk reported an error; nothing was changed."""

    default_message = N_(
        "Der Datenträger meldet einen Fehler, es wurde nichts gespeichert. "
        "Bitte versuchen Sie es noch einmal und sichern Sie den Tresor."
    )


class NotEnoughMemory(VaultError):
    """The key derivation did not get its memory."""

    default_message = N_(
        "Zum Öffnen fehlt Arbeitsspeicher. Bitte schließen Sie andere Programme und versuchen Sie es noch einmal."
    )


class KeyslotsDamaged(VaultError):
    """keyslots.json cannot be read and its previous copy does not help."""

    default_message = N_(
        "Die Zugangsdatei des Tresors (keyslots.json) ist beschädigt. Bitte stellen Sie eine Sicherung wieder her."
    )


class DatabaseDamaged(VaultError):
    """vault.db is missing or not whole."""

    default_message = N_(
        "Die Datenbank des Tresors ist beschädigt und bleibt, wie sie ist. Bitte stellen Sie eine Sicherung wieder her."
    )


class VaultAlarm(VaultError):
    """The vault's files do not belong together; `unlock(..., despite_alarm=True)` opens it all the same."""


class KeyslotsAltered(VaultAlarm):
    """The header was changed by someone without the key, or an older one was put back."""

    default_message = N_(
        "Die Zugänge dieses Tresors wurden außerhalb des Programms verändert. "
        "Bitte fragen Sie die Stelle, die Ihr Gerät betreut, bevor Sie weiterarbeiten."
    )


class AnchorAlarm(VaultAlarm):
    """vault.db and anchor.json do not agree; each way has its own sentence."""

    MISSING: ClassVar[str] = N_(
        "Die Prüfdatei des Tresors (anchor.json) fehlt oder ist beschädigt. "
        "Ob der Tresor auf dem letzten Stand ist, lässt sich nicht feststellen. "
        "Bitte vergleichen Sie ihn mit der letzten Sicherung."
    )
    ROLLED_BACK: ClassVar[str] = N_(
        "Der Tresor wurde durch einen älteren Stand ersetzt: Das Protokoll ist kürzer, als es zuletzt war. "
        "Bitte stellen Sie die letzte Sicherung wieder her oder fragen Sie die Stelle, die Ihr Gerät betreut."
    )
    OLDER_THAN_BACKUP: ClassVar[str] = N_(
        "Der Tresor ist älter als seine Sicherung vom {when}: Der ganze Ordner wurde durch einen früheren Stand "
        "ersetzt. Bitte stellen Sie diese Sicherung wieder her oder fragen Sie die Stelle, die Ihr Gerät betreut."
    )
    DIFFERS: ClassVar[str] = N_(
        "Der Tresor wurde außerhalb des Programms verändert: Daten und Prüfdatei gehören nicht zusammen. "
        "Bitte stellen Sie die letzte Sicherung wieder her oder fragen Sie die Stelle, die Ihr Gerät betreut."
    )
