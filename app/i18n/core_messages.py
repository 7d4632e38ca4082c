"""The core's own English phrases, for the language of the program.

`ddrm_core` knows no languages: what it says of a file, a setting or a prior is English, and part
of it is put together there. Here is every such phrase, with blanks where the core fills in facts.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from app.i18n.translation import figures, mark, tr

_DAMAGE = (
    mark("it ends in the middle of the picture; {share} % could be read"),
    mark("it ends in the middle of the picture; less than 1 % could be read"),
    mark("it ends in the middle of the picture; 1 scan could be read, coarse only"),
    mark("it ends in the middle of the picture; {scans} scans could be read, coarse only"),
    mark("it ends in the middle of the picture; nothing could be read"),
    mark("its data is corrupt; at most {share} % could be read"),
    mark("its data is corrupt; at most less than 1 % could be read"),
    mark("its data is corrupt; 1 scan could be read, coarse only"),
    mark("its data is corrupt; {scans} scans could be read, coarse only"),
    mark("its data is corrupt; nothing could be read"),
    mark("it ends in the middle of the picture"),
    mark("its data is corrupt"),
    mark("it holds no picture"),
    mark("its header is cut off or contradictory"),
    mark("it holds next to nothing of the picture that it claims"),
    mark("its data does not decode"),
    mark("nothing of it decodes"),
)
_CODING = (
    mark("baseline"),
    mark("extended sequential"),
    mark("progressive"),
    mark("lossless coding"),
    mark("hierarchical coding"),
    mark("arithmetic coding"),
    mark("{bits}-bit samples"),
    mark("a height given after the picture (DNL)"),
    mark("a side of more than {pixels} pixels"),
    mark("quantisation tables that change between scans"),
    mark("chroma sampling {sampling} (not whole ratios)"),
    mark("grey"),
    mark("comment"),
    mark("an empty file"),
    mark("not a picture"),
    mark("HEIF or AVIF"),
)
_SYSTEM = (
    mark("no such file or directory"),
    mark("permission denied"),
    mark("operation not permitted"),
    mark("is a directory"),
    mark("not a directory"),
    mark("no space left on device"),
    mark("read-only file system"),
    mark("file name too long"),
    mark("input/output error"),
    mark("disk quota exceeded"),
    mark("connection refused"),
    mark("network is unreachable"),
    mark("name or service not known"),
    mark("temporary failure in name resolution"),
    mark("timed out"),
    mark("it has changed since it was opened"),
    mark("it had to make room for newer ones"),
    mark("the JPEG reader did not start, {problem}"),
)
_PRIORS = (
    mark("not a whole safetensors file"),
    mark("not in the format '{format}', header lacks {keys}"),
    mark("not in the format '{format}'"),
    mark("header cannot be understood: {problem}"),
    mark("size multiple or range is not what its architecture has"),
    mark("its noise levels are not a range above 0"),
    mark("its measured band errors are missing"),
    mark("its weights are not all finite numbers"),
    mark("the resolution that it has learnt is missing, or not one it can have"),
    mark("its tensors are not those of its architecture: it lacks '{tensor}' and {count} more"),
    mark("its tensors are not those of its architecture: it lacks '{tensor}'"),
    mark(
        "its tensors are not those of its architecture: it has besides '{tensor}' and {count} more"
    ),
    mark("its tensors are not those of its architecture: it has besides '{tensor}'"),
    mark(
        "its tensors are not those of its architecture: it has otherwise '{tensor}'"
        " and {count} more"
    ),
    mark("its tensors are not those of its architecture: it has otherwise '{tensor}'"),
    mark("its name {name} is not letters, digits, '.', '_', '-'"),
    mark("it is called {name} as the bundled prior is"),
    mark("it is not a dictionary of tensors"),
    mark("it holds more than tensors, which could do anything"),
    mark("not a whole PyTorch checkpoint"),
    mark("its tensors are not all of floating-point numbers"),
    mark("none of the networks known here: {networks}"),
    mark("{file} beside it is no SHA-256"),
    mark("its SHA-256 is {sha256}"),
    mark("it has more than {bytes} bytes"),
    mark("the connection was cut"),
    mark("what the server has is {size} bytes, not {published}"),
    mark("the server says {answer}"),
    mark("not stated in its file"),
    mark("ADM, a U-Net with attention, {count} M parameters (Dhariwal and Nichol 2021)"),
    mark("ImageNet at 256x256, without its classes"),
    mark("538 freely licensed photographs, see the model card"),
)
_SETTINGS = (
    mark("steps"),
    mark("samples"),
    mark("start"),
    mark("start factor"),
    mark("end factor"),
    mark("temperature"),
    mark("momentum"),
    mark("error factor"),
    mark("seed"),
    mark("sharpness"),
    mark("quality"),
    mark("sampling"),
    mark("grid"),
    mark("grid left"),
    mark("grid top"),
    mark("region"),
    mark("JPEG quality"),
    mark("bits per channel"),
    mark("A file with the source's own tables"),
    mark("of pixels"),
    mark("of assumed levels"),
    mark("of estimated levels"),
    mark("of a region"),
    mark("a turned picture"),
    mark("a .jpg name"),
    mark("a JPEG's own levels"),
    mark("the whole picture"),
    mark("pixels as they are stored"),
    mark("0 where no sample was kept"),
    mark("a rectangle inside the {size} pixels"),
    mark("the file's own, for a JPEG"),
    mark("only together with a quality factor"),
    mark("template"),
    mark("names that no source has"),
    mark("text with blanks such as {{stem}}"),
    mark("text with the blanks {blanks}"),
    mark("names without {letter}, with / between folders"),
    mark("names inside the target folder, none of them empty or with a dot in front"),
    mark("names of at most {count} letters"),
    mark("names that every system takes"),
    mark("report"),
    mark("a name that ends in {endings}"),
    mark("0,0 for a damaged file"),
    mark("custom, near {factor}"),
    mark("smaller windows"),
    mark("fewer samples at once"),
    mark("the CPU"),
)
_NOTES = (
    mark("{differing} of {total} levels are not the file's own"),
    mark("An RGB JPEG holds no density."),
    mark("{format} holds no colour profile."),
    mark("{format} holds no damaged EXIF."),
    mark("{format} holds no extended XMP."),
    mark("{format} holds no comments with zero bytes."),
    mark("{format} holds no comments besides one description in ASCII."),
    mark("{format} holds no comments."),
    mark("{format} holds no density."),
    mark("{format} holds no other JPEG segments ({segments})."),
    mark("{format} holds no {block}."),
    mark("The XMP packet is damaged: the record of this run could not be added."),
    mark("The XMP packet was left out: it may hold a place that cannot be removed."),
    mark("The extended XMP packet was left out: it names a place."),
    mark("The Photoshop resources were left out: they hold a copy of EXIF or XMP."),
    mark("A comment was left out: it names a place."),
    mark("Segments of unknown meaning were left out: they may hold a place."),
    mark("The EXIF block is damaged: it was left out, for it may hold a place."),
    mark("The EXIF block is damaged: it still turns the picture."),
    mark("The EXIF block is damaged: its thumbnail still shows the source."),
    mark("The EXIF block is damaged: it names no program."),
    mark("The extended XMP packet is in parts too large for a JPEG."),
    mark("The EXIF block is too large for a JPEG."),
    mark("A comment is too large for a JPEG."),
    mark("A segment is too large for a JPEG."),
    mark("The XMP packet has no room for the record of this run in a JPEG."),
    mark("The XMP packet is too large for a JPEG."),
    mark("The color profile is too large for a JPEG."),
    mark("The EXIF block is too large for a JPEG: its largest entries were left out."),
    mark("The EXIF block has no room for a thumbnail of the result."),
    mark("The EXIF block has no room for the program's name."),
    mark("The color profile was left out: it does not describe a picture."),
    mark("The color profile was left out: it is for {profile}, the picture is {picture}."),
    mark("The gray profile became an RGB one with its curve: {format} has no gray."),
    mark("The gray profile was left out: it has no curve, and {format} has no gray."),
    mark("The RGB profile became a gray one with its curve: a gray {format} takes no other."),
    mark("The RGB profile was left out: a gray {format} takes none."),
    mark("The result holds the first of the pictures in the file (MPF)."),
)
_COLOR_SPACES = (
    mark("uncalibrated"),
    mark("not stated"),
    mark("a profile without a name"),
)
_GENERAL = (mark("{colour} colour"), mark("{low} to {high}"))
_PHRASES = (*_DAMAGE, *_CODING, *_SYSTEM, *_PRIORS, *_SETTINGS, *_NOTES, *_COLOR_SPACES, *_GENERAL)

_NUMBER = re.compile(r"-?\d[\d,]*(\.\d+)?")


def core_words(phrase: str) -> str:
    """A phrase of the core in the language of the program; as it is where it is none of these."""
    for template in _PHRASES:
        found = _pattern(template).fullmatch(phrase)
        if found is not None:
            return tr(template).format(**{k: _fact(v) for k, v in found.groupdict().items()})
    return phrase


def reason_words(reason: str) -> str:
    """The system's words for what failed, for the middle of a sentence."""
    known = reason[:1].lower() + reason[1:]
    return core_words(known)


def _fact(text: str) -> str:
    return figures(text) if _NUMBER.fullmatch(text) else text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = []
    for literal, blank, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if blank is not None:
            parts.append(f"(?P<{blank}>.+?)")
    return re.compile("".join(parts), re.DOTALL)
