"""What can go wrong between a laptop and the coordinating office, each as one clear sentence.

Every error has a `code`: it is what travels over the network, so that each side says it in its
own language. No sentence quotes what was in a file.
"""

from __future__ import annotations

from typing import ClassVar

from kimdesk.foundation.errors import N_, KnownError


class SyncError(KnownError):
    """Base of everything that can be wrong with enrolment, releases and receipts."""

    code: ClassVar[str] = "sync"


class DamagedFile(SyncError):
    """The file is not of the expected kind, is cut off or was changed."""

    code = "damaged"
    default_message = N_(
        "Die Datei ist beschädigt oder keine Datei dieser Art. Bitte lassen Sie sie sich noch einmal geben."
    )


class TooLarge(SyncError):
    """The file is larger than any honest file of its kind."""

    code = "too_large"
    default_message = N_("Die Datei ist zu groß und wurde nicht angenommen. Bitte prüfen Sie, ob es die richtige ist.")


class NewerVersion(SyncError):
    """The file was written in a later version of the format."""

    code = "newer_version"
    default_message = N_(
        "Die Datei stammt aus einer neueren Version des Programms. Bitte aktualisieren Sie dieses Programm."
    )


class BadSignature(SyncError):
    """The signature does not belong to the content or to the expected key."""

    code = "bad_signature"
    default_message = N_(
        "Die Unterschrift der Datei stimmt nicht: Sie wurde verändert oder stammt von einer anderen Stelle. "
        "Sie wurde nicht übernommen."
    )


class NotForThisCoordinator(SyncError):
    """The bundle was sealed for another coordinating office or damaged on the way."""

    code = "not_for_us"
    default_message = N_(
        "Die Sendung lässt sich hier nicht öffnen: Sie ist beschädigt oder für eine andere "
        "koordinierende Stelle bestimmt. Bitte senden Sie sie neu."
    )


class InvitationExpired(SyncError):
    """The invitation's last day has passed."""

    code = "invitation_expired"
    default_message = N_(
        "Die Einladung ist abgelaufen. Bitte lassen Sie sich von der koordinierenden Stelle eine neue geben."
    )


class InvitationUsed(SyncError):
    """The invitation's token was already used by another device."""

    code = "invitation_used"
    default_message = N_(
        "Die Einladung wurde schon von einem anderen Gerät benutzt. "
        "Bitte lassen Sie sich von der koordinierenden Stelle eine neue geben."
    )


class InvitationUnknown(SyncError):
    """The coordinating office knows no such invitation, or the proof of the token is wrong."""

    code = "invitation_unknown"
    default_message = N_(
        "Die koordinierende Stelle kennt diese Einladung nicht. Bitte lassen Sie sich eine neue geben."
    )


class UnknownSender(SyncError):
    """The sender is not enrolled with this coordinating office."""

    code = "unknown_sender"
    default_message = N_(
        "Dieses Gerät ist bei der koordinierenden Stelle nicht angemeldet. Bitte melden Sie es mit einer Einladung an."
    )


class DeviceRevoked(SyncError):
    """The office has taken the laptop off its list, or another device has taken this one's place."""

    code = "revoked"
    default_message = N_(
        "Dieses Gerät ist bei der koordinierenden Stelle abgemeldet oder durch ein anderes ersetzt. Es wurde nichts "
        "angenommen; was zu senden ist, bleibt gespeichert. Bitte lassen Sie sich eine neue Einladung geben."
    )


class WrongDistrict(SyncError):
    """The release was made with the profile of another district."""

    code = "wrong_district"
    default_message = N_(
        "Die Meldung gehört zu einem anderen Kreis. Bitte prüfen Sie das Kreisprofil in den Einstellungen."
    )


class TablesRefused(SyncError):
    """The figures in the bundle are not a release, or one that disclosure control did not make."""

    code = "tables"
    default_message = N_(
        "Die koordinierende Stelle konnte die Zahlen der Meldung nicht lesen. "
        "Bitte aktualisieren Sie das Programm und erstellen Sie die Meldung neu."
    )


class IssueRefused(SyncError):
    """The text of a structural issue is not in the form the office can show."""

    code = "issue"
    default_message = N_(
        "Der Text der Strukturmeldung hat nicht die Form, die die koordinierende Stelle lesen kann. "
        "Bitte prüfen Sie ihn und aktualisieren Sie das Programm, wenn es eine neuere Version gibt."
    )


class HeldBack(SyncError):
    """The coordinating office holds another content under this sequence number."""

    code = "quarantined"
    default_message = N_(
        "Die koordinierende Stelle hat unter dieser Nummer schon eine andere Meldung und hat diese zurückgehalten. "
        "Bitte sprechen Sie mit ihr."
    )


class CoordinatorUnreachable(SyncError):
    """No connection, no answer in time, or an answer that no coordinator gives."""

    code = "unreachable"
    default_message = N_(
        "Die koordinierende Stelle ist gerade nicht erreichbar. "
        "Was zu senden ist, bleibt gespeichert; bitte versuchen Sie es später noch einmal."
    )


class CertificateRefused(CoordinatorUnreachable):
    """The connection was made, but the server's certificate is not trusted."""

    code = "certificate"
    default_message = N_(
        "Der Ausweis (das Zertifikat) des Servers der koordinierenden Stelle wird nicht anerkannt. "
        "Bitte wenden Sie sich an Ihre IT; was zu senden ist, bleibt gespeichert."
    )


class CoordinatorBusy(CoordinatorUnreachable):
    """The office takes no more from this address for the moment."""

    code = "busy"
    default_message = N_(
        "Die koordinierende Stelle nimmt gerade nichts mehr an, weil zu viel auf einmal kam. "
        "Was zu senden ist, bleibt gespeichert und geht später hinaus."
    )


class FolderUnusable(SyncError):
    """The folder (USB stick) is missing, full or read-only."""

    code = "folder"
    default_message = N_(
        "In den Ordner kann nicht geschrieben werden: Er fehlt, ist voll oder schreibgeschützt. "
        "Was zu senden ist, bleibt gespeichert; bitte nehmen Sie einen anderen Datenträger."
    )


class FolderUnreadable(SyncError):
    """The folder (USB stick) cannot be read."""

    code = "folder_unreadable"
    default_message = N_("Der Ordner kann nicht gelesen werden. Bitte prüfen Sie, ob der Datenträger eingesteckt ist.")


class NothingPublished(SyncError):
    """The office serves no offer directory."""

    code = "nothing_published"
    default_message = N_(
        "Die koordinierende Stelle hat noch kein Angebotsverzeichnis veröffentlicht. Ihr Verzeichnis ist unverändert."
    )


_BY_CODE: dict[str, type[SyncError]] = {
    error.code: error
    for error in (
        DamagedFile,
        TooLarge,
        NewerVersion,
        BadSignature,
        NotForThisCoordinator,
        InvitationExpired,
        InvitationUsed,
        InvitationUnknown,
        UnknownSender,
        DeviceRevoked,
        WrongDistrict,
        TablesRefused,
        IssueRefused,
        CoordinatorBusy,
        HeldBack,
        NothingPublished,
    )
}


def error_for_code(code: str) -> SyncError:
    """Return the error a peer named by its code; an unknown code counts as an answer no coordinator gives."""
    return _BY_CODE.get(code, CoordinatorUnreachable)()
