"""Writing files: the old one or the new one, never half of one."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from kimdesk.foundation.files import write_atomically


def test_a_file_is_written_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "keyslots.json"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["keyslots.json"]


def test_the_previous_version_stays_on_request(tmp_path: Path) -> None:
    target = tmp_path / "keyslots.json"
    write_atomically(target, b"one", keep_previous=True)
    assert not (tmp_path / "keyslots.json.bak").exists()
    write_atomically(target, b"two", keep_previous=True)
    assert target.read_bytes() == b"two"
    assert (tmp_path / "keyslots.json.bak").read_bytes() == b"one"


def test_a_write_that_fails_at_the_last_moment_leaves_the_old_file(tmp_path: Path) -> None:
    # A folder in the way makes the final rename fail, after everything else has worked.
    target = tmp_path / "anchor.json"
    target.mkdir()
    (target / "old").write_bytes(b"old")
    with pytest.raises(OSError):
        write_atomically(target, b"new")
    assert (target / "old").read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["anchor.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file size limit to run into")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    import resource
    import signal

    target = tmp_path / "keyslots.json"
    write_atomically(target, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        with pytest.raises(OSError):
            write_atomically(target, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert target.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["keyslots.json"]


def test_a_folder_that_is_not_there_is_an_error_and_stays_absent(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_atomically(tmp_path / "absent" / "file", b"new")
    assert not (tmp_path / "absent").exists()


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    target = tmp_path / "anchor.json"
    versions = [bytes([letter]) * 200_000 for letter in b"abcdef"]
    write_atomically(target, versions[0])
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(target.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for version in versions * 3:
            write_atomically(target, version)
    finally:
        done.set()
        reader.join()
    assert seen and seen <= set(versions)
