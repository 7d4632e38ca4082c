"""The DDRM sampler with its settings, independent of JPEG and of networks."""
