"""How far reading has come, as a bar on stderr: by the bytes of the files, where their size is known."""

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn


def bar(console: Console, *, hidden: bool) -> Progress:
    """A bar that is gone at the end; none where nobody looks. A task has `pages` besides."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[pages]} pages"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=hidden or not console.is_terminal,
    )
