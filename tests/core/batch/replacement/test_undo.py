"""Replacing and undoing one after another: attributes, changed files, backups that are gone."""

from __future__ import annotations

import errno
import os
import stat

import pytest

from ddrm_core.batch.replacement.backups import BackupDefect, BackupFolder
from ddrm_core.batch.replacement.reasons import RetentionReason, SourceRetained
from ddrm_core.batch.replacement.replace_source import (
    NewResult,
    check_unchanged,
    read_source_file,
    replace_source,
)
from ddrm_core.batch.replacement.undo import NothingToUndo, UndoState, undo_replacements
from ddrm_core.batch.replacement.undo_log import (
    FolderInUse,
    UndoEntry,
    UndoLog,
    UndoStep,
    parse_undo_entry,
)
from ddrm_core.errors import UnreadableFile
from tests.support.replaced_sources import (
    DATE_NS,
    MODE,
    ORIGINAL,
    RESULT,
    Album,
    log_lines,
    visible_files,
)

HAS_EXTENDED = hasattr(os, "setxattr")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """Synchronize nothing with the disk, which takes most of the time of these tests."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def album(tmp_path) -> Album:
    return Album(tmp_path).create()


@pytest.fixture
def renamed_album(tmp_path) -> Album:
    return Album(tmp_path, ".png").create()


def test_a_result_has_the_attributes_of_its_source(album):
    if HAS_EXTENDED:
        os.setxattr(album.source, "user.rating", b"5")
    if os.getuid() == 0:
        os.chown(album.source, 1234, 5678)
    before = album.source.stat()
    album.replace(album.backup_folder)
    after = album.source.stat()
    assert album.source.read_bytes() == RESULT
    for name in ("st_mode", "st_uid", "st_gid", "st_mtime_ns"):
        assert getattr(after, name) == getattr(before, name)
    if HAS_EXTENDED:
        assert os.getxattr(album.source, "user.rating") == b"5"


def test_a_backup_gives_back_what_another_file_system_cannot_hold(album):
    """A backup on a disk without owners and permissions lost them, and the date was changed."""
    if HAS_EXTENDED:
        os.setxattr(album.source, "user.rating", b"5")
    entry = album.replace(album.backup_folder)
    backup = album.root / "backup" / "sub" / "photo.jpg"
    assert entry.backup == str(backup)
    backup.unlink()
    backup.write_bytes(ORIGINAL)
    backup.chmod(0o777)
    (outcome,) = album.undo()
    assert (outcome.state, outcome.lost_attributes) == (UndoState.DONE, ())
    file_stat = album.source.stat()
    assert (file_stat.st_mtime_ns, stat.S_IMODE(file_stat.st_mode)) == (DATE_NS, MODE)
    if HAS_EXTENDED:
        assert os.getxattr(album.source, "user.rating") == b"5"


def test_equal_names_get_numbers(album):
    (album.root / "backup" / "sub").mkdir(parents=True)
    (album.root / "backup" / "sub" / "photo.jpg").write_bytes(b"another")
    entry = album.replace(album.backup_folder)
    assert visible_files(album.root / "backup") == {
        "sub/photo.jpg": b"another",
        "sub/photo (2).jpg": ORIGINAL,
    }
    assert entry.backup.endswith("photo (2).jpg")


class TestUndo:
    def test_only_once(self, album):
        album.replace(album.trash)
        assert [outcome.state for outcome in album.undo()] == [UndoState.DONE]
        assert album.visible() == {"sub/photo.jpg": ORIGINAL}
        assert not visible_files(album.root / "Trash")
        assert album.undo() == []

    def test_again_after_another_replacement(self, album):
        for result in (b"first", b"second"):
            album.replace(album.trash, result)
            assert [outcome.state for outcome in album.undo()] == [UndoState.DONE]
            assert album.visible() == {"sub/photo.jpg": ORIGINAL}

    def test_an_edited_result_stays(self, album):
        entry = album.replace(album.backup_folder)
        album.target.write_bytes(b"edited")
        (outcome,) = album.undo()
        assert outcome.state is UndoState.CHANGED
        assert outcome.is_backup_found
        assert str(outcome.backup) == entry.backup
        assert album.visible() == {"sub/photo.jpg": b"edited"}
        assert outcome.backup.read_bytes() == ORIGINAL

    def test_a_renamed_result_stays(self, album):
        album.replace(album.backup_folder)
        album.target.rename(album.folder / "mine.jpg")
        (outcome,) = album.undo()
        assert outcome.state is UndoState.MISSING
        assert outcome.is_backup_found
        assert album.visible() == {"mine.jpg": RESULT}

    def test_a_link_in_place_of_the_result_stays(self, album):
        album.replace(album.backup_folder)
        album.target.rename(album.root / "elsewhere.jpg")
        album.target.symlink_to(album.root / "elsewhere.jpg")
        assert [outcome.state for outcome in album.undo()] == [UndoState.CHANGED]
        assert album.target.is_symlink()

    def test_a_backup_that_is_gone_is_named(self, album):
        entry = album.replace(album.backup_folder)
        os.unlink(entry.backup)
        (outcome,) = album.undo()
        assert (outcome.state, outcome.is_backup_found) == (UndoState.NO_BACKUP, False)
        assert album.visible() == {"sub/photo.jpg": RESULT}

    def test_a_changed_backup_is_not_put_back(self, album):
        entry = album.replace(album.backup_folder)
        with open(entry.backup, "ab") as backup:
            backup.write(b"more")
        assert [outcome.state for outcome in album.undo()] == [UndoState.NO_BACKUP]
        assert album.visible() == {"sub/photo.jpg": RESULT}

    @pytest.mark.parametrize("content", [None, b"[Trash Info]\nPath=/home/jim/other.jpg\n"])
    def test_a_file_that_the_trash_does_not_name_is_not_put_back(self, album, content):
        """The trash was emptied, and another program's file has the name of the backup."""
        entry = album.replace(album.trash)
        os.unlink(entry.trash_info)
        if content is not None:
            with open(entry.trash_info, "wb") as info:
                info.write(content)
        (outcome,) = album.undo()
        assert (outcome.state, outcome.in_trash) == (UndoState.NO_BACKUP, True)
        assert album.visible() == {"sub/photo.jpg": RESULT}

    def test_a_new_name_is_removed(self, renamed_album):
        renamed_album.replace(renamed_album.trash)
        assert renamed_album.visible() == {"sub/photo.png": RESULT}
        renamed_album.undo()
        assert renamed_album.visible() == {"sub/photo.jpg": ORIGINAL}

    def test_a_file_with_the_name_of_the_source_stays(self, renamed_album):
        renamed_album.replace(renamed_album.trash)
        renamed_album.source.write_bytes(b"new")
        (outcome,) = renamed_album.undo()
        assert outcome.state is UndoState.NAME_TAKEN
        assert renamed_album.visible() == {"sub/photo.jpg": b"new", "sub/photo.png": RESULT}

    def test_links_do_not_lead_out_of_the_folder(self, album):
        album.replace(album.backup_folder)
        album.source.parent.rename(album.root / "elsewhere")
        album.source.parent.symlink_to(album.root / "elsewhere")
        assert [outcome.state for outcome in album.undo()] == [UndoState.OUTSIDE]
        assert (album.root / "elsewhere" / "photo.jpg").read_bytes() == RESULT

    def test_a_folder_that_was_moved_is_undone(self, album, tmp_path):
        album.replace(album.backup_folder)
        album.folder.rename(tmp_path / "moved")
        assert [each.state for each in undo_replacements(tmp_path / "moved")] == [UndoState.DONE]
        assert visible_files(tmp_path / "moved") == {"sub/photo.jpg": ORIGINAL}

    def test_an_edited_source_hides_no_earlier_replacement(self, album):
        """A second replacement was stopped before it began; the first one is still listed."""
        album.replace(album.backup_folder)
        album.target.write_bytes(b"edited")
        log = UndoLog(album.folder)
        with log.lock():
            (entry,) = log.list_latest()
            log.add(entry.at_step(UndoStep.BACKUP))
        assert [outcome.state for outcome in album.undo()] == [UndoState.CHANGED]

    def test_nothing_was_replaced(self, album):
        with pytest.raises(NothingToUndo):
            album.undo()
        with UndoLog(album.folder).lock(), pytest.raises(NothingToUndo):
            album.undo()


