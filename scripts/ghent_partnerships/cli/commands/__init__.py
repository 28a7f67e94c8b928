"""One file a command, with its options and what may complete them: ``add`` describes it, ``run`` carries it out."""
