"""Pictures in pieces: integers that say where, and a denoiser made of windows."""
