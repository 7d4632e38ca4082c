"""The thumbnail strip of the folder of the open file, and its controller."""
