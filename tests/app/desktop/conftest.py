from tests.support.private_bus import bus_address, listener_bus  # noqa: F401
