"""Names of results, images in folders, and the target of each result."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ddrm_core.batch import output_paths as batch_plan
from ddrm_core.batch.name_template import (
    TEMPLATE_FIELD_NAMES,
    TemplateFields,
    check_template,
    render_template,
)
from ddrm_core.batch.output_paths import OutputNaming, find_source_images, plan_outputs
from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.formats.capabilities import check_format
from ddrm_core.formats.suffixes import WRITABLE_SUFFIXES
from ddrm_core.formats.unsupported_format import UnsupportedFormat

BLANK = TemplateFields("a", "a.jpg", ".png", "trip", "10", "fast", "7", "compact", "01")
# Characters that Linux allows in file names, which are more than elsewhere.
NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=60
).filter(lambda name: name not in (".", ".."))
ALIKE = st.sampled_from(["a.jpg", "A.JPG", "a.jpeg", "a (2).jpg", "a (3).jpe", "ä.jpg", "ä.jpg"])


def as_a_strict_system_sees(path: Path) -> str:
    """Return a path without the differences that Windows and macOS ignore.

    These are letter case and composed letters.
    """
    return unicodedata.normalize("NFD", str(path)).casefold()


def is_written(suffix: str) -> bool:
    """Return whether an 8-bit color image can be written to a file with this suffix."""
    try:
        check_format(Path(f"a{suffix}"), bits=8, channels=3)
    except UnsupportedFormat:
        return False
    return True


class TestTemplates:
    @pytest.mark.parametrize(
        ("template", "expected"),
        [
            ("{stem}_restored{ext}", "a_restored.png"),
            ("{name}.tiff", "a.jpg.tiff"),
            ("{folder}/{number} {preset} {quality}{ext}", "trip/01 fast 10.png"),
            ("{{{prior}}} {seed}.WEBP", "{compact} 7.WEBP"),
        ],
    )
    def test_blanks_are_filled(self, template, expected):
        check_template(template)
        assert render_template(template, BLANK) == expected

    @pytest.mark.parametrize(
        "template",
        [
            *("", "{stem}", "{stem}.gif", "{ext}", "{what}{ext}", "{stem", "stem}{ext}", "{}{ext}"),
            *("{stem!r}{ext}", "{number:03}{ext}", "{stem.upper}{ext}", "{0}{ext}"),
            *("../{stem}{ext}", "/{stem}{ext}", "a/../../{stem}{ext}", "a//{stem}{ext}", "a/"),
            *("a\\{stem}{ext}", "c:{stem}{ext}", "{stem}?{ext}", 'a"{ext}', "a\n{stem}{ext}"),
            *("con{ext}", "NUL.png", "aux/{stem}{ext}", "com1.x.png", "trip /{stem}{ext}"),
            *("./{stem}{ext}", "x./{stem}{ext}", "a" * 200 + "{ext}"),
        ],
    )
    def test_what_no_system_takes_is_refused(self, template):
        with pytest.raises(InvalidSetting) as refused:
            check_template(template)
        assert refused.value.name == "template"
        assert refused.value.value == template

    @given(stem=NAMES, folder=NAMES, prior=NAMES)
    def test_every_source_has_a_name_that_a_folder_takes(self, stem, folder, prior):
        for template in ("{stem}{ext}", "{folder}/{name}_{prior}{ext}"):
            blanks = TemplateFields(
                stem, f"{stem}.jpg", ".png", folder, "1", "p", "0", prior * 6, "1"
            )
            parts = render_template(template, blanks).split("/")
            assert len(parts) == template.count("/") + 1
            assert all(0 < len(os.fsencode(part)) <= 255 for part in parts)
            assert not {".", ".."} & set(parts)
            assert parts[-1].endswith(".png")

    def test_long_names_are_shortened_and_ordinary_ones_are_not(self):
        name = render_template(
            "{stem}_restored{ext}", TemplateFields("ü" * 125, "x", ".png", "", "", "", "", "", "")
        )
        assert name.endswith("ü_restored.png")
        assert len(os.fsencode(name)) in (239, 240)

    def test_a_device_of_windows_as_a_source(self):
        assert (
            render_template(
                "{stem}{ext}", TemplateFields("con", "x", ".png", "", "", "", "", "", "")
            )
            == "_con.png"
        )

    def test_no_folder_and_no_hidden_name_comes_from_a_blank(self):
        blanks = TemplateFields(".a", "", ".png", "..", "", "a/b", "", "../c", "")
        assert render_template("{folder}/{prior}/{preset}{ext}", blanks) == "_../_.._c/a_b.png"
        assert render_template("{name}{ext}", blanks) == "_.png"
        assert render_template("{stem}{ext}", blanks) == "_.a.png"

    def test_every_format_that_is_written_is_known_by_its_suffix(self):
        Image.init()
        known = {*Image.registered_extensions(), ".jxl"}  # Pillow has no JPEG XL
        assert set(WRITABLE_SUFFIXES) == set(filter(is_written, known))

    def test_blanks_are_those_that_are_promised(self):
        promised = ("stem", "name", "ext", "folder", "quality", "preset", "seed", "prior", "number")
        assert promised == TEMPLATE_FIELD_NAMES


class TestPlans:
    @given(
        names=st.lists(st.one_of(NAMES, ALIKE), max_size=20, unique=True),
        template=st.sampled_from(["{stem}_restored{ext}", "{stem}.png", "x{ext}", "{name}/r{ext}"]),
    )
    def test_no_two_results_to_one_place(self, names, template):
        sources = [Path("in") / name for name in names]
        items = plan_outputs(sources, Path("in"), Path("out"), OutputNaming(template))
        assert [item.source for item in items] == sources
        places = [as_a_strict_system_sees(item.target.with_suffix("")) for item in items]
        assert len(set(places)) == len(names)
        assert plan_outputs(sources, Path("in"), Path("out"), OutputNaming(template)) == items

    @given(first=st.lists(ALIKE, unique=True), second=st.lists(ALIKE, unique=True))
    def test_a_later_plan_leaves_earlier_targets_alone(self, first, second):
        earlier = plan_outputs([Path("1") / n for n in first], None, Path("out"), OutputNaming())
        taken = [item.target for item in earlier]
        later = plan_outputs(
            [Path("2") / n for n in second], None, Path("out"), OutputNaming(), taken_targets=taken
        )
        places = [as_a_strict_system_sees(item.target) for item in (*earlier, *later)]
        assert len(set(places)) == len(places)

    def test_the_first_keeps_its_name_and_no_number_takes_anothers(self):
        sources = [Path(name) for name in ("a.jpeg", "a.jpg", "a (2).jpg", "A.JPG")]
        targets = [
            item.target.name
            for item in plan_outputs(sources, None, Path("o"), OutputNaming("{stem}{ext}"))
        ]
        assert targets == ["a.png", "a (3).png", "a (2).png", "A (4).png"]

    def test_thousands_of_one_name_are_numbered_one_after_another(self, monkeypatch):
        asked = []
        real = batch_plan.path_key

        def key(path, *, ignore_suffix):
            asked.append(path)
            return real(path, ignore_suffix=ignore_suffix)

        monkeypatch.setattr(batch_plan, "path_key", key)
        items = plan_outputs(
            [Path(f"{n}/a.jpg") for n in range(500)], None, Path("o"), OutputNaming()
        )
        expected = ["a_restored.png", *(f"a_restored ({n}).png" for n in range(2, 501))]
        assert [item.target.name for item in items] == expected
        assert len(asked) < 10 * len(items)

    def test_folders_are_made_again(self):
        sources = [Path("in/a.jpg"), Path("in/süd/100% #1/b.jpg"), Path("elsewhere/c.jpg")]
        items = plan_outputs(sources, Path("in"), Path("out"), OutputNaming())
        assert [str(item.target) for item in items] == [
            "out/a_restored.png",
            "out/süd/100% #1/b_restored.png",
            "out/c_restored.png",
        ]

    def test_no_source_is_replaced(self, tmp_path):
        sources = [tmp_path / "a.jpg", tmp_path / "b.jpg"]
        for template in ("{stem}.jpg", "b.jpg"):
            with pytest.raises(InvalidSetting):
                plan_outputs(sources, tmp_path, tmp_path, OutputNaming(template))
        (tmp_path / "link").symlink_to(tmp_path)
        with pytest.raises(InvalidSetting):
            plan_outputs(sources, tmp_path, tmp_path / "link", OutputNaming("{stem}.jpg"))
        assert len(plan_outputs(sources, tmp_path, tmp_path, OutputNaming("{stem}{ext}"))) == 2

    def test_another_format_replaces_no_source_either(self, tmp_path):
        with pytest.raises(InvalidSetting):
            plan_outputs(
                [tmp_path / "a.jpg", tmp_path / "a.tiff"],
                None,
                tmp_path,
                OutputNaming("{stem}{ext}"),
            )

    def test_quality_numbers_and_folders_in_names(self, tmp_path):
        from PIL import Image

        (tmp_path / "trip").mkdir()
        sources = [tmp_path / "trip" / f"{n}.jpg" for n in range(10)]
        Image.new("RGB", (9, 7)).save(sources[0], quality=35)
        sources[1].write_bytes(b"text")
        items = plan_outputs(
            sources, tmp_path, tmp_path, OutputNaming("{folder} {number} q{quality}{ext}")
        )
        assert items[0].target == tmp_path / "trip" / "trip 01 q35.png"
        assert items[1].target == tmp_path / "trip" / "trip 02 qnone.png"
        assert (
            OutputNaming("{quality}{ext}", assumed_quality=5).build_relative_path(sources[0])
            == "5.png"
        )


class TestFinding:
    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        names = (
            *("b10.jpg", "b2.JPG", "B1.jpeg", "c.jpe", "d.jfif", "e.png", "notes.txt", "f.jpg.bak"),
            *("._b2.jpg", ".DS_Store", "Thumbs.db", ".hidden/x.jpg", "__MACOSX/y.jpg", "sub/z.jpg"),
            *("sub 10/i.jpg", "sub 9/i.jpg", "Ünï #1/100%.jpg", "out/results.jpg"),
        )
        for name in names:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(b"x")
        (tmp_path / "folder.jpg").mkdir()
        return tmp_path

    def names(self, tree, **choices) -> list[str]:
        return [str(p.relative_to(tree)) for p in find_source_images(tree, **choices).image_paths]

    def test_jpegs_in_natural_order(self, tree):
        expected = ["B1.jpeg", "b2.JPG", "b10.jpg", "c.jpe", "d.jfif"]
        assert self.names(tree, recursive=False) == expected
        assert self.names(tree, recursive=False, include_all_formats=True) == [*expected, "e.png"]

    def test_pictures_of_other_formats_are_counted(self, tree):
        for name in ("f.TIF", "g.png", "h.heic", "out/k.png", "notes.txt"):
            (tree / name).write_bytes(b"x")

        def omitted(**choices):
            return dict(find_source_images(tree, **choices).omitted_counts)

        assert omitted(recursive=False) == {".png": 2, ".tif": 1, ".heic": 1}
        assert omitted(recursive=True)[".png"] == 3
        assert omitted(recursive=True, excluded=[tree / "out", tree / "g.png"])[".png"] == 1
        assert omitted(recursive=False, include_all_formats=True) == {".heic": 1}

    def test_folders_inside_and_what_is_left_out(self, tree):
        found = self.names(tree, recursive=True, excluded=[tree / "out", tree / "c.jpe"])
        inside = ["sub/z.jpg", "sub 9/i.jpg", "sub 10/i.jpg", "Ünï #1/100%.jpg"]
        assert found == ["B1.jpeg", "b2.JPG", "b10.jpg", "d.jfif", *inside]

    def test_results_beside_their_sources(self, tree):
        found = self.names(tree, recursive=False, excluded=[tree, tree / "c.jpe"])
        assert found == ["B1.jpeg", "b2.JPG", "b10.jpg", "d.jfif"]

    def test_what_is_left_out_may_be_named_in_any_way(self, tree, monkeypatch):
        monkeypatch.chdir(tree / "sub")
        (tree / "link").symlink_to(tree / "out")
        expected = [name for name in self.names(tree, recursive=True) if name != "sub/z.jpg"]
        assert self.names(tree, recursive=True, excluded=[Path()]) == expected
        assert self.names(tree, recursive=True, excluded=[Path("../sub 9/../sub")]) == expected
        for out in (Path("../out"), tree / "link", tree / "sub" / ".." / "out" / ""):
            assert "out/results.jpg" not in self.names(tree, recursive=True, excluded=[out])
            every = [out / "results.jpg", Path("z.jpg")]
            assert not {"out/results.jpg", "sub/z.jpg"} & set(
                self.names(tree, recursive=True, excluded=every)
            )

    def test_loops_of_links_end_and_real_places_come_first(self, tree):
        (tree / "a_loop").symlink_to(tree)
        (tree / "sub" / "up").symlink_to(tree / "sub")
        (tree / "a_sub").symlink_to(tree / "sub")
        (tree / "self").symlink_to(tree / "self")
        (tree / "gone.jpg").symlink_to(tree / "nothing.jpg")
        found = self.names(tree, recursive=True)
        assert len(found) == len(set(found)) == 10
        assert "sub/z.jpg" in found

    def test_what_the_system_keeps_to_itself(self, tree, monkeypatch):
        real = os.stat

        def stat(path, *arguments, **choices):
            if str(path).endswith("secret.jpg"):
                raise PermissionError
            return real(path, *arguments, **choices)

        (tree / "secret.jpg").symlink_to(tree / "sub" / "z.jpg")
        monkeypatch.setattr(os, "stat", stat)
        assert "b2.JPG" in self.names(tree, recursive=True)
        assert "secret.jpg" not in self.names(tree, recursive=True)

    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(UnreadableFile):
            find_source_images(tmp_path / "nothing", recursive=True)
