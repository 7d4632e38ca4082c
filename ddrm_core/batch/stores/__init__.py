"""Object stores as folders of images and of results: addresses, objects, manifest and plan."""
