"""The paper's evaluation: lossless pictures compressed, decoded in several ways, and measured."""
