"""One repository: its files, its graph, its data set, its history in git."""
