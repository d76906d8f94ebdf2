"""Whatever comes in, no route answers with a server error, and nothing of it is counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from sqlalchemy import Engine, func, select

from kimdesk.coordinator import commands, tables
from kimdesk.coordinator.database import open_database
from kimdesk.coordinator.limits import Rates
from kimdesk.coordinator.office import open_office
from kimdesk.coordinator.passphrases import PassphraseHasher
from kimdesk.coordinator.server import Server
from kimdesk.foundation.canonical_json import canonical_bytes
from kimdesk.foundation.clock import FixedClock
from kimdesk.sync.bundle import MAGIC
from kimdesk.sync.protocol import BUNDLES_PATH, ENROL_PATH, UPLOADS_PATH, upload_ticket
from tests.coordinator.browsing import form_token
from tests.coordinator.issues import an_issue, sealed
from tests.sync.support import NOW, Device, a_release

SHORT, LONG = 5, 400
ENDLESS = Rates(10**9, 10**9, 10**9, 10**9)
HEADERS = ("accept", "range", "if-range", "if-none-match", "cookie", "content-type", "expect")


# The short form of what does not depend on the database runs on one of them.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Target:
    """A running office that has something to show, with a login."""

    app: FastAPI
    client: httpx.Client
    engine: Engine
    laptop: Device

    def ask(self, method: str, url: str, **parts: Any) -> int:
        """Return the answer's status; what no client can put on the wire is left out and counts as 400."""
        try:
            return self.client.request(method, url, **parts).status_code
        except (httpx.InvalidURL, httpx.LocalProtocolError):
            return 400

    def count(self) -> dict[str, int]:
        with self.engine.begin() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (tables.bundles, tables.releases, tables.issues, tables.devices, tables.quarantine)
            }


@pytest.fixture
def target(tmp_path: Path, database_url: str | None, hasher: PassphraseHasher) -> Iterator[Target]:
    clock, folder = FixedClock(NOW), tmp_path / "office"
    made = commands.init(
        folder, url="http://x", name="KI", district="unna", database_url=database_url, clock=clock, hasher=hasher
    )
    laptop = Device(commands.invite(folder, "Lünen", clock=clock), clock)
    engine = open_database(open_office(folder).database_url)
    with (
        Server(folder, clock=clock, hasher=hasher, rates=ENDLESS) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        assert client.post(ENROL_PATH, content=laptop.answer()).status_code == 200
        assert client.post(BUNDLES_PATH, content=laptop.seal(a_release(60), 1).sealed).status_code == 200
        assert client.post(BUNDLES_PATH, content=sealed(laptop, an_issue(), 2).sealed).status_code == 200
        fields = {"form_token": form_token(client.get("/login")), "name": "admin", "passphrase": made.passphrase}
        assert client.post("/login", data=fields).status_code == 303
        yield Target(server.app, client, engine, laptop)
    engine.dispose()


def many(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


def try_every_described_route(target: Target, examples: int) -> None:
    """Ask every route of the service, those of the pages too, with what fits its description and what does not."""
    for route in target.app.routes:
        if isinstance(route, APIRoute):
            route.include_in_schema = True
    target.app.openapi_schema = None
    schema = schemathesis.openapi.from_dict(target.app.openapi())
    before, tried = target.count(), set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if operation.path in ("/logout", "/login"):
            continue  # tried below, without ending the session the others need
        try_route(target, operation, examples)
        tried.add(f"{operation.method} {operation.path}")
    assert len(tried) > 25, tried
    assert target.count() == before


def try_route(target: Target, operation: schemathesis.APIOperation[Any, Any, Any, Any], examples: int) -> None:
    """Ask one route; what the API answers stands in its description."""
    described = {*operation.definition.raw["responses"], "405"}

    @many(examples)
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        arguments = case.as_transport_kwargs(base_url=str(target.client.base_url))
        if isinstance(arguments.get("data"), (bytes, str)):
            arguments["content"] = arguments.pop("data")
        status = target.ask(**{name: arguments[name] for name in arguments if name in _KNOWN})
        assert status < 500, (status, case.as_curl_command())
        assert not operation.path.startswith("/api/") or str(status) in described, (operation.path, status)

    ask()


_KNOWN = {"method", "url", "headers", "params", "content", "data", "json"}


@ON_SQLITE
def test_no_described_route_breaks(target: Target) -> None:
    try_every_described_route(target, SHORT)


@pytest.mark.faults_long
def test_no_described_route_breaks_long(target: Target) -> None:
    try_every_described_route(target, LONG)


FORMS = (
    "/login",
    "/issues/1",
    "/issues/999999999999",
    "/held-back/1",
    "/admin/invite",
    "/admin/invitation-file",
    "/admin/laptops/00000000-0000-0000-0000-000000000000/place",
    "/admin/laptops/00000000-0000-0000-0000-000000000000/revoke",
    "/admin/laptops/x/revoke",
    "/admin/users",
    "/admin/users/reset",
    "/admin/users/remove",
)
NAMES = (
    "name",
    "passphrase",
    "role",
    "rung",
    "state",
    "note",
    "commune",
    "replace",
    "invitation",
    "year",
    "form_token",
)
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["\0", "admin2", "'; DROP TABLE users; --", "😀" * 40, "x" * 5_000, "٣", "1e9", "-1", "%00"]),
)


