"""The engines of SHACL."""
