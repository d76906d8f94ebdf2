"""What can be wrong with the coordinating office's own folder, each as one clear sentence."""

from __future__ import annotations

from kimdesk.foundation.errors import N_, KnownError


class AlreadyThere(KnownError):
    """The folder already holds a coordinating office."""

    default_message = N_(
        "In diesem Ordner ist schon eine koordinierende Stelle eingerichtet. Bitte wählen Sie einen leeren Ordner."
    )


class NotACoordinator(KnownError):
    """The folder holds no coordinating office, or not all of it."""

    default_message = N_(
        "In diesem Ordner ist keine vollständige koordinierende Stelle. "
        "Richten Sie sie mit „kimdesk coordinator init“ ein oder spielen Sie die Sicherung zurück."
    )


class FromNewerVersion(KnownError):
    """The folder was last used by a later version of the program."""

    default_message = N_(
        "Der Ordner wurde mit einer neueren Version des Programms benutzt. Bitte aktualisieren Sie das Programm."
    )


class BadAddress(KnownError):
    """The address is not one a laptop can reach."""

    default_message = N_(
        "Die Adresse muss mit https:// beginnen (http:// nur auf demselben Rechner oder im internen Netz) "
        "und darf keine Zugangsdaten, kein Fragezeichen und keine Raute enthalten."
    )


class BadName(KnownError):
    """A name is empty, too long or has characters that are not printed."""

    default_message = N_("Bitte geben Sie einen Namen mit höchstens 120 Zeichen ohne Zeilenumbruch an.")


class NameTaken(KnownError):
    """The name is already in use."""

    default_message = N_("Diesen Namen gibt es schon. Bitte wählen Sie einen anderen.")


class DatabaseUnusable(KnownError):
    """The database cannot be opened or reached."""

    default_message = N_(
        "Die Datenbank der koordinierenden Stelle ist nicht erreichbar oder beschädigt. "
        "Bitte prüfen Sie die Datenbankadresse und ob der Datenbankdienst läuft."
    )


class PortTaken(KnownError):
    """The address and port cannot be listened on."""

    default_message = N_(
        "Auf {host}, Port {port}, kann der Dienst nicht starten. "
        "Der Port ist belegt oder nicht erlaubt; bitte wählen Sie einen anderen."
    )


class BadCertificate(KnownError):
    """The certificate or its key cannot be used."""

    default_message = N_(
        "Zertifikat und Schlüssel passen nicht oder sind nicht lesbar. Bitte prüfen Sie beide Dateien."
    )


class FolderUnwritable(KnownError):
    """The folder cannot be written to."""

    default_message = N_("In den Ordner kann nicht geschrieben werden. Bitte prüfen Sie Rechte und freien Platz.")


class NoSuchLaptop(KnownError):
    """No laptop of this name was invited."""

    default_message = N_("Einen Laptop dieses Namens gibt es hier nicht. Bitte prüfen Sie die Schreibweise.")


class NoSuchUser(KnownError):
    """There is no user of this name."""

    default_message = N_("Eine Anmeldung dieses Namens gibt es nicht. Bitte prüfen Sie die Schreibweise.")


class LastAdmin(KnownError):
    """The only administrator would be removed."""

    default_message = N_(
        "Das ist die letzte Anmeldung mit Verwaltungsrechten; sie bleibt. "
        "Bitte legen Sie zuerst eine andere mit diesen Rechten an."
    )


class BadPlace(KnownError):
    """The commune or subregion cannot be kept."""

    default_message = N_("Die Kommune wird mit ihrem achtstelligen Schlüssel (AGS) angegeben, die Region mit Namen.")


class NotAllowed(KnownError):
    """The user's role does not allow this."""

    default_message = N_("Dafür braucht es Verwaltungsrechte. Bitte wenden Sie sich an die Verwaltung des Dienstes.")


class PageUnknown(KnownError):
    """There is nothing at this address."""

    default_message = N_("Diese Seite gibt es nicht. Bitte gehen Sie zurück zur Übersicht.")


class RequestInvalid(KnownError):
    """A form or an address holds a value that cannot be."""

    default_message = N_("Eine Angabe in der Anfrage ist ungültig. Es wurde nichts geändert.")


class BadBackup(KnownError):
    """The file is no whole backup of a coordinating office."""

    default_message = N_(
        "Die Datei ist keine vollständige Sicherung einer koordinierenden Stelle. Bitte nehmen Sie eine andere."
    )


class TargetNotEmpty(KnownError):
    """The folder or database to restore into holds something already."""

    default_message = N_(
        "Ordner und Datenbank müssen leer sein, damit nichts überschrieben wird. Bitte wählen Sie andere."
    )
