"""What ``init`` writes: the files of a new project. Values in, files out."""
