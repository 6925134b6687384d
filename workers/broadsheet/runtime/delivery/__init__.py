"""From a partition to its outputs, whatever the work: assignment, order, transactions. It knows no pages' records."""
