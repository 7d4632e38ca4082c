"""Plans of images in a store: those of a folder, and keys that are no paths."""

from __future__ import annotations

import pickle
import uuid
from pathlib import Path

import pytest

from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile
from ddrm_core.batch.stores.address import StoreAddress, StoreScheme
from ddrm_core.batch.stores.object_listing import plan_objects
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.stores.reasons import StoreAccessDenied, StoreUnavailable
from ddrm_core.batch.streaming.shard import Shard
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan, UnplannedFile
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting, OperationCancelled, UnreadableFile

NAMES = (
    *("10.jpg", "2.jpg", ".hidden.jpg", "b/1.JPG", "a/3.jpeg", "a/x.png", "a/.h/4.jpg"),
    *("a 1/ü?#%20:.jpg", "a/notes.txt", "__MACOSX/5.jpg", "con/aux.jpg", "~/$HOME.jpg"),
)
HOSTILE_KEYS = (
    *("/x.jpg", "//y.jpg", "../z.jpg", "a/../../z.jpg", "./z.jpg", "b//z.jpg", "b/\nz.jpg"),
    *("b/..\\z.jpg", f"{'n' * 300}.jpg", f"{'d' * 300}/1.jpg", "b/\x1b[2J.jpg"),
)


def create_store(*keys: str, prefix: str = "in") -> ObjectStore:
    """Return a folder of a new bucket in memory with empty objects."""
    bucket = f"b{uuid.uuid4().hex}"
    store = ObjectStore(StoreAddress(StoreScheme.MEMORY, bucket, prefix))
    for key in keys:
        store.create_bytes(key, b"")
    return store


def plan_all(
    store: ObjectStore,
    output: Path = Path("/out"),
    naming: OutputNaming = OutputNaming(),  # noqa: B008
    shard: Shard | None = None,
) -> StreamedPlan:
    return plan_objects(
        store, output, naming, recursive=True, include_all_formats=False, shard=shard
    )


def planned(plan: StreamedPlan) -> list[PlannedFile]:
    return [file for file in plan.iter_files() if isinstance(file, PlannedFile)]


def failures(plan: StreamedPlan) -> list[str]:
    return [str(file.error) for file in plan.iter_files() if isinstance(file, UnplannedFile)]


@pytest.mark.parametrize("recursive", [False, True])
@pytest.mark.parametrize("include_all_formats", [False, True])
def test_a_plan_of_objects_is_that_of_equal_files(tmp_path, recursive, include_all_formats):
    """Order, targets and parts are the same; versions are those of the objects."""
    folder = tmp_path / "in"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    store, naming = create_store(*NAMES, "a/"), OutputNaming("{folder}/{name}{ext}")
    for shard in (None, Shard(1, 2), Shard(2, 2)):
        local = StreamedPlan(
            folder,
            tmp_path / "out",
            naming,
            recursive=recursive,
            include_all_formats=include_all_formats,
            shard=shard,
        )
        plan = plan_objects(
            store,
            tmp_path / "out",
            naming,
            recursive=recursive,
            include_all_formats=include_all_formats,
            shard=shard,
        )
        files = planned(plan)
        assert [file.source.relative_to(plan.source_folder).as_posix() for file in files] == [
            file.source.relative_to(folder).as_posix() for file in planned(local)
        ]
        assert [file.target for file in files] == [file.target for file in planned(local)]
        assert plan.count_files(CancelToken()) == local.count_files(CancelToken()) == len(files)
    (first, *_) = planned(plan_all(store))
    assert str(first.source) == f"{store.address}/2.jpg"
    found = store.find("2.jpg")
    assert found is not None
    assert first.source_version == found.version


def test_keys_that_are_no_paths_fail_by_name_and_the_rest_goes_on():
    store = create_store(*HOSTILE_KEYS, "a.jpg", "b/z.jpg", "../notes.txt")
    plan = plan_all(store)
    assert [file.source.name for file in planned(plan)] == ["a.jpg", "z.jpg"]
    messages = failures(plan)
    assert len(messages) == len(HOSTILE_KEYS)
    for key in HOSTILE_KEYS:
        address = store.address.format_object(key)
        (message,) = [text for text in messages if text.startswith(f"Cannot restore {address}: ")]
        assert message.isprintable()
    assert plan.count_files(CancelToken()) == len(HOSTILE_KEYS) + 2
    parts = [plan_all(store, shard=Shard(number, 3)) for number in (1, 2, 3)]
    assert sorted(text for part in parts for text in failures(part)) == sorted(messages)


