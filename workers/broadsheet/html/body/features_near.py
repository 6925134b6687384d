"""What stands before and after a block: its neighbours, the headings above it, how far it is into the page.

Windows before and after a block, quiet lines, and more of the neighbours' numbers were tried too: the trees did not
use them beside these.
"""

NEAR_NAMES = (
    "at-1_same", "at+1_same", "pos", "to_end", "good_before", "good_before_rel", "good_after_rel", "win3_ratio",
    "win8_ratio", "win20_before", "win20_after", "since_good", "since_h1", "until_h1", "since_head", "head_level",
    "head_words", "head_wording", "head_good", "from_first_h1",
)  # fmt: skip
"""Their columns, in order."""
