"""What is elsewhere, over HTTP."""
