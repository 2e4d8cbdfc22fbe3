"""Published files as they are, each format in a file of its own."""
