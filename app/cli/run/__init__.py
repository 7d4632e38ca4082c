"""Execution of a run, with its expected time, its dry run and the files that it writes."""
