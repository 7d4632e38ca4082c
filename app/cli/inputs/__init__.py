"""Inputs of commands that take several images, pipes, and the paths of their results."""
