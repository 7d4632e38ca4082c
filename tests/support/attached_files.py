"""JPEGs with data behind their image, with what a reader of the formats finds there."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import imagecodecs
import numpy as np

from tests.support.attachment_parts import (
    APP1,
    APP2,
    DISPARITY,
    ISO_GAIN_MAP,
    MOTION,
    MPF_PREFIX,
    PHOTOS,
    PREVIEW,
    UNDEFINED,
    apple_image,
    assemble,
    container_xmp,
    dynamic_depth_xmp,
    located_jpeg,
    mark,
    marked_jpeg,
    micro_video_xmp,
    mp4,
    png,
    samsung_trailer,
    xmp_gain_map,
)
from tests.support.jpeg_variants import segment
from tests.support.metadata_blocks import RDF, packet


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A JPEG with the attachments that a reader of the formats finds in it.

    Attributes:
        make: Function that makes the file.
        kinds: Kinds of the attachments, in file order.
        unrecognized_bytes: Number of bytes behind the image that belong to no attachment.
    """

    make: Callable[[], bytes]
    kinds: tuple[str, ...] = ()
    unrecognized_bytes: int = 0


def ultra_hdr(*parts: bytes, items: Sequence[tuple[str, str, int]] = (), motion: str = "") -> bytes:
    """Return an Ultra HDR file whose gain map is described by XMP, followed by other parts."""
    gain_map = xmp_gain_map()
    xmp = container_xmp(
        [("GainMap", "image/jpeg", len(gain_map)), *items],
        properties=f'hdrgm:Version="1.0" {motion}',
    )
    return assemble([gain_map, *parts], xmp=xmp, mpf_types=[UNDEFINED])


def iso_ultra_hdr() -> bytes:
    """Return an Ultra HDR file that libultrahdr wrote, with ISO 21496-1 metadata."""
    y, x = np.mgrid[:32, :48] / 48.0
    pixels = np.dstack([4 * x, 4 * y, 4 * x * y, np.ones_like(x)]).astype(np.float16)
    encoded: bytes = imagecodecs.ultrahdr_encode(pixels, 90)
    return encoded


def motion_photo(
    video: bytes,
    behind: bytes = b"",
    before: bytes = b"",
    *,
    padding: int | None = 0,
    more: int = 0,
) -> bytes:
    """Return a motion photo with bytes before and behind its video.

    Args:
        video: The video.
        behind: Bytes behind the video.
        before: Bytes between the image and the video.
        padding: Padding of the image's own item, None to state none.
        more: Number by which the stated length exceeds the video's.
    """
    items = [("MotionPhoto", "video/mp4", len(video) + more)]
    xmp = container_xmp(items, properties=MOTION, padding=padding)
    return assemble([before, video, behind], xmp=xmp)


def samsung_motion_photo() -> bytes:
    """Return a motion photo whose container points into Samsung's trailer, up to its end."""
    trailer = samsung_trailer({"MotionPhoto_Data": mp4(), "Image_UTC_Data": b"1489152430"})
    start = trailer.index(b"MotionPhoto_Data") + 16
    xmp = container_xmp(
        [("MotionPhoto", "video/mp4", len(trailer) - start)], properties=MOTION, padding=start
    )
    return assemble([trailer], xmp=xmp)


def extended_depth() -> bytes:
    """Return a JPEG with a depth map and its original in extended XMP (Depthmap Metadata)."""
    content = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description'
        f' xmlns:GDepth="{PHOTOS}/depthmap/" xmlns:GImage="{PHOTOS}/image/"'
        f' GDepth:Data="{mark("depth").decode()}"'
        f' GImage:Data="{mark("original").decode()}"/></rdf:RDF></x:xmpmeta>'
    ).encode()
    guid = hashlib.md5(content, usedforsecurity=False).hexdigest().upper()
    xmp = packet(
        f'xmlns:GDepth="{PHOTOS}/depthmap/" xmlns:GImage="{PHOTOS}/image/"\n'
        '    xmlns:xmpNote="http://ns.adobe.com/xmp/note/" GDepth:Format="RangeInverse"'
        f' GImage:Mime="image/jpeg" xmpNote:HasExtendedXMP="{guid}"/>'
    )
    name = b"http://ns.adobe.com/xmp/extension/\0" + guid.encode()
    extension = segment(APP1, name + struct.pack(">II", len(content), 0) + content)
    return assemble(xmp=xmp, segments=[extension])


