"""Jobs for archived results."""
