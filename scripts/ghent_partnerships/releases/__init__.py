"""What was published, and what differs between two versions."""
