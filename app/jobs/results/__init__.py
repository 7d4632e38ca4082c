"""Results kept while another result is displayed."""