def test_a_name_that_is_no_text_is_replaced_and_undone(tmp_path):
    """Linux allows any bytes in a name."""
    album = Album(tmp_path).create()
    source = album.source.rename(album.source.with_name("no text \udcff.jpg"))
    log = UndoLog(album.folder)
    with log.lock():
        new_result = NewResult((RESULT,), source, lambda _path: None)
        replace_source(read_source_file(source, log), new_result, album.trash, log)
    assert [each.state for each in album.undo()] == [UndoState.DONE]
    assert source.read_bytes() == ORIGINAL


class TestRetention:
    def test_a_source_that_changes_during_the_last_step_stays(self, album, monkeypatch):
        """The line in the log is written, but the name does not change; nothing is to be undone."""
        add = UndoLog.add

        def add_and_edit(log: UndoLog, entry: UndoEntry) -> None:
            add(log, entry)
            if entry.step == UndoStep.REPLACE:
                album.source.unlink()
                album.source.write_bytes(b"saved by an editor")

        monkeypatch.setattr(UndoLog, "add", add_and_edit)
        with pytest.raises(UnreadableFile):
            album.replace(album.trash)
        assert album.visible() == {"sub/photo.jpg": b"saved by an editor"}
        assert album.undo() == []

    def test_a_link_stays(self, album):
        album.source.rename(album.root / "elsewhere.jpg")
        album.source.symlink_to(album.root / "elsewhere.jpg")
        with pytest.raises(SourceRetained) as caught:
            album.replace(album.trash)
        assert caught.value.reason is RetentionReason.LINK
        assert (album.root / "elsewhere.jpg").read_bytes() == ORIGINAL

    def test_a_file_in_a_linked_folder_stays(self, album):
        """Undoing touches names inside the folder only, so that nothing outside is replaced."""
        album.source.parent.rename(album.root / "elsewhere")
        album.source.parent.symlink_to(album.root / "elsewhere")
        with pytest.raises(SourceRetained) as caught:
            album.replace(album.trash)
        assert caught.value.reason is RetentionReason.LINKED_FOLDER
        assert (album.root / "elsewhere" / "photo.jpg").read_bytes() == ORIGINAL

    def test_a_file_with_two_names_stays(self, album):
        os.link(album.source, album.root / "second.jpg")
        with pytest.raises(SourceRetained, match="2 names"):
            album.replace(album.trash)

    def test_a_name_that_is_taken_stays(self, renamed_album):
        renamed_album.target.write_bytes(b"mine")
        with pytest.raises(SourceRetained, match=r"photo\.png"):
            renamed_album.replace(renamed_album.trash)
        assert renamed_album.visible() == {"sub/photo.jpg": ORIGINAL, "sub/photo.png": b"mine"}

    def test_a_changed_source_stays(self, album):
        log = UndoLog(album.folder)
        source = read_source_file(album.source, log)
        album.source.write_bytes(b"the bytes of an editor!")  # bytes of the same number
        os.utime(album.source, ns=(DATE_NS + 1, DATE_NS + 1))
        with pytest.raises(UnreadableFile):
            check_unchanged(source, log)


