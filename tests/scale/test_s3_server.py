"""Objects on a server with the API of S3: conditions, races of processes, and lost answers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from ddrm_core.batch.stores.address import parse_store_address
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import (
    ConditionsIgnored,
    ObjectExists,
    ObjectMissing,
    StoreAccessDenied,
    StoreUnavailable,
)
from ddrm_core.batch.stores.store_lines import StoreLines
from tests.support.manifest_lines import read_new_lines
from tests.support.object_store_laws import (
    ODD_KEYS,
    check_keys,
    check_races,
    check_reads,
    check_writes,
    list_keys,
)
from tests.support.paths import ROOT
from tests.support.s3_server import BUCKET, S3Server

ROUNDS = 50
APPENDER = """
import sys
from ddrm_core.batch.stores.address import parse_store_address
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.store_lines import StoreLines

store = ObjectStore(parse_store_address("s3://bucket/manifest"))
lines = StoreLines(store, group_sizes=(5, 3))
for number in range(10_000):
    line = f"{sys.argv[1]} {number}"
    lines.append((line.encode(),))
    print(line, flush=True)
"""
READER = """
import sys
from pathlib import Path
from ddrm_core.batch.stores.address import parse_store_address
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.store_lines import StoreLines

store = ObjectStore(parse_store_address("s3://bucket/manifest"))
while True:
    lines = StoreLines(store, cache_folder=Path(sys.argv[1]))
    while lines.find_files() is not None:
        print("read", flush=True)
"""
RACER = """
import sys
from ddrm_core.batch.stores.address import parse_store_address
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import ObjectExists

store = ObjectStore(parse_store_address("s3://bucket/race"))
for line in sys.stdin:
    try:
        store.create_bytes(line.strip(), sys.argv[1].encode() * 5000)
        print("won", flush=True)
    except ObjectExists:
        print("lost", flush=True)
