"""DDRM as a generator of steps. Knows its own protocols, not JPEG and not networks."""
