"""What a worker and the server of its children say to each other, by messages of a fixed size."""

import struct

ORDER = struct.Struct("<BI")
"""To the server: what, and the child's token (its number in this worker). BEAR brings two descriptors with it: where
the child reads pages, and where it writes answers."""

TOLD = struct.Struct("<BIi")
"""From the server: what, the child's token, and its process id or exit code (below 0: the signal it died of)."""

BEAR, KILL = 1, 2
BORN, DIED = 3, 4
