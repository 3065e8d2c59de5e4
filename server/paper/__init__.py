"""Sheets and papers: the signed report as PDF and as lines, and which signs can be printed."""