"""


@pytest.fixture
def store(server: S3Server, request: pytest.FixtureRequest) -> ObjectStore:
    assert "AWS_ENDPOINT_URL" in server.environment
    return ObjectStore(parse_store_address(f"s3://{BUCKET}/{request.node.name}"))


@pytest.fixture
def run_python() -> Iterator[Callable[[str, str], subprocess.Popen[str]]]:
    """Return a function that runs a program with an argument; all are killed at the end."""
    started: list[subprocess.Popen[str]] = []

    def run(code: str, argument: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", code, argument]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_writes_keep_their_conditions(store, tmp_path):
    check_writes(store, tmp_path)


def test_reads_give_content_and_facts(store, tmp_path):
    check_reads(store, tmp_path)


def test_odd_keys_lead_to_their_objects(store):
    check_keys(store, ODD_KEYS)


def test_one_of_several_threads_creates_an_object(store):
    check_races(store, writer_count=4, round_count=5)


def test_one_of_two_processes_creates_an_object(server, run_python):
    racers = [run_python(RACER, name) for name in "ab"]
    wins = []
    for number in range(ROUNDS):
        for racer in racers:
            print(number, file=racer.stdin, flush=True)
        wins.append([racer.stdout.readline().strip() for racer in racers].index("won"))
    client = server.create_client()
    for number, winner in enumerate(wins):
        found = client.get_object(Bucket=BUCKET, Key=f"race/{number}")
        assert found["Body"].read() == b"ab"[winner : winner + 1] * 5000
    assert set(wins) == {0, 1}  # both were fast enough to race


@pytest.mark.usefixtures("server")
def test_lines_of_killed_programs_are_kept(run_python, tmp_path):
    """Two programs append and merge beside each other, until they are killed at any request.

    Another one, which is killed too, shares its cache with this program.
    """
    writers = [run_python(APPENDER, name) for name in "ab"]
    other_reader = run_python(READER, str(tmp_path))
    store = ObjectStore(parse_store_address(f"s3://{BUCKET}/manifest"))
    reader, seen = StoreLines(store, cache_folder=tmp_path), set[bytes]()
    appended = {writer.stdout.readline().strip().encode() for writer in writers}
    while len(seen) < 60:
        new_lines = read_new_lines(reader)
        assert new_lines is not None
        seen.update(new_lines)
        assert appended <= seen
        appended = {writer.stdout.readline().strip().encode() for writer in writers}
    assert other_reader.stdout.readline() == "read\n"
    other_reader.kill()
    for writer in writers:
        writer.kill()
        appended.update(line.strip().encode() for line in writer.stdout)
    seen.update(read_new_lines(reader))
    assert appended <= seen
    for lines in (StoreLines(store, cache_folder=tmp_path), StoreLines(store)):
        assert appended <= set(read_new_lines(lines))


def test_a_large_object_is_written_by_one_request_with_its_media_type(server, store, tmp_path):
    path = tmp_path / "large.png"
    path.write_bytes(bytes(range(251)) * 140_000)  # more than is read at once
    server.requests.clear()
    store.create("large.png", path)
    assert [method for method, _ in server.requests] == ["PUT"]
    found = server.create_client().head_object(
        Bucket=BUCKET, Key=store.address.build_key("large.png")
    )
    assert (found["ContentType"], found["ContentLength"]) == ("image/png", path.stat().st_size)
    store.download("large.png", tmp_path / "copy.png")
    assert (tmp_path / "copy.png").read_bytes() == path.read_bytes()


def test_a_lost_answer_is_no_other_program(server, store, tmp_path):
    """The library repeats the request, and the store says that the object exists."""
    server.lost_answers = 1
    version = store.create_bytes("a.png", b"first")
    found = store.find("a.png")
    assert found is not None
    assert found.version == version
    (tmp_path / "b.png").write_bytes(b"second")
    server.lost_answers = 1
    store.replace("a.png", tmp_path / "b.png", version)
    assert store.read_bytes("a.png") == b"second"
    assert server.lost_answers == 0


def test_a_conflict_is_no_failure(server, store):
    server.conflicts = 2
    store.create_bytes("a.png", b"content")
    assert store.read_bytes("a.png") == b"content"
    server.conflicts = 1
    with pytest.raises(ObjectExists):
        store.create_bytes("a.png", b"other")


def test_a_store_that_ignores_conditions_is_refused(server, store):
    store.check_conditions("probe")
    server.ignores_conditions = True
    with pytest.raises(ConditionsIgnored, match=BUCKET):
        store.check_conditions("probe")
    assert list_keys(store) == []


def test_a_folder_is_listed_by_pages(server, store, monkeypatch):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    keys = [f"{number}.jpg" for number in range(5)]
    for key in keys:
        store.create_bytes(key, b"")
    server.requests.clear()
    assert list_keys(store) == keys
    assert len(server.requests) == 3


@pytest.mark.usefixtures("server")
def test_failures_are_named_in_one_line(monkeypatch, tmp_path):
    missing = ObjectStore(parse_store_address("s3://missing/in"))
    for action in (
        lambda: missing.create_bytes("a.png", b""),
        lambda: list(missing.iter_folder()),
        lambda: missing.delete("a.png"),
    ):
        with pytest.raises(ObjectMissing) as caught:
            action()
        assert str(caught.value) == "s3://missing does not exist"
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreAccessDenied) as denied:
        ObjectStore(parse_store_address(f"s3://{BUCKET}")).find("a.png")
    assert str(denied.value) == f"No access to s3://{BUCKET}/a.png: Unable to locate credentials"


def test_azure_without_an_account_is_refused(monkeypatch):
    for name in ("CONNECTION_STRING", "ACCOUNT_NAME"):
        monkeypatch.delenv(f"AZURE_STORAGE_{name}", raising=False)
    with pytest.raises(StoreAccessDenied, match="No access to az://container: "):
        ObjectStore(parse_store_address("az://container"))


@pytest.mark.usefixtures("server")
def test_a_server_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StoreUnavailable) as caught:
        ObjectStore(parse_store_address(f"s3://{BUCKET}")).find("a.png")
    assert "127.0.0.1:9" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
