"""The only place that touches the world: Kafka, processes, clocks, settings. Nothing in the core imports it."""