def _depth_file(depth: bytes, mime: str) -> bytes:
    return assemble([depth], xmp=dynamic_depth_xmp(len(depth), mime))


def _shifted_mpf(shift: int) -> bytes:
    """Return a stereo pair whose index states an offset that is wrong by `shift`."""
    data = bytearray(assemble([marked_jpeg("right eye")], mpf_types=[DISPARITY]))
    place = data.index(MPF_PREFIX) + len(MPF_PREFIX) + 8 + 2 + 36 + 4 + 16 + 8
    (offset,) = struct.unpack_from(">I", data, place)
    struct.pack_into(">I", data, place, (offset + shift) & 0xFFFFFFFF)
    return bytes(data)


def _overlapping_samsung_trailer() -> bytes:
    trailer = bytearray(samsung_trailer({"One": mark("one"), "Two": mark("two")}))
    rows = trailer.index(b"SEFH") + 12
    trailer[rows + 12 : rows + 24] = trailer[rows : rows + 12]
    return bytes(trailer)


_RIGHT, _SMALL = marked_jpeg("right eye"), marked_jpeg("preview")
_VIDEO, _UNKNOWN = mp4(), b"PK\3\4" + mark("archive") + bytes(100)
_UTC = samsung_trailer({"Image_UTC_Data": b"1489152430" + mark("time")})

