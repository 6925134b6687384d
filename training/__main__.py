"""All training in its order: `python -m training FOLDER_OF_PAGE_SETS`, as `make train` does it.

The page decision learns from what the block model makes of pages it has not seen, so it comes after that; the two
trainings over dumps share the dumps they label. The same code, packages and page sets give the same files.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path


def steps(folder: str, kept: Path) -> list[list[str]]:
    """The trainings in order: a module of this package and its arguments. `kept` is for what one hands to another."""
    scores, dumps = str(kept / "scores.pickle"), str(kept / "dumps.pickle")
    return [
        ["body", folder, "--scores", scores],
        ["page", folder, scores],
        ["fields", folder],
        ["tree", folder],
        ["dump", folder, "--pages", dumps],
        ["heads", folder, "--pages", dumps],
    ]


def main() -> None:
    """Command line. Ends at the first training that fails, with its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of page sets with truth")
    given = parser.parse_args()
    if not given.folder.is_dir():
        parser.error(f"no folder {given.folder}")
    with tempfile.TemporaryDirectory() as kept:
        for module, *arguments in steps(str(given.folder), Path(kept)):
            print(f"training {module} ...", flush=True)
            done = subprocess.run([sys.executable, "-m", f"training.{module}", *arguments], check=False)
            if done.returncode:
                sys.exit(done.returncode)


if __name__ == "__main__":
    main()
