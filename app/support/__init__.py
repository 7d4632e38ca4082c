"""Session log and anonymized diagnostics."""