FILES: dict[str, AttachedFile] = {
    "stereo pair": AttachedFile(lambda: assemble([_RIGHT], mpf_types=[DISPARITY]), ("image",)),
    "previews, little-endian, with identifiers": AttachedFile(
        lambda: assemble(
            [_SMALL, _RIGHT], mpf_types=[PREVIEW, PREVIEW + 1], order="<", identifiers=True
        ),
        ("preview", "preview"),
    ),
    "an index in another order than the file": AttachedFile(
        lambda: assemble([_SMALL, _RIGHT], mpf_types=[DISPARITY, PREVIEW], mpf_parts=[1, 0]),
        ("preview", "image"),
    ),
    "Ultra HDR by XMP": AttachedFile(ultra_hdr, ("gain_map",)),
    "Ultra HDR by ISO 21496-1": AttachedFile(iso_ultra_hdr, ("gain_map",)),
    "Ultra HDR with a video": AttachedFile(
        lambda: ultra_hdr(_VIDEO, items=[("MotionPhoto", "video/mp4", len(_VIDEO))], motion=MOTION),
        ("gain_map", "video"),
    ),
    "Ultra HDR with Samsung's trailer": AttachedFile(
        lambda: ultra_hdr(_UTC), ("gain_map", "samsung_trailer")
    ),
    "Ultra HDR with unknown bytes": AttachedFile(
        lambda: ultra_hdr(_UNKNOWN), ("gain_map",), len(_UNKNOWN)
    ),
    "motion photo": AttachedFile(lambda: motion_photo(_VIDEO), ("video",)),
    "motion photo, properties as elements": AttachedFile(
        lambda: assemble(
            [_VIDEO],
            xmp=container_xmp(
                [("MotionPhoto", "video/mp4", len(_VIDEO))], properties=MOTION, as_elements=True
            ),
        ),
        ("video",),
    ),
    "motion photo with padding": AttachedFile(
        lambda: motion_photo(_VIDEO, before=bytes(24), padding=24), ("video",), 24
    ),
    "motion photo counted from the end": AttachedFile(
        lambda: motion_photo(_VIDEO, before=_UNKNOWN, padding=None), ("video",), len(_UNKNOWN)
    ),
    "motion photo with bytes that its length counts": AttachedFile(
        lambda: motion_photo(_VIDEO, behind=_UNKNOWN, more=len(_UNKNOWN)),
        ("video",),
        len(_UNKNOWN),
    ),
    "motion photo with Samsung's time": AttachedFile(
        lambda: motion_photo(_VIDEO, behind=_UTC), ("video", "samsung_trailer")
    ),
    "micro video": AttachedFile(
        lambda: assemble([_VIDEO], xmp=micro_video_xmp(len(_VIDEO))), ("video",)
    ),
    "micro video with Samsung's time": AttachedFile(
        lambda: assemble([_VIDEO, _UTC], xmp=micro_video_xmp(len(_VIDEO) + len(_UTC))),
        ("video", "samsung_trailer"),
    ),
    "Samsung's trailer": AttachedFile(
        lambda: assemble([samsung_trailer({"Image_UTC_Data": b"1", "MotionPhoto_Data": _VIDEO})]),
        ("samsung_trailer",),
    ),
    "Samsung's motion photo": AttachedFile(samsung_motion_photo, ("samsung_trailer",)),
    "Samsung's depth map": AttachedFile(
        lambda: assemble([samsung_trailer({"DualShot_DepthMap_1": mark("depth")})]),
        ("samsung_trailer",),
    ),
    "dynamic depth": AttachedFile(
        lambda: _depth_file(marked_jpeg("depth"), "image/jpeg"), ("depth_map",)
    ),
    "dynamic depth as PNG": AttachedFile(
        lambda: _depth_file(png("depth"), "image/png"), ("depth_map",)
    ),
    "Apple's gain map": AttachedFile(
        lambda: assemble([apple_image("hdrgainmap")], mpf_types=[UNDEFINED]), ("gain_map",)
    ),
    "Apple's matte": AttachedFile(
        lambda: assemble([apple_image("portraiteffectsmatte")], mpf_types=[UNDEFINED]),
        ("depth_map",),
    ),
    "further picture with coordinates": AttachedFile(
        lambda: assemble([located_jpeg("right eye")], mpf_types=[DISPARITY]), ("image",)
    ),
    "further picture with damaged EXIF": AttachedFile(
        lambda: assemble(
            [located_jpeg("right eye", exif_block=b"II*\0\xff\xff\xff\xff")], mpf_types=[DISPARITY]
        ),
        ("image",),
    ),
    "depth map in extended XMP": AttachedFile(extended_depth),
    "a video without metadata": AttachedFile(lambda: assemble([_VIDEO]), (), len(_VIDEO)),
    "a picture without metadata": AttachedFile(lambda: assemble([_RIGHT]), (), len(_RIGHT)),
    "an archive": AttachedFile(lambda: assemble([_UNKNOWN]), (), len(_UNKNOWN)),
    "metadata of a gain map and a video that are gone": AttachedFile(
        lambda: assemble(
            xmp=container_xmp(
                [("GainMap", "image/jpeg", 1000), ("MotionPhoto", "video/mp4", 2000)],
                properties=f'hdrgm:Version="1.0" {MOTION}',
            ),
            segments=[segment(APP2, ISO_GAIN_MAP + bytes(4))],
        )
    ),
    "a video that is cut off": AttachedFile(
        lambda: motion_photo(_VIDEO)[:-100], (), len(_VIDEO) - 100
    ),
    "a gain map that is cut off": AttachedFile(
        lambda: ultra_hdr()[:-100], (), len(xmp_gain_map()) - 100
    ),
    "an index past the end": AttachedFile(lambda: _shifted_mpf(100_000), (), len(_RIGHT)),
    "an index into the picture": AttachedFile(lambda: _shifted_mpf(-300), (), len(_RIGHT)),
    "an index with a negative offset": AttachedFile(
        lambda: _shifted_mpf(-1_000_000), (), len(_RIGHT)
    ),
    "an index that lists a picture twice": AttachedFile(
        lambda: assemble([_RIGHT], mpf_types=[DISPARITY, DISPARITY], mpf_parts=[0, 0]), ("image",)
    ),
    "lengths past the end": AttachedFile(lambda: motion_photo(_VIDEO, more=10**9), (), len(_VIDEO)),
    "Samsung's trailer with overlapping entries": AttachedFile(
        lambda: assemble([_overlapping_samsung_trailer()]), (), len(_overlapping_samsung_trailer())
    ),
    "Samsung's trailer that is cut off": AttachedFile(
        lambda: assemble([_UTC[10:]]), (), len(_UTC) - 10
    ),
}
