"""Jobs behind the settings: presets, records of results, estimates of time and memory."""
