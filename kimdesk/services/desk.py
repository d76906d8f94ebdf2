"""All services of one opened vault, built once and handed around as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from kimdesk.foundation.clock import Clock
from kimdesk.services.attachments import AttachmentService
from kimdesk.services.cases import CaseService
from kimdesk.services.figures import FigureService
from kimdesk.services.handout_texts import HandoutTextService
from kimdesk.services.issues import IssueService
from kimdesk.services.offer_care import OfferCareService
from kimdesk.services.offer_exports import OfferExportService
from kimdesk.services.offer_feed import OfferFeedService
from kimdesk.services.offer_gaps import OfferGapService
from kimdesk.services.offer_imports import OfferImportService
from kimdesk.services.offers import OfferService
from kimdesk.services.prints import PrintService
from kimdesk.services.pushes import PushService
from kimdesk.services.settings import SettingsService
from kimdesk.services.vault import VaultService
from kimdesk.services.vault_backups import BackupService
from kimdesk.services.vault_log import LogService
from kimdesk.storage.vault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What screens and commands work with. Use it in one thread at a time, in the window on the database thread."""

    vault: VaultService
    backups: BackupService
    log: LogService
    cases: CaseService
    issues: IssueService
    attachments: AttachmentService
    offers: OfferService
    offer_imports: OfferImportService
    offer_exports: OfferExportService
    offer_care: OfferCareService
    offer_gaps: OfferGapService
    offer_feed: OfferFeedService
    handout_texts: HandoutTextService
    prints: PrintService
    figures: FigureService
    pushes: PushService
    settings: SettingsService
    clock: Clock

    def close(self) -> None:
        """Close the vault; the desk cannot be used any more."""
        self.vault.close()


def build_desk(vault: Vault, clock: Clock) -> Desk:
    """Return the desk of an opened vault."""
    settings = SettingsService(vault)
    backups = BackupService(vault)
    cases = CaseService(vault, settings, clock)
    offers = OfferService(vault)
    imports = OfferImportService(vault)
    texts = HandoutTextService(vault, clock)
    pushes = PushService(vault, clock)
    issues = IssueService(vault, settings, pushes, clock)
    return Desk(
        vault=VaultService(vault, backups),
        backups=backups,
        log=LogService(vault),
        cases=cases,
        issues=issues,
        attachments=AttachmentService(vault),
        offers=offers,
        offer_imports=imports,
        offer_exports=OfferExportService(vault),
        offer_care=OfferCareService(vault, clock),
        offer_gaps=OfferGapService(vault, clock),
        offer_feed=OfferFeedService(vault, pushes, imports, clock),
        handout_texts=texts,
        prints=PrintService(vault, settings, offers, clock, texts=texts, file_of=cases.file, issues=issues.board),
        figures=FigureService(vault, settings, pushes, cases.counts, clock),
        pushes=pushes,
        settings=settings,
        clock=clock,
    )
