"""Objects of S3, and of stores with its API, through s3fs.

s3fs has `mode="create"`, but neither a write on condition of a version nor the version of what was
written. The requests are therefore made with `S3FileSystem.call_s3`, which has the credentials, the
endpoint (AWS_ENDPOINT_URL) and the repetitions of s3fs and botocore.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ddrm_core.batch.stores.clients.client import (
    WRITE_ID_NAME,
    ConditionFailed,
    ConflictingWrite,
    FoundObject,
    ObjectFacts,
    ObjectFolder,
    Upload,
    create_file_system,
)

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
_CONDITION_CODES = frozenset({"PreconditionFailed", "412", "NoSuchKey", "404"})
_CONFLICT_CODES = frozenset({"ConditionalRequestConflict", "OperationAborted", "409"})
_MISSING_CODES = frozenset({"NoSuchKey", "404"})
_READ_ATTEMPTS = 5


class S3Client:
    """A client to one bucket; see `StoreClient`.

    An object is written by one PutObject request, which takes up to 5 GB. The header If-None-Match
    or If-Match makes the request atomic: of several writers of one key, exactly one succeeds. There
    are no multi-part uploads, so that no incomplete ones remain.
    """

    def __init__(self, bucket: str) -> None:
        """Create a client without connecting. Raise StoreNotInstalled if s3fs is missing."""
        self._files = create_file_system("s3", "s3", "s3fs")
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
        from fsspec.asyn import sync
        from s3fs.core import S3_RETRYABLE_ERRORS

        self._bucket, self._sync = bucket, sync
        self._no_credentials, self._retried = NoCredentialsError, tuple(S3_RETRYABLE_ERRORS)
        self.library_errors: tuple[type[Exception], ...] = (
            *(OSError, BotoCoreError, ClientError),
            *self._retried,
        )

    def list_folder(self, prefix: str) -> Iterator[ObjectFacts | ObjectFolder]:
        """Yield objects and folders directly in a folder; see `StoreClient`."""
        page: dict[str, str] = {}
        while True:
            found = self._call("list_objects_v2", {"Prefix": prefix, "Delimiter": "/", **page})
            for folder in found.get("CommonPrefixes", ()):
                yield ObjectFolder(folder["Prefix"])
            for item in found.get("Contents", ()):
                modified = item["LastModified"]
                yield ObjectFacts(item["Key"], item["Size"], item["ETag"], modified)
            if not found.get("IsTruncated"):
                return
            page = {"ContinuationToken": found["NextContinuationToken"]}

    def find(self, key: str) -> FoundObject | None:
        """Return an object, None if it does not exist; see `StoreClient`."""
        try:
            found = self._call("head_object", {"Key": key})
        except FileNotFoundError:
            return None
        facts = ObjectFacts(key, found["ContentLength"], found["ETag"], found["LastModified"])
        return FoundObject(facts, found.get("Metadata", {}).get(WRITE_ID_NAME, ""))

    def read_range(self, key: str, start: int, size: int, version: str) -> bytes:
        """Return bytes of an object of this version; see `StoreClient`."""
        byte_range = f"bytes={start}-{start + size - 1}"
        arguments = {"Key": key, "Range": byte_range, "IfMatch": version}
        attempt = 1
        while True:
            try:
                found = self._call("get_object", arguments)
                data: bytes = self._sync(self._files.loop, _read_body, found["Body"])
                return data
            # A connection that ends within the content; `call_s3` repeats only the request.
            except self._retried:
                attempt += 1
                if attempt > _READ_ATTEMPTS:
                    raise

    def put(self, key: str, upload: Upload) -> str:
        """Write an object under a condition; see `StoreClient`."""
        condition = (
            {"IfNoneMatch": "*"}
            if upload.expected_version is None
            else {"IfMatch": upload.expected_version}
        )
        arguments: dict[str, object] = {
            "Key": key,
            "Body": upload.data,
            "ContentType": upload.content_type,
            "Metadata": {WRITE_ID_NAME: upload.write_id},
        }
        found = self._call("put_object", {**arguments, **condition})
        version: str = found["ETag"]
        return version

    def delete(self, key: str) -> None:
        """Delete an object; see `StoreClient`."""
        self._call("delete_object", {"Key": key})

    def _call(self, operation: str, arguments: Mapping[str, object]) -> Any:
        """Call an operation of the bucket and return its answer.

        Raise ConditionFailed or ConflictingWrite if a condition in `arguments` caused the error,
        and otherwise the errors of `StoreClient`.
        """
        try:
            return self._files.call_s3(operation, Bucket=self._bucket, **arguments)
        except self._no_credentials as error:
            raise PermissionError(str(error)) from error
        except OSError as error:
            code = _find_error_code(error)
            has_version = "IfMatch" in arguments
            if (has_version or "IfNoneMatch" in arguments) and code in _CONFLICT_CODES:
                raise ConflictingWrite from error
            if (has_version or code not in _MISSING_CODES) and code in _CONDITION_CODES:
                raise ConditionFailed from error
            raise


async def _read_body(body: Any) -> bytes:
    """Return the whole content of an answer, and release its connection."""
    try:
        data: bytes = await body.read()
    finally:
        body.close()
    return data


def _find_error_code(error: OSError) -> str:
    """Return S3's code of an error that s3fs has translated, empty if S3 did not answer."""
    response = getattr(error.__cause__, "response", None) or {}
    code: str = response.get("Error", {}).get("Code", "")
    return code
