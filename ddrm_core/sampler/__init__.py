"""DDRM as a generator of steps. Knows the protocols in `contracts`, not JPEG and not networks."""
