"""The report as one page: drawn from files of results alone."""
