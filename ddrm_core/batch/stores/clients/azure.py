"""Objects of Azure Blob Storage through adlfs. This module has run against an emulator only.

adlfs creates a blob on condition that it does not exist, but neither writes on condition of an ETag
nor returns the metadata of a blob. The requests are therefore made with the client of Azure's
library that adlfs has created, which has the credentials and the repetitions.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from ddrm_core.batch.stores.clients.client import (
    WRITE_ID_NAME,
    ConditionFailed,
    FoundObject,
    ObjectFacts,
    ObjectFolder,
    Upload,
    create_file_system,
)

_Answer = TypeVar("_Answer")


class AzureClient:
    """A client to one container; see `StoreClient`.

    A blob of up to 64 MiB is written by one request, a larger one by blocks and a request that
    commits them. The condition is that of the last request, which the store checks and writes at
    once. Azure deletes blocks that are not committed after a week; until then they are invisible.
    """

    def __init__(self, container: str) -> None:
        """Create a client. Raise StoreNotInstalled if adlfs is missing.

        Raise ValueError if the environment names no storage account.
        """
        self._files = create_file_system("az", "az", "adlfs")
        from azure.core import MatchConditions, exceptions
        from azure.storage.blob import ContentSettings
        from azure.storage.blob.aio import BlobPrefix
        from fsspec.asyn import sync

        logging.getLogger("azure").addHandler(logging.NullHandler())
        self._container, self._sync = container, sync
        self._exceptions, self._content_settings = exceptions, ContentSettings
        self._folder_class, self._same_version = BlobPrefix, MatchConditions.IfNotModified
        self.library_errors: tuple[type[Exception], ...] = (
            *(OSError, ValueError),
            exceptions.AzureError,
        )

    def list_folder(self, prefix: str) -> Iterator[ObjectFacts | ObjectFolder]:
        """Yield objects and folders directly in a folder; see `StoreClient`."""
        container = self._files.service_client.get_container_client(self._container)
        pages = container.walk_blobs(name_starts_with=prefix, delimiter="/").by_page()

        async def read_page() -> list[Any] | None:
            try:
                page = await pages.__anext__()
            except StopAsyncIteration:
                return None
            return [item async for item in page]

        while (items := self._run(read_page)) is not None:
            for item in items:
                if isinstance(item, self._folder_class):
                    yield ObjectFolder(item.name)
                else:
                    version = _strip_quotes(item.etag)
                    yield ObjectFacts(item.name, item.size, version, item.last_modified)

    def find(self, key: str) -> FoundObject | None:
        """Return an object, None if it does not exist; see `StoreClient`."""
        try:
            found = self._run(lambda: self._get_blob(key).get_blob_properties())
        except FileNotFoundError:
            return None
        facts = ObjectFacts(key, found.size, _strip_quotes(found.etag), found.last_modified)
        return FoundObject(facts, (found.metadata or {}).get(WRITE_ID_NAME, ""))

    def read_range(self, key: str, start: int, size: int, version: str) -> bytes:
        """Return bytes of an object of this version; see `StoreClient`."""

        async def read() -> bytes:
            stream = await self._get_blob(key).download_blob(
                offset=start,
                length=size,
                etag=f'"{version}"',
                match_condition=self._same_version,
            )
            data: bytes = await stream.readall()
            return data

        try:
            return self._run(read)
        except FileNotFoundError as error:
            raise ConditionFailed from error

    def put(self, key: str, upload: Upload) -> str:
        """Write an object under a condition; see `StoreClient`."""
        condition = (
            {"overwrite": False}
            if upload.expected_version is None
            else {
                "overwrite": True,
                "etag": f'"{upload.expected_version}"',
                "match_condition": self._same_version,
            }
        )
        found = self._run(
            lambda: self._get_blob(key).upload_blob(
                upload.data,
                metadata={WRITE_ID_NAME: upload.write_id},
                content_settings=self._content_settings(content_type=upload.content_type),
                **condition,
            )
        )
        return _strip_quotes(found["etag"])

    def delete(self, key: str) -> None:
        """Delete an object; see `StoreClient`."""
        try:
            self._run(lambda: self._get_blob(key).delete_blob())
        except FileNotFoundError:
            return

    def _get_blob(self, key: str) -> Any:
        return self._files.service_client.get_blob_client(self._container, key)

    def _run(self, call: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Run a coroutine on the loop of adlfs and return its result.

        Raise ConditionFailed if a condition is not met, and otherwise the errors of `StoreClient`.
        """

        async def run() -> _Answer:
            return await call()

        try:
            answer: _Answer = self._sync(self._files.loop, run)
            return answer
        except (
            self._exceptions.ResourceExistsError,
            self._exceptions.ResourceModifiedError,
        ) as error:
            raise ConditionFailed from error
        except self._exceptions.ResourceNotFoundError as error:
            raise FileNotFoundError(error.message) from error
        except self._exceptions.ClientAuthenticationError as error:
            raise PermissionError(error.message) from error
        except self._exceptions.HttpResponseError as error:
            if error.status_code == 403:
                raise PermissionError(error.message) from error
            raise


def _strip_quotes(etag: str) -> str:
    """Return an ETag without quotes, since Azure's listings leave them out."""
    return etag.strip('"')
