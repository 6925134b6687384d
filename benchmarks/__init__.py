"""Measured quality, speed and memory."""
