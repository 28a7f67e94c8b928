"""The processes that answer queries."""
