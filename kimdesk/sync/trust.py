"""Which server a laptop believes: what its system trusts, or nothing but the certificates the invitation names."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Sequence

from kimdesk.sync.errors import DamagedFile

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def certificate_hash(pem: str) -> bytes:
    """Return the SHA-256 of the first certificate (the server's own) in a PEM text; raises `DamagedFile`."""
    start = pem.find(_BEGIN)
    end = pem.find(_END, start)
    if start < 0 or end < 0:
        raise DamagedFile()
    own = pem[start : end + len(_END)] + "\n"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=own)  # reads it as a certificate
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(own)).digest()
    except (ValueError, ssl.SSLError):
        raise DamagedFile() from None


def system_trust() -> ssl.SSLContext:
    """Return a context that believes what the system believes."""
    return ssl.create_default_context()


def pinned_trust(certificates: Sequence[bytes]) -> ssl.SSLContext:
    """Return a context that believes a server only with one of these certificates, given as SHA-256 hashes.

    Neither issuer, name nor expiry count then: the office itself said which certificate is its own. The handshake
    fails before a byte of the request is sent.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    def check(certificate: bytes | None) -> None:
        shown = hashlib.sha256(certificate or b"").digest()
        if not any(hmac.compare_digest(shown, pinned) for pinned in certificates):
            raise ssl.SSLCertVerificationError("not the certificate the invitation names")

    class Socket(ssl.SSLSocket):
        def do_handshake(self, block: bool = False) -> None:
            super().do_handshake(block)
            check(self.getpeercert(binary_form=True))

    class Connection(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            check(self.getpeercert(binary_form=True))

    context.sslsocket_class = Socket
    context.sslobject_class = Connection
    return context
