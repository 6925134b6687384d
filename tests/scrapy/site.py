"""A small news site on loopback: a front page, stories in two charsets, a picture, a page of any size."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEADLINES = {
    "/news/lantern": "The lantern on the pier is lit again",
    "/news/fishery": "Рыбаки вернулись с богатым уловом",
    "/news/library": "Library boat adds two islands to its round",
}
SENTENCES = (
    "It had stood dark since the storm of last autumn, and few believed that it would ever be mended.",
    "On Saturday evening the keeper climbed the ladder with a box of tools and forty people below him.",
    "The council had set money aside in spring, but the parts came from a yard that no longer exists.",
    "Children were allowed to stay up until the beam had gone round the bay three times.",
)
RUSSIAN = (
    "Лодки подошли к причалу на рассвете, когда туман ещё не рассеялся над заливом и было тихо.",
    "Капитан сказал, что такой погоды не помнят даже те, кто выходит в море больше тридцати лет.",
    "Улов приняли на берегу, взвесили и отправили в город двумя грузовиками ещё до полудня.",
    "Вечером на площади накрыли столы, и каждый мог попробовать уху, сваренную в большом котле.",
)


def story(path: str) -> str:
    """A page with one story on it."""
    sentences = RUSSIAN if path == "/news/fishery" else SENTENCES
    body = "".join(f"<p>{sentence} {sentences[-n]}</p>" for n, sentence in enumerate(sentences))
    return (
        f"<!doctype html><html><head><title>{HEADLINES[path]}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>{HEADLINES[path]}</h1><p class='byline'>By Mara Voss</p>{body}</article></main>"
    )


PAGES = {
    "/news/lantern": (story("/news/lantern").encode(), "text/html; charset=utf-8", ""),
    "/news/fishery": (story("/news/fishery").encode("windows-1251"), "text/html; charset=windows-1251", ""),
    "/news/library": (story("/news/library").encode(), "text/html; charset=utf-8", "gzip"),
    "/pier.png": (b"\x89PNG no picture", "image/png", ""),
}


class _Handler(BaseHTTPRequestHandler):
    large = 0
    asked: Callable[[str], None]

    def do_GET(self) -> None:
        type(self).asked(self.path)
        body, kind, coding = PAGES.get(self.path, (b"", "text/html; charset=utf-8", ""))
        if self.path == "/":
            links = [*PAGES, *(["/large"] if self.large else [])]
            body = "".join(f"<a href='{path}'>{path}</a>" for path in links).encode()
        elif self.path == "/large":
            body = b"<p>" + b"x" * self.large
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        if coding:
            self.send_header("Content-Encoding", coding)
            body = gzip.compress(body)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def site(large: int = 0, asked: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """The site's address while it lasts. `large`: bytes of one more page; `asked` is called with each path."""
    handler = type("Handler", (_Handler,), {"large": large, "asked": staticmethod(asked)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