def try_every_form(target: Target, examples: int) -> None:
    """Send every form with its own token and any fields."""
    token = form_token(target.client.get("/admin"))
    before = target.count()

    @many(examples)
    @given(st.sampled_from(FORMS), st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=5))
    def send(path: str, fields: dict[str, str]) -> None:
        answer = target.client.post(path, data={**fields, "form_token": token})
        assert answer.status_code < 500, (path, fields)

    @many(examples)
    @given(st.sampled_from(FORMS), st.binary(max_size=400))
    def send_bytes(path: str, body: bytes) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}
        assert target.client.post(path, content=body, headers=headers).status_code < 500, (path, body)

    send()
    send_bytes()
    assert target.count() == before


def test_no_form_breaks(target: Target) -> None:
    try_every_form(target, SHORT * 4)


@pytest.mark.faults_long
def test_no_form_breaks_long(target: Target) -> None:
    try_every_form(target, LONG * 10)


def try_every_address(target: Target, examples: int) -> None:
    """Ask for pages with any query and any header, and for any address at all."""
    pages = (
        "/",
        "/laptops",
        "/indicators/status",
        "/gaps",
        "/export",
        "/issues/export",
        "/admin/log",
        "/api/v1/offers",
    )

    @many(examples)
    @given(
        st.sampled_from(pages),
        st.dictionaries(st.sampled_from(("year", "quarter", "place", "state", "start", "form", "before")), WORDS),
        st.dictionaries(st.sampled_from(HEADERS), st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]))),
    )
    def ask(path: str, query: dict[str, str], headers: dict[str, str]) -> None:
        raw = {name: value.encode("latin-1") for name, value in headers.items() if name != "cookie"}
        assert target.ask("GET", path, params=query, headers=raw) < 500, (path, query, headers)

    @many(examples)
    @given(st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]), st.text(max_size=40))
    def wander(method: str, path: str) -> None:
        assert target.ask(method, "/" + quote(path)) < 500, path

    ask()
    wander()


@ON_SQLITE
def test_no_address_breaks(target: Target) -> None:
    try_every_address(target, SHORT * 4)


@pytest.mark.faults_long
def test_no_address_breaks_long(target: Target) -> None:
    try_every_address(target, LONG * 5)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)),
    max_leaves=12,
)


def try_every_document(target: Target, examples: int) -> None:
    """Send documents that are nearly right: cut off, with bytes changed, with members changed, sealed nonsense."""
    laptop = target.laptop
    bundle = laptop.seal(a_release(50, seed=4), 9)
    ticket = upload_ticket(laptop.invitation.sender, bundle.sealed, laptop.identity, NOW)
    honest = {ENROL_PATH: laptop.answer(), BUNDLES_PATH: bundle.sealed, UPLOADS_PATH: ticket}
    before = target.count()

    @many(examples)
    @given(st.sampled_from(sorted(honest)), st.integers(0, 10_000), st.binary(min_size=1, max_size=30))
    def change_bytes(path: str, place: int, other: bytes) -> None:
        whole = honest[path]
        start = place % len(whole)
        for body in (whole[:start], whole[:start] + other + whole[start + len(other) :]):
            if body != whole:
                assert 400 <= target.client.post(path, content=body).status_code < 500

    @many(examples)
    @given(st.sampled_from([ENROL_PATH, UPLOADS_PATH]), st.text(max_size=10), JSON)
    def change_members(path: str, name: str, value: object) -> None:
        document = json.loads(honest[path])
        for part in (document, document["body"]):
            names = sorted(part)
            known = names[len(name) % len(names)]
            original = part[known]
            part[known] = value
            body = json.dumps(document).encode()
            part[known] = original
            if value != original:
                assert 400 <= target.client.post(path, content=body).status_code < 500

    @many(examples)
    @given(st.one_of(st.binary(max_size=300), JSON.map(lambda value: json.dumps(value).encode())))
    def seal_nonsense(plain: bytes) -> None:
        body = MAGIC + laptop.invitation.card.seal(plain)
        assert 400 <= target.client.post(BUNDLES_PATH, content=body).status_code < 500

    @many(examples)
    @given(JSON)
    def seal_nearly_right(value: object) -> None:
        outer = {"format": "kimdesk-bundle-1", "envelope": {}, "signature": "", "tables": ""}
        for name in outer:
            try:
                plain = canonical_bytes({**outer, name: value})
            except (TypeError, ValueError, UnicodeEncodeError):
                continue
            body = MAGIC + laptop.invitation.card.seal(plain)
            assert 400 <= target.client.post(BUNDLES_PATH, content=body).status_code < 500

    change_bytes()
    change_members()
    seal_nonsense()
    seal_nearly_right()
    assert target.count() == before
    assert target.client.post(BUNDLES_PATH, content=bundle.sealed).status_code == 200


def test_no_document_breaks(target: Target) -> None:
    try_every_document(target, SHORT * 4)


@pytest.mark.faults_long
def test_no_document_breaks_long(target: Target) -> None:
    try_every_document(target, LONG * 10)
