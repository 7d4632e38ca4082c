"""View model of the images in the folder of the open file."""
