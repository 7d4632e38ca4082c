"""Services of the desktop and the operating system: power source, sleep, notices, priority."""
