"""The vault: a folder with the encrypted database, the wrapped keys and the anchor of the audit log.

==================  =================================================================================
``vault.db``        SQLCipher, random 256-bit key
``keyslots.json``   wrapped copies of that key (`keyslots`), previous version as ``.bak``
``anchor.json``     head of the audit chain, seal of the closed file (`anchor`)
``unlock.json``     times of failed unlocks, absent when there are none (`attempts`)
``vault.lock``      held by the running program (`lock_file`)
``backups/``        each backup is a vault folder of its own (`backup`)
==================  =================================================================================
"""