def test_keys_that_differ_by_case_or_unicode_form_all_fail():
    """No part restores any of them, in whatever folder the difference is."""
    keys = ("a.jpg", "A.JPG", "x/c.jpg", "X/C.jpg", "n\u0303.jpg", "\u00f1.jpg", "d/e.jpg")
    store = create_store(*keys, "b.jpg", "x/only.jpg", "d/e.jpeg")
    plan = plan_all(store)
    assert [file.source.name for file in planned(plan)] == ["b.jpg", "only.jpg"]
    assert len(failures(plan)) == 8
    address = store.address
    assert f"{address}/x/c.jpg and {address}/X/C.jpg would have the same result" in failures(plan)
    parts = [plan_all(store, shard=Shard(number, 2)) for number in (1, 2)]
    assert sorted(text for part in parts for text in failures(part)) == sorted(failures(plan))


def test_results_in_the_source_folder_are_left_out_of_the_plan():
    store = create_store("a.jpg", "out/b.jpg", "out2/c.jpg")
    output = ObjectPath(str(store.address)) / "out"
    plan = plan_all(store, output)
    assert [str(file.target) for file in planned(plan)] == [
        f"{output}/a_restored.png",
        f"{output}/out2/c_restored.png",
    ]
    for folder in (store.address, StoreAddress(StoreScheme.MEMORY, store.address.bucket)):
        with pytest.raises(InvalidSetting):
            plan_all(store, ObjectPath(str(folder)))
    local_plan = StreamedPlan(Path("/in"), output, OutputNaming())
    assert local_plan.output_folder == output


@pytest.mark.parametrize("output", [".", "memory:", ".."])
def test_results_may_be_in_the_current_folder(output):
    (file,) = planned(plan_all(create_store("a.jpg"), Path(output)))
    assert file.target == Path(output, "a_restored.png")


def test_names_that_need_the_content_of_files_are_refused():
    store = create_store("a.jpg")
    with pytest.raises(InvalidSetting, match="quality"):
        plan_all(store, naming=OutputNaming("{stem}_{quality}{ext}"))
    with pytest.raises(InvalidSetting, match="number"):
        plan_all(store, naming=OutputNaming("{number}{ext}"))
    naming = OutputNaming("{folder}_{quality}{ext}", assumed_quality=40)
    (file,) = planned(plan_all(store, naming=naming))
    assert file.target == Path("/out/in_40.png")


def test_a_folder_that_does_not_exist_is_an_error_but_an_empty_bucket_is_not():
    store = create_store("a.jpg", prefix="other")
    missing = ObjectStore(StoreAddress(StoreScheme.MEMORY, store.address.bucket, "in"))
    file = ObjectStore(StoreAddress(StoreScheme.MEMORY, store.address.bucket, "other/a.jpg"))
    for plan, reason in (
        (plan_all(missing), "/in: it does not exist"),
        (plan_all(file), "a.jpg: it is an object, not a folder"),
    ):
        for read in (planned, StreamedPlan.check_source_folder):
            with pytest.raises(UnreadableFile, match=reason):
                read(plan)
    for plan in (plan_all(create_store(prefix="")), plan_all(create_store("b/c.txt"))):
        plan.check_source_folder()
        assert planned(plan) == []


def test_a_folder_without_access_is_an_error_and_the_rest_goes_on(monkeypatch):
    store = create_store("a.jpg", "b/c.jpg", "d/e.jpg")
    list_folder, broken = ObjectStore.iter_folder, {"b/": StoreAccessDenied}

    def list_or_fail(self, folder=""):
        if folder in broken:
            raise broken[folder]("address", "Forbidden")
        return list_folder(self, folder)

    monkeypatch.setattr(ObjectStore, "iter_folder", list_or_fail)
    plan = plan_all(store)
    assert [file.source.name for file in planned(plan)] == ["a.jpg", "e.jpg"]
    assert failures(plan) == [f"Cannot read {store.address}/b: Forbidden"]
    for folder, kind in (("b/", StoreUnavailable), ("", StoreAccessDenied)):
        broken[folder] = kind
        with pytest.raises(UnreadableFile, match="Forbidden"):
            planned(plan)


def test_neighbors_are_listed_once_for_a_folder(monkeypatch):
    store = create_store("a/1.jpg", "a/2.jpg", "a/b/3.jpg", "4.jpg")
    plan = pickle.loads(pickle.dumps(plan_all(store)))  # noqa: S301
    files = planned(plan)
    listed: list[str] = []
    list_folder = ObjectStore.iter_folder
    monkeypatch.setattr(
        ObjectStore,
        "iter_folder",
        lambda self, folder="": (listed.append(folder), list_folder(self, folder))[1],
    )
    names = [[other.source.name for other in plan.list_neighbors(file)] for file in files]
    assert names == [[], ["2.jpg"], ["1.jpg"], []]
    assert listed == ["", "a/", "a/b/"]


def test_counting_stops_when_it_is_cancelled():
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        plan_all(create_store("a.jpg")).count_files(token)
