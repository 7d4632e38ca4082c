"""Attachments of a JPEG: further images, videos and vendors' trailers behind its image."""
