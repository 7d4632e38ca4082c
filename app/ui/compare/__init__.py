"""The compare view: panes, labels, overlays, loupe and its controller."""
