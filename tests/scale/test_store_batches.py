"""Batches whose images and results are in buckets of a server with the API of S3."""

from __future__ import annotations

import json

from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME
from tests.support.program_runner import run_program
from tests.support.s3_server import BUCKET, read_objects
from tests.support.scale import SLOW, build_arguments, read_results


def test_a_bucket_is_restored_like_a_folder(server, bucket_folder, expected):
    """A second batch reads neither sources nor results."""
    arguments = build_arguments(f"{bucket_folder}/in", f"{bucket_folder}/out", *SLOW)
    first = run_program(*arguments, "--workers", "2")
    assert (first.exit_code, first.stdout.count("8 restored")) == (0, 1), first.stderr
    assert read_objects(server, f"{bucket_folder}/out") == expected
    server.requests.clear()
    again = run_program(*arguments)
    assert (again.exit_code, again.stdout.count("8 done before")) == (0, 1), again.stderr
    name = bucket_folder.removeprefix(f"s3://{BUCKET}/")
    read = [path for method, path in server.requests if method == "GET" and path.startswith(name)]
    assert read
    assert all(MACHINES_FOLDER_NAME in path for path in read)


def test_objects_are_restored_to_a_folder_and_files_to_a_bucket(
    server, bucket_folder, pictures, tmp_path, expected
):
    """The two batches restore half of the files each."""
    for source, output, shard in (
        (f"{bucket_folder}/in", tmp_path / "out", "1/2"),
        (pictures, f"{bucket_folder}/out", "2/2"),
    ):
        ended = run_program(*build_arguments(source, output, *SLOW, "--shard", shard))
        assert ended.exit_code == 0, ended.stderr
    files, objects = read_results(tmp_path / "out"), read_objects(server, f"{bucket_folder}/out")
    assert files.keys() & objects.keys() == set()
    assert files | objects == expected


def test_a_dry_run_writes_nothing_to_a_bucket(server, bucket_folder):
    arguments = build_arguments(f"{bucket_folder}/in", f"{bucket_folder}/out", *SLOW)
    server.requests.clear()
    ended = run_program(*arguments, "--dry-run")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "/out: 8 files, 7 to restore, 1 to copy" in ended.stdout
    assert " are free" not in ended.stdout
    assert {method for method, _ in server.requests} == {"GET", "HEAD"}


def test_hostile_keys_fail_by_name(server, pictures, request, tmp_path):
    """The server refuses keys with "..", which other tests have in memory."""
    prefix, client = request.node.name, server.create_client()
    data = (pictures / "0.jpg").read_bytes()
    hostile = ("/etc/a.jpg", "a//b.jpg", "back\\slash.jpg")
    for key in (*hostile, "Case.jpg", "case.jpg", "o\u0308.jpg", "\u00f6.jpg", "good.jpg"):
        client.put_object(Bucket=BUCKET, Key=f"{prefix}/in/{key}", Body=data)
    address, report = f"s3://{BUCKET}/{prefix}", tmp_path / "report.jsonl"
    ended = run_program(
        *build_arguments(f"{address}/in", tmp_path / "out", "--steps", 1), "--report", str(report)
    )
    assert ended.exit_code == 1
    assert "1 restored" in ended.stdout
    assert "7 failed" in ended.stdout
    rows = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [row["file"] for row in rows if row["state"] == "done"] == [f"{address}/in/good.jpg"]
    assert {row["file"] for row in rows} >= {f"{address}/in/Case.jpg", f"{address}/in/a//b.jpg"}
    assert list(read_results(tmp_path / "out")) == ["good_restored.png"]


def test_a_store_that_cannot_be_used_is_one_line(server, bucket_folder, monkeypatch, tmp_path):
    """Nothing is written, and the line says what to do."""

    def fail(address: str, *, output: object = tmp_path / "out") -> str:
        ended = run_program(*build_arguments(address, output))
        assert (ended.exit_code, ended.stdout) == (1, "")
        (line,) = ended.stderr.splitlines()
        assert line.endswith("Check the address, the connection and the rights of the credentials.")
        assert not (tmp_path / "out").exists()
        return line

    missing = "its bucket does not exist"
    assert missing in fail("s3://no-bucket/in")
    assert missing in fail(f"{bucket_folder}/in", output="s3://no-bucket/out")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    line = fail(f"{bucket_folder}/in")
    assert line.startswith(f"Error: Cannot read {bucket_folder}/in: Could not connect")
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.environment["AWS_ENDPOINT_URL"])
    ended = run_program("batch", bucket_folder, "-o", tmp_path / "out", "--prior", "compact")
    assert (ended.exit_code, ended.stderr.count("contains no JPEGs; --recursive")) == (0, 1)
