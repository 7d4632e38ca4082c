"""What the core says in English, in the language of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors import safe_open

from app.config.resources import BUNDLED_PRIOR_PATH
from app.i18n import core_messages as table
from app.i18n.core_messages import translate_core_message, translate_os_error
from app.i18n.translation import LANGUAGES, set_language
from ddrm_core.batch import name_template as template
from ddrm_core.device.execution_limits import MemoryFallback
from ddrm_core.export import encode_result as delivery
from ddrm_core.formats import common as stored
from ddrm_core.formats import profiles
from ddrm_core.jpeg import header
from ddrm_core.jpeg import read as coefficients
from ddrm_core.jpeg.damage import recover as damage
from ddrm_core.jpeg.image import QualitySource
from ddrm_core.metadata import exif_size_limit, policy, segments
from ddrm_core.prior.download import http_stream as connection
from ddrm_core.prior.store import registry
from tests.support.paths import ROOT

FACTS = {
    *("InvalidPrior", "DamagedJpeg", "DownloadFailed", "InvalidSetting", "NotAJpeg"),
    *("UnreadableFile", "UnsupportedJpeg", "UnwritableOutput", "InvalidDownload"),
}
# The command line's alone: they are never shown in the window.
WITHOUT_WINDOW = ("training", "evaluation", "benchmark.py", "lpips.py")
# Names and notations, the same in every language.
SAME = {"PNG", "GIF", "BMP", "TIFF", "JPEG 2000", "JPEG XL", "PDF", "WebP", "4:4:4"}
# What is put together from pieces, and what comes of it.
TOGETHER = {
    "of 7 levels": tuple(f"of {s} levels" for s in QualitySource if s != QualitySource.TABLES),
    "grid 7": ("grid left", "grid top"),
    "not in the format '7'7": ("not in the format 'f'", "not in the format 'f', header lacks k, l"),
    "7: it 7 '7'7": tuple(
        f"its tensors are not those of its architecture: it {what} 'a.weight'{more}"
        for what in ("lacks", "has besides", "has otherwise")
        for more in ("", " and 12 more")
    ),
    "what the server has is 7": ("what the server has is 1,000 bytes, not 2,000",),
}


def bundled_header() -> dict[str, str]:
    with safe_open(str(BUNDLED_PRIOR_PATH), "pt") as prior:
        return prior.metadata()


@pytest.fixture(autouse=True)
def in_brackets() -> Iterator[None]:
    """A language in which every sentence is the English one in brackets."""
    set_language({phrase: f"⟦{phrase}⟧" for phrase in table._ALL_PHRASES})
    yield
    set_language(None)


def said(node: ast.expr) -> list[str]:
    """What an expression can spell, with a 7 for what is filled in."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(v.value if isinstance(v, ast.Constant) else "7" for v in values)]
        case ast.IfExp(body=body, orelse=other):
            return [*said(body), *said(other)]
        case ast.Call(func=ast.Attribute(value=value, attr="strip")):
            return said(value)
        case _:
            return []


def raised() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "ddrm_core").rglob("*.py")):
        if any(name in path.parts for name in WITHOUT_WINDOW):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FACTS:
                found += [(path.name, text) for argument in node.args for text in said(argument)]
    return found


def strings_in(module: object, *functions: str) -> list[str]:
    """Every sentence-like literal in these functions: with a space, and no docstring."""
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            inside = [n for statement in node.body[1:] for n in ast.walk(statement)]
            parts = {id(v) for n in inside if isinstance(n, ast.JoinedStr) for v in n.values}
            found += [text for n in inside if id(n) not in parts for text in said(n)]
    assert found, functions
    return [text for text in found if " " in text.strip(", ")]


def test_so_is_the_reason_that_the_window_itself_gives():
    assert "⟦" in translate_os_error("It had to make room for newer ones")


def test_the_raised_phrases_are_found_at_all():
    assert ("header.py", "it holds no picture") in raised()
    assert ("header.py", "its header is cut off or contradictory") in raised()
    assert ("download.py", "it has more than 7 bytes") in raised()
    assert len(raised()) > 50


@pytest.mark.parametrize(("_where", "phrase"), raised())
def test_every_phrase_that_the_core_raises_is_translated(_where, phrase):
    for whole in TOGETHER.get(phrase, (phrase,)):
        assert (
            whole in SAME
            or "⟦" in translate_os_error(whole)
            or "⟦" in translate_core_message(whole)
        )


@pytest.mark.parametrize(
    "phrase",
    [
        *strings_in(coefficients, "check_supported"),
        *strings_in(connection, "_describe_failure"),
        *(text for text in strings_in(header, "_detect_format") if text not in SAME),
        *(coding for coding in header.CODING_BY_FRAME_MARKER.values()),
        *(
            f"{cause}; {outcome}"
            for cause in (damage._CUT_OFF_TEXT, damage._CORRUPT_TEXT)
            for outcome in ("2 scans could be read, coarse only", "nothing could be read")
        ),
        f"{damage._CUT_OFF_TEXT}; 37 % could be read",
        f"{damage._CORRUPT_TEXT}; at most 37 % could be read",
        f"{damage._CORRUPT_TEXT}; at most less than 1 % could be read",
        *strings_in(delivery, "_encode_with_source_tables"),
        *strings_in(template, "check_template"),
        *(fallback.value for fallback in MemoryFallback),
        *(p.architecture for p in registry.PUBLISHED_PRIORS),
        *(p.training_data for p in registry.PUBLISHED_PRIORS),
        "custom, near 43",
        "not stated in its file",
        bundled_header()["training_data"],
    ],
)
def test_so_is_what_it_puts_together_elsewhere(phrase):
    assert "⟦" in translate_core_message(phrase)


def test_so_is_every_note_about_metadata():
    notes = [*strings_in(policy, "_remove_locations", "prepare_for_output")]
    notes += strings_in(policy, "_prepare_exif")
    notes += strings_in(
        exif_size_limit, "set_software_and_thumbnail", "_apply_software_and_thumbnail"
    )
    notes += strings_in(segments, "_fit_exif_block", "_fit_xmp_packet", "_build_icc_segments")
    notes += strings_in(profiles, "_fit_profile") + strings_in(delivery, "_list_mpf_notes")
    notes += [f"{n} is too large for a JPEG." for n in ("A comment", "A segment")]
    kinds = [*strings_in(stored, "describe_losses"), "EXIF", "XMP", "IPTC", "density"]
    notes += [f"TIFF holds no {kind}." for kind in kinds if not kind.startswith("7")]
    assert len(notes) > 15
    assert [note for note in notes if "⟦" not in translate_core_message(note)] == []


def test_facts_are_filled_in_with_the_language_s_own_figures():
    german = next(language for language in LANGUAGES if language.code == "de")
    words = {"it has more than {bytes} bytes": "mehr als {bytes} Byte"}
    set_language(words | {"its data is corrupt": "Daten beschädigt"}, german)
    assert translate_core_message("it has more than 2,211,383 bytes") == "mehr als 2.211.383 Byte"
    assert translate_core_message("its data is corrupt") == "Daten beschädigt"


def test_what_is_no_phrase_of_the_core_stays():
    assert translate_core_message("böld picture 火.jpg") == "böld picture 火.jpg"


def test_english_stays_as_the_core_has_it():
    set_language(None)
    assert [text for _, text in raised() if translate_core_message(text) != text] == []
    assert translate_os_error("No such file or directory") == "no such file or directory"
