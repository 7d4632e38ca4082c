"""Services of the desktop and the operating system: power source, sleep, notices, priority."""

NOTICE_ARGUMENT = "--show-notice"
"""First argument of the frozen program, which then shows the notice of the next two arguments."""
