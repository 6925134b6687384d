"""Labels for training: which blocks are true text, by what they share with the truth."""

from training.labels import block_labels, words

TRUTH = "The ferry was late again today.\n\nIts captain blames the cold mornings.\n\nA vote follows on Thursday."


def test_blocks_of_the_truth_are_true_and_others_are_not() -> None:
    blocks = [
        "Home News Weather",
        "The ferry was late again today.",
        "Read also: fish prices rise",
        "Its captain blames the cold mornings.",
        "A vote follows on Thursday.",
        "The ferry",
        "All rights reserved",
    ]
    labels, shares = block_labels(blocks, TRUTH)
    assert labels == [False, True, False, True, True, False, False]
    assert shares[1] == 1.0


def test_words_that_match_only_here_and_there_do_not_count() -> None:
    labels, _ = block_labels(["late the captain a follows mornings the on again"], TRUTH)
    assert labels == [False]


def test_nothing_is_true_where_there_is_no_truth() -> None:
    labels, shares = block_labels(["Some words stand here."], "")
    assert (labels, shares) == ([False], [0.0])


def test_words_are_folded_and_unspaced_scripts_count_by_character() -> None:
    assert words("Café, ＦＵＬＬ") == ["café", "full"]
    assert words("港は") == ["港", "は"]
