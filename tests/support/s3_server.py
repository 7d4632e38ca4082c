"""A server on this machine with the API of S3, with faults that a test may switch on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ddrm_core.batch.manifest.lines import MACHINES_FOLDER_NAME

BUCKET = "bucket"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
_CONFLICT = (
    b"<?xml version='1.0'?><Error><Code>ConditionalRequestConflict</Code>"
    b"<Message>A conflicting operation occurred.</Message></Error>"
)
Respond = Callable[..., Any]


@dataclass(eq=False)
class S3Server:
    """A running server with an empty bucket.

    Attributes:
        environment: Variables with its address and with credentials.
        lost_answers: Number of next PUT requests that are executed, but answered by an error.
        conflicts: Number of next PUT requests that are answered by a request to repeat them.
        ignores_conditions: Whether PUT requests are executed without their conditions.
        requests: Method and path of each request, without the bucket.
    """

    environment: dict[str, str] = field(default_factory=dict)
    lost_answers: int = 0
    conflicts: int = 0
    ignores_conditions: bool = False
    requests: list[tuple[str, str]] = field(default_factory=list)

    def create_client(self) -> Any:
        """Return a client of boto3, which is independent of the program's own."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id="id",
            aws_secret_access_key="secret",
            region_name="us-east-1",
        )


@contextmanager
def run_s3_server() -> Iterator[S3Server]:
    """Run a server of moto with an empty bucket in threads of this process."""
    from moto.moto_server.threaded_moto_server import DomainDispatcherApplication
    from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = S3Server()
    backend = DomainDispatcherApplication(create_backend_app)
    # moto checks a condition before it writes; S3 does both at once.
    lock = threading.Lock()

    def answer(environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        is_write = environ["REQUEST_METHOD"] == "PUT" and environ["PATH_INFO"].count("/") > 1
        with lock:
            path = environ["PATH_INFO"].removeprefix(f"/{BUCKET}/")
            server.requests.append((environ["REQUEST_METHOD"], path))
            if is_write and server.ignores_conditions:
                environ.pop("HTTP_IF_NONE_MATCH", None)
                environ.pop("HTTP_IF_MATCH", None)
            if is_write and server.conflicts:
                server.conflicts -= 1
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                respond("409 Conflict", [("Content-Type", "application/xml")])
                return [_CONFLICT]
            if is_write and server.lost_answers:
                server.lost_answers -= 1
                list(backend(environ, lambda *_: None))
                respond("500 Internal Server Error", [])
                return []
            return list(backend(environ, respond))

    listener = make_server(
        "127.0.0.1", 0, answer, threaded=True, request_handler=MotoRequestHandler
    )
    server.environment |= CREDENTIALS
    server.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{listener.port}"
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        server.create_client().create_bucket(Bucket=BUCKET)
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def upload_folder(server: S3Server, folder: Path, address: str) -> None:
    """Make an object of each file in a folder, below an address."""
    prefix = address.removeprefix(f"s3://{BUCKET}/")
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"{prefix}/{path.relative_to(folder).as_posix()}"
            server.create_client().put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())


def read_objects(server: S3Server, address: str) -> dict[str, bytes]:
    """Return the content of each object in a folder by its key there, without the manifest."""
    client, prefix = server.create_client(), address.removeprefix(f"s3://{BUCKET}/") + "/"
    found = client.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", ())
    return {
        key.removeprefix(prefix): client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        for key in (item["Key"] for item in found)
        if MACHINES_FOLDER_NAME not in key
    }
