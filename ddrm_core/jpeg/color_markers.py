"""Color model of a JPEG from its markers and component identifiers, by libjpeg's rules.

Every viewer that decodes with libjpeg shows the image in this color model, also if the markers
contradict each other. Source: libjpeg-turbo, jdapimin.c (default_decompress_parms), and jdmarker.c
(examine_app0, examine_app14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ddrm_core.messages import tr_noop
from ddrm_core.metadata.segments import ADOBE_PREFIX, APP0, APP14, JFIF_PREFIX

GRAY = "grey"  # the reports and run records of 0.1.0 have this spelling
_GRAY_TEXT = tr_noop("gray")
_JFIF_BYTES = 14  # a JFIF segment without its thumbnail; libjpeg ignores shorter ones
_ADOBE_BYTES = 12
_RGB_IDENTIFIERS = (*b"RGB",)


@dataclass(frozen=True, slots=True)
class ColorMarkers:
    """The marker segments before the first scan that determine the color model.

    Attributes:
        has_jfif: Whether a complete JFIF segment is present.
        adobe_transform: Color transform of the last complete Adobe segment; None without one.
    """

    has_jfif: bool = False
    adobe_transform: int | None = None

    def with_segment(self, marker: int, payload: bytes) -> ColorMarkers:
        """Return the markers after one more segment, which may be of any kind."""
        if marker == APP0 and payload.startswith(JFIF_PREFIX) and len(payload) >= _JFIF_BYTES:
            return replace(self, has_jfif=True)
        if marker == APP14 and payload.startswith(ADOBE_PREFIX) and len(payload) >= _ADOBE_BYTES:
            return replace(self, adobe_transform=payload[11])
        return self

    def find_color_model_name(self, component_ids: Sequence[int]) -> str:
        """Return the name of the color model for components with these identifiers.

        The name is "grey", "YCbCr", "RGB", "CMYK" or "YCCK". A number of components that has no
        color model gives a text such as "2 components".
        """
        match len(component_ids), self.adobe_transform:
            case 1, _:
                return GRAY
            case 3, _ if self.has_jfif:
                return "YCbCr"
            case 3, None:
                return "RGB" if tuple(component_ids) == _RGB_IDENTIFIERS else "YCbCr"
            case 3, 0:
                return "RGB"
            case 3, _:
                return "YCbCr"
            case 4, None | 0:
                return "CMYK"
            case 4, _:
                return "YCCK"
            case count, _:
                return f"{count} components"


def describe_color_model(name: str) -> str:
    """Return the translatable text of a color model's name, or of a chroma sampling's name.

    Only "grey", the name in reports and run records, is spelled otherwise for readers.
    """
    return _GRAY_TEXT if name == GRAY else name
