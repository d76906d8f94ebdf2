"""A private PostgreSQL cluster in a temporary folder, reached over its own Unix socket only."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

_ACCOUNT = "postgres"


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's server programs: on the path, or where Debian puts them."""
    found = shutil.which("initdb")
    if found is not None and (Path(found).resolve().parent / "pg_ctl").is_file():
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def reason_to_skip() -> str | None:
    """Return why no cluster can be started here, None if one can."""
    if os.name == "nt":
        return "the tests start PostgreSQL on a Unix socket"
    if find_programs() is None:
        return "PostgreSQL's server programs are not installed (Debian: postgresql)"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL does not run as root and runuser is not there"
    return None


def emptied(address: str) -> str:
    """Return the address of a database in which nothing is left."""
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


def two_databases(address: str) -> tuple[str, str]:
    """Return the addresses of two new databases of a server."""
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("kim_one", "kim_two"):
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    one, two = (
        make_url(address).set(database=name).render_as_string(hide_password=False) for name in ("kim_one", "kim_two")
    )
    return one, two


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster and yield the address of its database; `durable` waits for the disk as a real one does."""
    programs = find_programs()
    assert programs is not None
    # Not pytest's folder: the account postgres must be able to walk into it, and a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="kimdesk-pg-") as name:
        folder = Path(name)
        as_account: list[str] = []
        if os.geteuid() == 0:
            as_account = ["runuser", "-u", _ACCOUNT, "--"]
            shutil.chown(folder, _ACCOUNT)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [*as_account, str(programs / program), *arguments],
                check=True,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

        data = folder / "data"
        run("initdb", "-D", str(data), "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync={'on' if durable else 'off'}"
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql://{_ACCOUNT}@/{_ACCOUNT}?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
