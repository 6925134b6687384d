"""Which page of several a page of HTML is."""

import pytest

from broadsheet.html.body.pager import NEAR, page_in_pager
from broadsheet.html.scan.tree import scan

PROSE = "<p>The ferry runs again from Monday.</p>"


def found(pager: str, *, far: int = 0) -> tuple[int, int] | None:
    tree = scan(f"<main><article>{PROSE * 3}</article>{'<p>A line</p>' * far}{pager}</main>")
    return page_in_pager(tree, 0, 2)


@pytest.mark.parametrize(
    ("pager", "mark"),
    [
        ('<nav class="pagination">Page 2 of 5 <a href="?p=1">1</a> <a href="?p=3">Next</a></nav>', (2, 5)),
        ('<div id="pager"><span>Seite 1 von 3</span></div>', (1, 3)),
        ('<ul class="page-numbers"><li>第2页，共5页</li><li>3</li></ul>', (2, 5)),
        ('<div class="paging"><p>2 of 5</p></div>', (2, 5)),
        ('<div class="paging"><p>2 / 5</p></div>', None),
        ('<div class="gallery"><p>Photo 2 of 5</p></div>', None),
        ('<div class="pagination">Page 7 of 5</div>', None),
        ('<div class="pagination">Page 2 of 5</div><div class="pagination">Page 3 of 5</div>', None),
        ('<div class="pagination">Page 2 of 5</div><div class="pagination">Page 2 of 5</div>', (2, 5)),
        ('<div class="pagination">Older posts</div>', None),
    ],
)
def test_a_pager_says_which_page_it_is(pager: str, mark: tuple[int, int] | None) -> None:
    assert found(pager) == mark


def test_a_pager_far_from_the_story_is_of_something_else() -> None:
    pager = '<nav class="pagination">Page 2 of 5</nav>'
    assert found(pager, far=NEAR - 1) == (2, 5)
    assert found(pager, far=NEAR) is None
