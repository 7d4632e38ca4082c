"""What a file says besides its picture: kept, edited where it must be, and put into results."""
