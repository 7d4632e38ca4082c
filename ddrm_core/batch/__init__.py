"""Whole folders of pictures: names, what is done already, one file after another, a report."""
