"""What a benchmark leaves: its page and its files."""
