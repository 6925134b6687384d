"""What the core reads once a process, read before the first page: else that page's CPU time tells of it (0.4 s)."""

from importlib import resources

from broadsheet.dump.scores import default_model as lines_model
from broadsheet.dump.split.cuts import default_model as dump_model
from broadsheet.enrich.language import identifier
from broadsheet.html.body.scores import lexicon
from broadsheet.html.split.learned import default_model as tree_model
from broadsheet.models.trees import load_model


def load_all() -> None:
    """Read all models that come with the package. What a page gives does not depend on it."""
    for file in resources.files("broadsheet.models").iterdir():
        name = file.name
        if name.endswith(".npz"):
            load_model(name.removesuffix(".npz"))
    lexicon()
    tree_model()
    lines_model()
    dump_model()
    identifier()
