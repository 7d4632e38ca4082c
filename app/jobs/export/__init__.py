"""Jobs that save a result or prepare it for another program."""
