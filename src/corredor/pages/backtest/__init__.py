"""What a backtest leaves: its page and its files."""
