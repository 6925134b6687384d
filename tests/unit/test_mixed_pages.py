"""Pages made for training: a story set into another's page, or cut short, is read as any page is."""

import random
from dataclasses import replace

import pytest
from training.tree_mix import Story, mixed, shortened, slim

from broadsheet.html.body.scores import lexicon
from broadsheet.html.scan.elements import element_arrays
from broadsheet.html.scan.tree import Tree, scan
from broadsheet.html.split.features import rows


def story(name: str) -> Story:
    told = "".join(
        f"<p>{name} number {n} came up the hill with a lantern, a rope and a letter for the keeper.</p>"
        for n in range(12)
    )
    tree = slim(
        scan(f"<body><nav><a href='/'>Home</a></nav><main><article><h1>{name}</h1>{told}</article></main></body>")
    )
    return Story(name, name, "set", tree, tuple("number" in block.text for block in tree.blocks), name)


def read(tree: Tree) -> int:
    return len(rows(tree, element_arrays(tree, lexicon())).blocks)


@pytest.mark.parametrize("seed", range(4))
def test_a_mixed_page_is_read(seed: int) -> None:
    made = mixed(story("Ferry"), [story("Harvest"), story("Comet")], random.Random(seed))
    assert made is not None
    assert len(made.starts) == 2
    assert all(made.tree.blocks[start - 1 : start + 1] for start in made.starts)
    assert read(made.tree) > 0


def test_a_shortened_page_is_read() -> None:
    short = shortened(story("Ferry"), 60.0)
    assert 0 < sum(short.body) < 12
    assert read(replace(short.tree)) >= 0
