"""What the core reads once a process, read before the first page: else that page's CPU time tells of it (0.4 s)."""

from broadsheet.dump.scores import default_model as lines_model
from broadsheet.dump.split.cuts import default_model as dump_model
from broadsheet.enrich.classifier import classifier
from broadsheet.html.authors.choice import author_model
from broadsheet.html.body.scores import body_model, lexicon
from broadsheet.html.refuse.decision import page_model
from broadsheet.html.split.learned import default_model as tree_model
from broadsheet.html.title.choice import title_model

MODELS = (body_model, lexicon, page_model, title_model, author_model, tree_model, lines_model, dump_model, classifier)
"""Each reads its part of the learned files and keeps it. A model that was trained on other columns is refused here."""


def load_all() -> None:
    """Read all models that come with the package. What a page gives does not depend on it."""
    for read in MODELS:
        read()
