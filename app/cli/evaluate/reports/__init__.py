"""The report files of an evaluation: tables, a plot and triptychs."""
