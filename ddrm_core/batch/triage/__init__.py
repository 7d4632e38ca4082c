"""Triage of files: facts about each file, before any file is restored, and reports of them."""
