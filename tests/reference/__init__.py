"""What the compiled modules do, in short Python: oracles that property tests compare them with."""
