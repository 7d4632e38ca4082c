"""Objects of Google Cloud Storage through gcsfs. This module has run against emulators only.

gcsfs creates an object on condition that it does not exist (`ifGenerationMatch=0`), but neither
writes on condition of a generation nor returns the generation. The requests of the JSON API are
therefore made with `GCSFileSystem.call`, which has the credentials and the repetitions of gcsfs.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ddrm_core.batch.stores.clients.client import (
    WRITE_ID_NAME,
    ConditionFailed,
    FoundObject,
    ObjectFacts,
    ObjectFolder,
    Upload,
    create_file_system,
)

_DENIED_STATUSES = frozenset({401, 403, "401", "403"})


class GoogleClient:
    """A client to one bucket; see `StoreClient`.

    An object is written by one upload request with `ifGenerationMatch`, which the store checks and
    writes at once. An upload that ends early leaves nothing.
    """

    def __init__(self, bucket: str) -> None:
        """Create a client. Raise StoreNotInstalled if gcsfs is missing."""
        self._files = create_file_system("gcs", "gs", "gcsfs")
        from gcsfs.retry import RETRIABLE_EXCEPTIONS, HttpError
        from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError

        # gcsfs logs each failed request with its traceback.
        logging.getLogger("gcsfs").addHandler(logging.NullHandler())
        self._bucket = bucket
        self._http_error, self._no_credentials = HttpError, DefaultCredentialsError
        self.library_errors: tuple[type[Exception], ...] = (
            *(OSError, ValueError, HttpError, GoogleAuthError),
            *RETRIABLE_EXCEPTIONS,
        )

    def list_folder(self, prefix: str) -> Iterator[ObjectFacts | ObjectFolder]:
        """Yield objects and folders directly in a folder; see `StoreClient`."""
        token: str | None = None
        while True:
            arguments = {"prefix": prefix, "delimiter": "/", "pageToken": token}
            page = self._call_json("GET", "b/{}/o", (self._bucket,), arguments)
            yield from map(ObjectFolder, page.get("prefixes", ()))
            yield from map(_build_facts, page.get("items", ()))
            token = page.get("nextPageToken")
            if not token:
                return

    def find(self, key: str) -> FoundObject | None:
        """Return an object, None if it does not exist; see `StoreClient`."""
        try:
            found = self._call_json("GET", "b/{}/o/{}", (self._bucket, key), {})
        except FileNotFoundError:
            return None
        write_id = found.get("metadata", {}).get(WRITE_ID_NAME, "")
        return FoundObject(_build_facts(found), write_id)

    def read_range(self, key: str, start: int, size: int, version: str) -> bytes:
        """Return bytes of an object of this version; see `StoreClient`."""
        arguments = {
            "headers": {"Range": f"bytes={start}-{start + size - 1}"},
            "alt": "media",
            "generation": version,
        }
        try:
            _, data = self._call("GET", "b/{}/o/{}", (self._bucket, key), arguments)
        except FileNotFoundError as error:
            raise ConditionFailed from error
        return bytes(data)

    def put(self, key: str, upload: Upload) -> str:
        """Write an object under a condition; see `StoreClient`."""
        boundary = uuid.uuid4().hex
        attributes = {"name": key, "metadata": {WRITE_ID_NAME: upload.write_id}}
        head = (
            f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
            f"{json.dumps(attributes)}\r\n"
            f"--{boundary}\r\nContent-Type: {upload.content_type}\r\n\r\n"
        )
        arguments = {
            "uploadType": "multipart",
            "ifGenerationMatch": upload.expected_version or "0",
            "headers": {"Content-Type": f'multipart/related; boundary="{boundary}"'},
            "data": head.encode() + upload.data + f"\r\n--{boundary}--\r\n".encode(),
        }
        path = f"{self._upload_address}b/{{}}/o"
        found = self._call_json("POST", path, (self._bucket,), arguments)
        return str(found["generation"])

    def delete(self, key: str) -> None:
        """Delete an object; see `StoreClient`."""
        try:
            self._call("DELETE", "b/{}/o/{}", (self._bucket, key), {})
        except FileNotFoundError:
            return

    @property
    def _upload_address(self) -> str:
        """Address of upload requests, which is that of other requests behind "upload"."""
        base: str = self._files.base
        return base.replace("/storage/v1/", "/upload/storage/v1/")

    def _call_json(
        self, method: str, path: str, parts: Sequence[str], arguments: Mapping[str, object]
    ) -> Any:
        return self._call(method, path, parts, {**arguments, "json_out": True})

    def _call(
        self, method: str, path: str, parts: Sequence[str], arguments: Mapping[str, object]
    ) -> Any:
        """Make a request of the JSON API and return its answer.

        Args:
            method: Method of HTTP.
            path: Path of the request with placeholders for `parts`.
            parts: Names in the path, which are quoted.
            arguments: Parameters of the request and of `GCSFileSystem.call`.

        Raise ConditionFailed if `ifGenerationMatch` is not met, and otherwise the errors of
        `StoreClient`.
        """
        try:
            return self._files.call(method, path, *parts, **arguments)
        except FileExistsError as error:  # gcsfs raises this for status 412
            raise ConditionFailed from error
        except self._no_credentials as error:
            raise PermissionError(str(error)) from error
        except self._http_error as error:
            if getattr(error, "code", None) in _DENIED_STATUSES:
                raise PermissionError(str(error)) from error
            raise
        except OSError as error:
            # gcsfs raises a plain OSError for status 403.
            if str(error).startswith("Forbidden"):
                raise PermissionError(str(error)) from error
            raise


def _build_facts(item: Mapping[str, Any]) -> ObjectFacts:
    """Return the facts in an "object resource" of the JSON API."""
    modified = datetime.fromisoformat(item["updated"])
    return ObjectFacts(item["name"], int(item["size"]), str(item["generation"]), modified)
