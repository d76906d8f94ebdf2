"""Formats and signatures: what is honest comes back as it was, everything else is refused in one sentence."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.bundle import MAGIC, MAX_BUNDLE_BYTES, pack
from kimdesk.sync.protocol import (
    BadSignature,
    Confirmation,
    CoordinatorCard,
    CoordinatorKeys,
    DamagedFile,
    DeviceIdentity,
    Invitation,
    InvitationExpired,
    NewerVersion,
    NotForThisCoordinator,
    Receipt,
    SyncError,
    TooLarge,
    answer_invitation,
    check_confirmation,
    check_receipt,
    confirm_enrolment,
    new_token,
    open_bundle,
    read_answer,
    read_invitation,
    seal_release,
    verifier_of,
)
from kimdesk.sync.wire import encode
from tests.sync.support import HEAD, NOW, Device, a_release

KEYS = CoordinatorKeys.generate()
SENDER = "3f2b8c1e-9d5a-4f53-8a1b-0c6d7e8f9a0b"


def an_invitation(keys: CoordinatorKeys = KEYS, card: CoordinatorCard | None = None) -> Invitation:
    return Invitation(
        addresses=("https://ki.example.org",),
        card=card or keys.card,
        office="KI Kreis Unna",
        district="unna",
        sender=SENDER,
        sender_name="Fallmanagement Lünen",
        token=new_token(),
        expires_at=NOW + timedelta(days=14),
    )


def device() -> Device:
    return Device(an_invitation().to_bytes(KEYS), FixedClock(NOW))


def changed(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    value = json.loads(data)
    change(value)
    return canonical_bytes(value)


def test_an_invitation_comes_back_as_it_was() -> None:
    invitation = an_invitation()
    assert read_invitation(invitation.to_bytes(KEYS)) == invitation


def test_a_changed_invitation_is_refused() -> None:
    data = an_invitation().to_bytes(KEYS)
    moved = changed(data, lambda value: value["body"].update(addresses=["https://evil.example.org"]))
    with pytest.raises(BadSignature):
        read_invitation(moved)


def test_an_invitation_signed_by_another_key_than_it_names_is_refused() -> None:
    other = CoordinatorKeys.generate()
    with pytest.raises(BadSignature):
        read_invitation(an_invitation(card=other.card).to_bytes(KEYS))


def test_an_expired_invitation_is_not_answered() -> None:
    invitation = an_invitation()
    with pytest.raises(InvitationExpired):
        answer_invitation(invitation, DeviceIdentity.generate(), NOW + timedelta(days=15))


def test_the_answer_proves_the_token_without_showing_it() -> None:
    invitation = an_invitation()
    data = answer_invitation(invitation, DeviceIdentity.generate(), NOW)
    assert encode(invitation.token).encode() not in data
    answer = read_answer(data)
    assert answer.check_token(invitation.verifier)
    assert not answer.check_token(verifier_of(new_token()))


def test_nobody_puts_another_key_into_an_answer() -> None:
    invitation = an_invitation()
    thief = DeviceIdentity.generate()
    stolen = read_answer(answer_invitation(invitation, DeviceIdentity.generate(), NOW))
    assert not replace(stolen, public_key=thief.public_key).check_token(invitation.verifier)


def test_an_answer_for_a_key_its_sender_does_not_hold_is_refused() -> None:
    data = answer_invitation(an_invitation(), DeviceIdentity.generate(), NOW)
    other = DeviceIdentity.generate()
    foreign = changed(data, lambda value: value["body"].update(public_key=encode(other.public_key)))
    with pytest.raises(BadSignature):
        read_answer(foreign)


def test_a_confirmation_for_another_device_is_refused() -> None:
    invitation = an_invitation()
    mine, other = DeviceIdentity.generate(), DeviceIdentity.generate()
    confirmation = confirm_enrolment(read_answer(answer_invitation(invitation, mine, NOW)), KEYS, NOW)
    assert check_confirmation(confirmation, invitation, mine) == Confirmation(NOW, last_sequence=0)
    with pytest.raises(BadSignature):
        check_confirmation(confirmation, invitation, other)


def test_the_fingerprint_is_short_enough_to_read_aloud_and_tells_offices_apart() -> None:
    assert len(KEYS.card.fingerprint.split()) == 5
    assert KEYS.card.fingerprint != CoordinatorKeys.generate().card.fingerprint


def test_a_bundle_opens_to_the_same_tables_under_its_envelope() -> None:
    laptop, release = device(), a_release()
    item = laptop.seal(release, 7)
    opened = open_bundle(item.sealed, KEYS)
    opened.verify(laptop.identity.public_key)
    assert opened.content == release.canonical_tables()
    assert opened.envelope.content_hash == item.content_hash == hashlib.sha256(opened.content).hexdigest()
    assert (opened.envelope.sender, opened.envelope.sequence, opened.envelope.chain_head) == (SENDER, 7, HEAD)
    assert opened.envelope.created == NOW


def test_a_sealed_bundle_shows_nothing() -> None:
    sealed = device().seal(a_release(), 1).sealed
    for word in (b"unna", SENDER.encode(), b"status", HEAD.encode()):
        assert word not in sealed


def test_another_office_cannot_open_a_bundle() -> None:
    with pytest.raises(NotForThisCoordinator):
        open_bundle(device().seal(a_release(), 1).sealed, CoordinatorKeys.generate())


def test_an_office_cannot_pass_a_bundle_on_as_if_it_were_for_another() -> None:
    other = CoordinatorKeys.generate()
    plain = KEYS.open(device().seal(a_release(), 1).sealed[len(MAGIC) :])
    with pytest.raises(NotForThisCoordinator):
        open_bundle(MAGIC + other.card.seal(plain), other)


def test_a_bundle_of_another_device_does_not_verify() -> None:
    opened = open_bundle(device().seal(a_release(), 1).sealed, KEYS)
    with pytest.raises(BadSignature):
        opened.verify(DeviceIdentity.generate().public_key)


def test_tables_that_do_not_fit_the_envelope_are_refused() -> None:
    laptop = device()
    envelope = open_bundle(laptop.seal(a_release(), 1).sealed, KEYS).envelope
    other = a_release(50, seed=9).canonical_tables()
    with pytest.raises(BadSignature):
        open_bundle(pack(envelope, other, laptop.identity, KEYS.card), KEYS)


def test_an_envelope_changed_after_signing_does_not_verify() -> None:
    laptop = device()
    plain = KEYS.open(laptop.seal(a_release(), 1).sealed[len(MAGIC) :])
    renumbered = changed(plain, lambda value: value["envelope"].update(sequence=2))
    opened = open_bundle(MAGIC + KEYS.card.seal(renumbered), KEYS)
    with pytest.raises(BadSignature):
        opened.verify(laptop.identity.public_key)


@pytest.mark.parametrize("place", [0, 5, len(MAGIC), len(MAGIC) + 40, -1])
def test_a_flipped_bit_anywhere_is_refused(place: int) -> None:
    sealed = bytearray(device().seal(a_release(), 1).sealed)
    sealed[place] ^= 1
    with pytest.raises(SyncError):
        open_bundle(bytes(sealed), KEYS)


@pytest.mark.parametrize("length", [0, 1, len(MAGIC), len(MAGIC) + 47, 500])
def test_a_bundle_cut_off_is_refused(length: int) -> None:
    with pytest.raises(SyncError):
        open_bundle(device().seal(a_release(), 1).sealed[:length], KEYS)


def test_an_oversize_bundle_is_refused_before_it_is_opened() -> None:
    with pytest.raises(TooLarge):
        open_bundle(MAGIC + bytes(MAX_BUNDLE_BYTES), KEYS)


def test_a_bundle_of_a_later_version_says_so() -> None:
    with pytest.raises(NewerVersion):
        open_bundle(b"KIMDESK-BUNDLE-2\n" + bytes(200), KEYS)


def test_the_largest_release_fits_into_a_bundle() -> None:
    laptop = device()
    envelope = open_bundle(laptop.seal(a_release(), 1).sealed, KEYS).envelope
    tables = b'"' * 65_536
    envelope = replace(envelope, content_hash=hashlib.sha256(tables).hexdigest())
    assert open_bundle(pack(envelope, tables, laptop.identity, KEYS.card), KEYS).content == tables


@pytest.mark.parametrize("sequence", [0, -1, 2**31])
def test_sequence_numbers_start_at_one_and_end(sequence: int) -> None:
    with pytest.raises(ValueError, match="sequence"):
        device().seal(a_release(), sequence)


def test_a_chain_head_is_a_hash() -> None:
    with pytest.raises(DamagedFile):
        seal_release(
            a_release(),
            identity=DeviceIdentity.generate(),
            sender=SENDER,
            card=KEYS.card,
            sequence=1,
            chain_head="Amira H.",
            created=NOW,
        )


def test_a_receipt_counts_only_for_its_own_bundle() -> None:
    receipt = Receipt(SENDER, 3, "cd" * 32, NOW, HEAD)
    data = receipt.to_bytes(KEYS)
    assert check_receipt(data, KEYS.card, sender=SENDER, sequence=3, content_hash="cd" * 32) == receipt
    with pytest.raises(BadSignature):
        check_receipt(data, KEYS.card, sender=SENDER, sequence=4, content_hash="cd" * 32)
    with pytest.raises(BadSignature):
        check_receipt(data, KEYS.card, sender=SENDER, sequence=3, content_hash="ef" * 32)
    with pytest.raises(BadSignature):
        check_receipt(data, CoordinatorKeys.generate().card, sender=SENDER, sequence=3, content_hash="cd" * 32)


def test_a_notice_cannot_be_turned_into_a_receipt() -> None:
    notice = Receipt(SENDER, 3, "cd" * 32, NOW, HEAD, held_back=True).to_bytes(KEYS)
    turned = changed(notice, lambda value: value.update(format="kimdesk-receipt-1"))
    with pytest.raises(BadSignature):
        check_receipt(turned, KEYS.card, sender=SENDER, sequence=3, content_hash="cd" * 32)


ODD_DOCUMENTS = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"format":"kimdesk-invitation-1"}',
    b'{"format":"kimdesk-invitation-1","body":{},"signature":""}',
    b'{"a":1,"a":1}',
    b'{"a":1.5}',
    b'{"a":NaN}',
    b"[" * 5_000,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b'{"a":' + b"9" * 5_000 + b"}",
    b'{"format":"kimdesk-invitation-\xc2\xb2","body":{},"signature":""}',
]


@pytest.mark.parametrize("data", ODD_DOCUMENTS, ids=range(len(ODD_DOCUMENTS)))
def test_odd_documents_are_refused(data: bytes) -> None:
    for read in (
        read_invitation,
        read_answer,
        lambda found: check_confirmation(found, an_invitation(), device().identity),
    ):
        with pytest.raises(SyncError):
            read(data)


def test_a_lone_surrogate_is_a_damaged_file_not_a_crash() -> None:
    data = an_invitation().to_bytes(KEYS).replace(b"KI Kreis Unna", b"KI \\ud800")
    with pytest.raises(SyncError):
        read_invitation(data)


def test_an_oversize_document_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_invitation(b'{"a":"' + b"x" * 20_000 + b'"}')


def test_an_invitation_with_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(DamagedFile):
        read_invitation(replace(an_invitation(), addresses=("file:///etc/passwd",)).to_bytes(KEYS))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_single_change_of_an_invitation_gets_through(data: st.DataObject) -> None:
    original = an_invitation().to_bytes(KEYS)
    place = data.draw(st.integers(0, len(original) - 1))
    octet = data.draw(st.integers(0, 255).filter(lambda value: value != original[place]))
    with pytest.raises(SyncError):
        read_invitation(original[:place] + bytes([octet]) + original[place + 1 :])


def test_secrets_are_in_no_repr() -> None:
    keys, identity = CoordinatorKeys.generate(), DeviceIdentity.generate()
    shown = repr(keys) + repr(identity) + repr(device().seal(a_release(), 1)) + repr(an_invitation())
    assert identity.seed.hex() not in shown
    assert repr(identity.seed) not in shown
    assert "token" not in shown
    assert base64.b64encode(keys.receipt_seed).decode() not in shown
