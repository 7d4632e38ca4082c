"""The core's own English phrases, for the language of the program.

`ddrm_core` knows no languages: what it says of a file, a setting or a prior is English, and part
of it is put together there. Here is every such phrase, with blanks where the core fills in facts.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from app.i18n.translation import localize_number, tr, tr_noop

_DAMAGE_PHRASES = (
    tr_noop("it ends in the middle of the picture; {share} % could be read"),
    tr_noop("it ends in the middle of the picture; less than 1 % could be read"),
    tr_noop("it ends in the middle of the picture; 1 scan could be read, coarse only"),
    tr_noop("it ends in the middle of the picture; {scans} scans could be read, coarse only"),
    tr_noop("it ends in the middle of the picture; nothing could be read"),
    tr_noop("its data is corrupt; at most {share} % could be read"),
    tr_noop("its data is corrupt; at most less than 1 % could be read"),
    tr_noop("its data is corrupt; 1 scan could be read, coarse only"),
    tr_noop("its data is corrupt; {scans} scans could be read, coarse only"),
    tr_noop("its data is corrupt; nothing could be read"),
    tr_noop("it ends in the middle of the picture"),
    tr_noop("its data is corrupt"),
    tr_noop("it holds no picture"),
    tr_noop("its header is cut off or contradictory"),
    tr_noop("it holds next to nothing of the picture that it claims"),
    tr_noop("its data does not decode"),
    tr_noop("nothing of it decodes"),
)
_CODING_PHRASES = (
    tr_noop("baseline"),
    tr_noop("extended sequential"),
    tr_noop("progressive"),
    tr_noop("lossless coding"),
    tr_noop("hierarchical coding"),
    tr_noop("arithmetic coding"),
    tr_noop("{bits}-bit samples"),
    tr_noop("a height given after the picture (DNL)"),
    tr_noop("a side of more than {pixels} pixels"),
    tr_noop("quantisation tables that change between scans"),
    tr_noop("chroma sampling {sampling} (not whole ratios)"),
    tr_noop("grey"),
    tr_noop("comment"),
    tr_noop("an empty file"),
    tr_noop("not a picture"),
    tr_noop("HEIF or AVIF"),
)
_SYSTEM_PHRASES = (
    tr_noop("no such file or directory"),
    tr_noop("permission denied"),
    tr_noop("operation not permitted"),
    tr_noop("is a directory"),
    tr_noop("not a directory"),
    tr_noop("no space left on device"),
    tr_noop("read-only file system"),
    tr_noop("file name too long"),
    tr_noop("input/output error"),
    tr_noop("disk quota exceeded"),
    tr_noop("connection refused"),
    tr_noop("network is unreachable"),
    tr_noop("name or service not known"),
    tr_noop("temporary failure in name resolution"),
    tr_noop("timed out"),
    tr_noop("it has changed since it was opened"),
    tr_noop("it had to make room for newer ones"),
    tr_noop("the JPEG reader did not start, {problem}"),
)
_PRIOR_PHRASES = (
    tr_noop("not a whole safetensors file"),
    tr_noop("not in the format '{format}', header lacks {keys}"),
    tr_noop("not in the format '{format}'"),
    tr_noop("header cannot be understood: {problem}"),
    tr_noop("size multiple or range is not what its architecture has"),
    tr_noop("its noise levels are not a range above 0"),
    tr_noop("its measured band errors are missing"),
    tr_noop("its weights are not all finite numbers"),
    tr_noop("the resolution that it has learnt is missing, or not one it can have"),
    tr_noop("its tensors are not those of its architecture: it lacks '{tensor}' and {count} more"),
    tr_noop("its tensors are not those of its architecture: it lacks '{tensor}'"),
    tr_noop(
        "its tensors are not those of its architecture: it has besides '{tensor}' and {count} more"
    ),
    tr_noop("its tensors are not those of its architecture: it has besides '{tensor}'"),
    tr_noop(
        "its tensors are not those of its architecture: it has otherwise '{tensor}'"
        " and {count} more"
    ),
    tr_noop("its tensors are not those of its architecture: it has otherwise '{tensor}'"),
    tr_noop("its name {name} is not letters, digits, '.', '_', '-'"),
    tr_noop("it is called {name} as the bundled prior is"),
    tr_noop("it is not a dictionary of tensors"),
    tr_noop("it holds more than tensors, which could do anything"),
    tr_noop("not a whole PyTorch checkpoint"),
    tr_noop("its tensors are not all of floating-point numbers"),
    tr_noop("none of the networks known here: {networks}"),
    tr_noop("{file} beside it is no SHA-256"),
    tr_noop("its SHA-256 is {sha256}"),
    tr_noop("it has more than {bytes} bytes"),
    tr_noop("the connection was cut"),
    tr_noop("what the server has is {size} bytes, not {published}"),
    tr_noop("the server says {answer}"),
    tr_noop("not stated in its file"),
    tr_noop("ADM, a U-Net with attention, {count} M parameters (Dhariwal and Nichol 2021)"),
    tr_noop("ImageNet at 256x256, without its classes"),
    tr_noop("538 freely licensed photographs, see the model card"),
)
_SETTING_PHRASES = (
    tr_noop("steps"),
    tr_noop("samples"),
    tr_noop("start"),
    tr_noop("start factor"),
    tr_noop("end factor"),
    tr_noop("temperature"),
    tr_noop("momentum"),
    tr_noop("error factor"),
    tr_noop("seed"),
    tr_noop("sharpness"),
    tr_noop("quality"),
    tr_noop("sampling"),
    tr_noop("grid"),
    tr_noop("grid left"),
    tr_noop("grid top"),
    tr_noop("region"),
    tr_noop("JPEG quality"),
    tr_noop("bits per channel"),
    tr_noop("A file with the source's own tables"),
    tr_noop("of pixels"),
    tr_noop("of assumed levels"),
    tr_noop("of estimated levels"),
    tr_noop("of a region"),
    tr_noop("a turned picture"),
    tr_noop("a .jpg name"),
    tr_noop("a JPEG's own levels"),
    tr_noop("the whole picture"),
    tr_noop("pixels as they are stored"),
    tr_noop("0 where no sample was kept"),
    tr_noop("a rectangle inside the {size} pixels"),
    tr_noop("the file's own, for a JPEG"),
    tr_noop("only together with a quality factor"),
    tr_noop("template"),
    tr_noop("names that no source has"),
    tr_noop("text with blanks such as {{stem}}"),
    tr_noop("text with the blanks {blanks}"),
    tr_noop("names without {letter}, with / between folders"),
    tr_noop("names inside the target folder, none of them empty or with a dot in front"),
    tr_noop("names of at most {count} letters"),
    tr_noop("names that every system takes"),
    tr_noop("report"),
    tr_noop("a name that ends in {endings}"),
    tr_noop("0,0 for a damaged file"),
    tr_noop("custom, near {factor}"),
    tr_noop("smaller windows"),
    tr_noop("fewer samples at once"),
    tr_noop("the CPU"),
)
_EXPORT_NOTE_PHRASES = (
    tr_noop("{differing} of {total} levels are not the file's own"),
    tr_noop("An RGB JPEG holds no density."),
    tr_noop("{format} holds no colour profile."),
    tr_noop("{format} holds no damaged EXIF."),
    tr_noop("{format} holds no extended XMP."),
    tr_noop("{format} holds no comments with zero bytes."),
    tr_noop("{format} holds no comments besides one description in ASCII."),
    tr_noop("{format} holds no comments."),
    tr_noop("{format} holds no density."),
    tr_noop("{format} holds no other JPEG segments ({segments})."),
    tr_noop("{format} holds no {block}."),
    tr_noop("The XMP packet is damaged: the record of this run could not be added."),
    tr_noop("The XMP packet was left out: it may hold a place that cannot be removed."),
    tr_noop("The extended XMP packet was left out: it names a place."),
    tr_noop("The Photoshop resources were left out: they hold a copy of EXIF or XMP."),
    tr_noop("A comment was left out: it names a place."),
    tr_noop("Segments of unknown meaning were left out: they may hold a place."),
    tr_noop("The EXIF block is damaged: it was left out, for it may hold a place."),
    tr_noop("The EXIF block is damaged: it still turns the picture."),
    tr_noop("The EXIF block is damaged: its thumbnail still shows the source."),
    tr_noop("The EXIF block is damaged: it names no program."),
    tr_noop("The extended XMP packet is in parts too large for a JPEG."),
    tr_noop("The EXIF block is too large for a JPEG."),
    tr_noop("A comment is too large for a JPEG."),
    tr_noop("A segment is too large for a JPEG."),
    tr_noop("The XMP packet has no room for the record of this run in a JPEG."),
    tr_noop("The XMP packet is too large for a JPEG."),
    tr_noop("The color profile is too large for a JPEG."),
    tr_noop("The EXIF block is too large for a JPEG: its largest entries were left out."),
    tr_noop("The EXIF block has no room for a thumbnail of the result."),
    tr_noop("The EXIF block has no room for the program's name."),
    tr_noop("The color profile was left out: it does not describe a picture."),
    tr_noop("The color profile was left out: it is for {profile}, the picture is {picture}."),
    tr_noop("The gray profile became an RGB one with its curve: {format} has no gray."),
    tr_noop("The gray profile was left out: it has no curve, and {format} has no gray."),
    tr_noop("The RGB profile became a gray one with its curve: a gray {format} takes no other."),
    tr_noop("The RGB profile was left out: a gray {format} takes none."),
    tr_noop("The result holds the first of the pictures in the file (MPF)."),
)
_COLOR_SPACE_PHRASES = (
    tr_noop("uncalibrated"),
    tr_noop("not stated"),
    tr_noop("a profile without a name"),
)
_GENERAL_PHRASES = (tr_noop("{colour} colour"), tr_noop("{low} to {high}"))
_ALL_PHRASES = (
    *_DAMAGE_PHRASES,
    *_CODING_PHRASES,
    *_SYSTEM_PHRASES,
    *_PRIOR_PHRASES,
    *_SETTING_PHRASES,
    *_EXPORT_NOTE_PHRASES,
    *_COLOR_SPACE_PHRASES,
    *_GENERAL_PHRASES,
)

_NUMBER_PATTERN = re.compile(r"-?\d[\d,]*(\.\d+)?")


def translate_core_message(phrase: str) -> str:
    """A phrase of the core in the language of the program; as it is where it is none of these."""
    for template in _ALL_PHRASES:
        match = _compile_template(template).fullmatch(phrase)
        if match is not None:
            return tr(template).format(
                **{k: _localize_value(v) for k, v in match.groupdict().items()}
            )
    return phrase


def translate_os_error(reason: str) -> str:
    """The system's words for what failed, for the middle of a sentence."""
    phrase = reason[:1].lower() + reason[1:]
    return translate_core_message(phrase)


def _localize_value(text: str) -> str:
    return localize_number(text) if _NUMBER_PATTERN.fullmatch(text) else text


@cache
def _compile_template(template: str) -> re.Pattern[str]:
    parts = []
    for literal, placeholder, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if placeholder is not None:
            parts.append(f"(?P<{placeholder}>.+?)")
    return re.compile("".join(parts), re.DOTALL)
