"""The paper's evaluation: lossless images are compressed, decoded by methods and measured."""
