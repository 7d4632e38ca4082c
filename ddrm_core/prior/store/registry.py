"""Priors that others published: too large to bring along, and fetched when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ddrm_core.sampler.schedule import TIMESTEPS, sigma_at


@dataclass(frozen=True, slots=True)
class PublishedPrior:
    """What is known of a published prior before its file is here.

    Attributes:
        name: What it is called once it has been imported.
        architecture: The network, in words.
        resolution: Sides of the pictures it was trained on, in pixels.
        size_multiple: What both sides of its input must be multiples of.
        sigma_range: The noise levels it was trained for, network units.
        training_data: In words.
        licence: Of the weights.
        origin: The page that describes it.
        url: The file.
        bytes: Its size.
        sha256: Of the file, in hexadecimal.
    """

    name: str
    architecture: str
    resolution: int
    size_multiple: int
    sigma_range: tuple[float, float]
    training_data: str
    licence: str
    origin: str
    url: str
    bytes: int
    sha256: str

    @property
    def file_name(self) -> str:
        """What the file is called where it is published."""
        return urlsplit(self.url).path.rpartition("/")[2]


PUBLISHED = (
    PublishedPrior(
        name="adm-256",
        architecture="ADM, a U-Net with attention, 552.8 M parameters (Dhariwal and Nichol 2021)",
        resolution=256,
        size_multiple=32,
        sigma_range=(sigma_at(0), sigma_at(TIMESTEPS - 1)),
        training_data="ImageNet at 256x256, without its classes",
        licence="MIT",
        origin="https://github.com/openai/guided-diffusion",
        url="https://openaipublic.blob.core.windows.net/diffusion/jul-2021/"
        "256x256_diffusion_uncond.pt",
        bytes=2_211_383_297,
        sha256="a37c32fffd316cd494cf3f35b339936debdc1576dad13fe57c42399a5dbc78b1",
    ),
)
