"""JPEG artifact removal with a diffusion prior, without a graphical interface.

Importing this package imports no other module, so that reading a header never waits for torch.
Entry points: `jpeg.read.read_jpeg`, `prior.checkpoint.load_prior`,
`restoration.run.create_jpeg_run`, `restoration.restore.restore`.
"""

PROGRAM_NAME = "DDRM Restore"
__version__ = "0.1.0"
