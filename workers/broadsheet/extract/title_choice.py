"""The headline: what plain rules say, unless the title model is surer of another of the page's candidates."""

import numpy as np

from broadsheet.blocks.tree import Tree
from broadsheet.extract.boosted import load_model
from broadsheet.extract.metadata_jsonld import Described
from broadsheet.extract.metadata_title import Site, Title, rule_title
from broadsheet.extract.title_candidates import Candidate, title_candidates
from broadsheet.extract.title_features import title_rows

OVERRULED_BY = 0.6
"""Log odds by which a candidate must beat the rules' own. Tuned by cross-validation: at 0 WCXB loses 0.005, at 1.5
Fundus loses 0.01."""
_NAMES = (("h1", "h1"), ("og", "og:title"), ("json-ld", "json-ld"), ("title", "title-element"), ("twitter", "meta"))


def read_title(tree: Tree, described: Described, site: Site, url: str | None) -> Title:
    """The headline of a page's (first) article, with the source that gives it."""
    ruled = rule_title(tree, described, site, url)
    candidates = title_candidates(tree, described, site, ruled.text)
    if not candidates:
        return ruled
    chance = load_model("title").score(title_rows(candidates, tree, described, site, url))
    odds = np.log(chance / (1 - chance))
    best = int(np.argmax(odds))
    own = next((i for i, candidate in enumerate(candidates) if "rule" in candidate.sources), None)
    if own is not None and odds[best] - odds[own] <= OVERRULED_BY:
        return ruled
    return Title(candidates[best].text, _source(candidates[best]))


def _source(candidate: Candidate) -> str:
    """The strongest source that offers a candidate, under the name that provenance uses."""
    for start, name in _NAMES:
        if any(source.startswith(start) for source in candidate.sources):
            return name
    return "page"
