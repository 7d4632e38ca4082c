"""JPEG artifact removal with a diffusion prior, without a graphical interface.

Importing this package imports no other library, so that reading a header never waits for torch.
Entry points: `jpeg.read.read_jpeg`, `prior.checkpoint.load_prior`,
`restoration.run.create_jpeg_run`, `restoration.restore.restore`.
"""

from ddrm_core.program import PROGRAM_NAME, __version__

__all__ = ["PROGRAM_NAME", "__version__"]
