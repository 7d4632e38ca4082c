"""Files that are installed with the program: translations, icons, sample image and priors."""
