"""What is asked of a broker: how it is reached, and its topics."""
