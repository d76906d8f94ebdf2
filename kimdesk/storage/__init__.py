"""The encrypted store. `services` and `app` are the only ones above that import it.

::

    created = create_vault(folder, passphrase, name="Fallakten", clock=clock)   # .vault (open), .recovery_key
    vault = unlock(folder, passphrase_or_recovery_key, clock=clock)

    with vault.unit_of_work() as uow:                 # one write transaction; rolls back unless committed
        uow.connection.execute(table.insert().values(...))      # SQLAlchemy Core
        uow.record(AuditEntry(AuditAction.CREATE, "case", case_id))
        uow.change_setting("office.name", "…")        # JSON; uow.setting("office.name") reads
        uow.commit()                                  # log chained, durable, anchor moved

    with vault.reader() as connection:                # one consistent state, read only by convention
        rows = connection.execute(prepared_select, {"case_id": case_id}).all()

    vault.close()

There is one connection: a `reader` inside a `unit_of_work` (or the other way round) is refused with a `RuntimeError`;
read through ``uow.connection`` instead. Repositories take a `sqlalchemy.Connection` and so work in both. In the window
all of this runs on the `DatabaseThread`.

Tables: declare them in a module of `kimdesk.storage.tables` on its `metadata`, import the module in
``tables/__init__.py``, and add the same columns to ``migrations/versions/0001_first_schema.py``.
``tests/migrations`` fails where the two differ.
"""

from kimdesk.storage.audit import AuditAction, AuditEntry, AuditRow, read_log
from kimdesk.storage.executor import DatabaseThread
from kimdesk.storage.unit_of_work import UnitOfWork, read_setting
from kimdesk.storage.vault.backup import write_backup
from kimdesk.storage.vault.backup_files import backups_of
from kimdesk.storage.vault.check import Check, Finding, check_vault
from kimdesk.storage.vault.creating import CreatedVault, create_vault
from kimdesk.storage.vault.kdf import PUBLIC, STANDARD, Cost, KeyDerivation
from kimdesk.storage.vault.keyring import Access
from kimdesk.storage.vault.opening import VaultInfo, unlock, vault_exists, vault_info
from kimdesk.storage.vault.restoring import restore_backup
from kimdesk.storage.vault.slot import SlotKind
from kimdesk.storage.vault.vault import Vault

__all__ = [
    "PUBLIC",
    "STANDARD",
    "Access",
    "AuditAction",
    "AuditEntry",
    "AuditRow",
    "Check",
    "Cost",
    "CreatedVault",
    "DatabaseThread",
    "Finding",
    "KeyDerivation",
    "SlotKind",
    "UnitOfWork",
    "Vault",
    "VaultInfo",
    "backups_of",
    "check_vault",
    "create_vault",
    "read_log",
    "read_setting",
    "restore_backup",
    "unlock",
    "vault_exists",
    "vault_info",
    "write_backup",
]
