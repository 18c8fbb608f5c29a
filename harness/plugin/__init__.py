"""Run by pytest: modules become cells; cells are run, judged and reported, on many workers."""