class TestLog:
    def test_one_command_at_a_time(self, album):
        with UndoLog(album.folder).lock(), pytest.raises(FolderInUse), UndoLog(album.folder).lock():
            pytest.fail("locked twice")

    def test_an_incomplete_line_damages_no_other(self, album):
        album.replace(album.trash)
        log = UndoLog(album.folder)
        with log.path.open("ab") as file:
            file.write(log_lines(album.folder)[-1][:50])
        assert [entry.source for entry in UndoLog(album.folder).list_latest()] == ["sub/photo.jpg"]
        album.undo()
        assert UndoLog(album.folder).list_latest()[0].step == UndoStep.UNDO

    @pytest.mark.parametrize("path", ["../out.jpg", "/etc/passwd", "", "sub/../../out.jpg"])
    def test_a_path_outside_is_no_entry(self, album, path):
        entry = album.replace(album.trash)
        (line,) = {line for line in log_lines(album.folder) if b'"replace"' in line}
        assert parse_undo_entry(line) == entry
        assert parse_undo_entry(line.replace(b'"sub/photo.jpg"', b'"%s"' % path.encode())) is None

    @pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"3", b"null", b"\xff", b"[" * 9999])
    def test_other_lines_are_no_entries(self, line):
        assert parse_undo_entry(line) is None


def test_a_backup_folder_on_another_volume_is_filled_and_emptied(album, other_volume):
    place = BackupFolder(other_volume / "backup")
    album.replace(place)
    assert album.visible() == {"sub/photo.jpg": RESULT}
    assert visible_files(place.folder) == {"sub/photo.jpg": ORIGINAL}
    album.undo()
    assert album.visible() == {"sub/photo.jpg": ORIGINAL}
    assert album.source.stat().st_mtime_ns == DATE_NS
    assert not visible_files(place.folder)


def test_a_backup_that_changes_while_it_is_put_back_is_an_error(album, other_volume, monkeypatch):
    place = BackupFolder(other_volume / "backup")
    album.replace(place)
    backup, refuse_rename = place.folder / "sub" / "photo.jpg", os.replace

    def change_and_refuse(old, new):
        backup.write_bytes(b"other bytes")
        refuse_rename(old, new)

    monkeypatch.setattr(os, "replace", change_and_refuse)
    (outcome,) = undo_replacements(album.folder)
    assert outcome.state is UndoState.FAILED
    assert outcome.error.reason is BackupDefect.OTHER_BYTES
    assert album.visible() == {"sub/photo.jpg": RESULT}


@pytest.fixture
def other_volume(tmp_path, monkeypatch):
    """Return a folder to and from which the system neither links nor renames files.

    The system refuses both calls between two file systems.
    """
    folder = tmp_path / "other volume"
    folder.mkdir()

    def refuse(call):
        def wrapped(old, new, **options):
            if (str(folder) in str(old)) != (str(folder) in str(new)):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            return call(old, new, **options)

        return wrapped

    for name in ("link", "rename", "replace"):
        monkeypatch.setattr(os, name, refuse(getattr(os, name)))
    return folder
