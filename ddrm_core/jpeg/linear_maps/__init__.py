"""The linear maps of an encoder before quantization: color, subsampling and the DCT."""
