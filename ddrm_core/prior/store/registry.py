"""Published priors: too large for the installation, downloaded on request."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ddrm_core.messages import tr_noop
from ddrm_core.sampler.schedule import TIMESTEP_COUNT, sigma_at


@dataclass(frozen=True, slots=True)
class PublishedPrior:
    """A prior of other authors that the program can download and convert.

    Attributes:
        name: Name after the import.
        architecture: Description of the network.
        training_resolution: Side of the training images in pixels; None for a network of all sizes.
        size_multiple: Number of pixels of which both sides of the network's input are multiples.
        relative_cost: Operations per pixel, divided by those of FFDNet.
        sigma_range: Lowest and highest noise level of the training, network units.
        training_data: Description of the training data.
        license: License of the weights.
        info_url: URL of a page about the prior.
        download_url: URL of the file.
        size_bytes: Size of the file in bytes.
        sha256: SHA-256 of the file, in hexadecimal.
    """

    name: str
    architecture: str
    training_resolution: int | None
    size_multiple: int
    relative_cost: float
    sigma_range: tuple[float, float]
    training_data: str
    license: str
    info_url: str
    download_url: str
    size_bytes: int
    sha256: str

    @property
    def file_name(self) -> str:
        """File name in the download URL."""
        return urlsplit(self.download_url).path.rpartition("/")[2]


PUBLISHED_PRIORS = (
    PublishedPrior(
        name="adm-256",
        architecture=tr_noop(
            "ADM, a U-Net with attention, 552.8 M parameters (Dhariwal and Nichol 2021)"
        ),
        training_resolution=256,
        size_multiple=32,
        relative_cost=77.0,
        sigma_range=(sigma_at(0), sigma_at(TIMESTEP_COUNT - 1)),
        training_data=tr_noop("ImageNet at 256x256, without its classes"),
        license="MIT",
        info_url="https://github.com/openai/guided-diffusion",
        download_url="https://openaipublic.blob.core.windows.net/diffusion/jul-2021/"
        "256x256_diffusion_uncond.pt",
        size_bytes=2_211_383_297,
        sha256="a37c32fffd316cd494cf3f35b339936debdc1576dad13fe57c42399a5dbc78b1",
    ),
    PublishedPrior(
        name="drunet-color",
        architecture=tr_noop(
            "DRUNet, a U-Net of residual blocks, 32.6 M parameters (Zhang et al. 2021)"
        ),
        training_resolution=None,
        size_multiple=8,
        relative_cost=10.8,
        # 1 to 50 gray levels, as in `architectures.drunet`, which would load torch.
        sigma_range=(1 / 127.5, 50 / 127.5),
        training_data=tr_noop("8,694 photographs of BSD, Waterloo, DIV2K and Flickr2K"),
        license="MIT",
        info_url="https://github.com/cszn/KAIR",
        download_url="https://github.com/cszn/KAIR/releases/download/v1.0/drunet_color.pth",
        size_bytes=130_579_305,
        sha256="479abe3c5327dfd10ff54a80ec7d4098ca80752a5c9492cdff31cee430bec4b4",
    ),
)
