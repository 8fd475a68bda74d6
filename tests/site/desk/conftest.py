"""A desk that answers in a thread, over a catalogue with two tables that wait, and a client that sends what it is told."""

from __future__ import annotations

import http.client
import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

import litdb
from litdb.catalogue.database.places import Place, make_working
from litdb.site.desk import DeskServer, open_desk

PAPER = """# FooNet: a network &lt;script&gt;alert(1)&lt;/script&gt;

Table 1: PESQ on VoiceBank+DEMAND

| Model | -5 dB | 0 dB |
|---|---|---|
| Noisy | 1.20 | 1.50 |
| Bar [1] | 2.01 | 2.31 |
| FooNet (Ours) | 2.11 | 2.51 |

## More

Table 2: STOI on VoiceBank+DEMAND

| Model | -5 dB | 0 dB |
|---|---|---|
| FooNet (Ours) | 0.91 | 0.92 |
"""


@dataclass
class Reply:
    """What the desk answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def form(self) -> str:
        found = re.search(r'name="form" value="([^"]+)"', self.text)
        return found[1] if found else ""

    @property
    def shown(self) -> str:
        found = re.search(r'name="shown" value="([^"]+)"', self.text)
        assert found
        return found[1]

    @property
    def readings(self) -> dict[str, str]:
        """Each reading as it is named, with its key."""
        found = re.findall(r'name="reading" value="([^"]+)" aria-label="reading \d+: ([^"]+)"', self.text)
        return {name: key for key, name in found}

    @property
    def tables(self) -> list[str]:
        return re.findall(r'<th scope="row"><a href="(/desk/table/[0-9a-f]+)">', self.text)


@dataclass
class Browser:
    """Sends requests as a browser that may have the cookie."""

    server: DeskServer
    cookie: str = ""
    origin: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """The number of a form that may be sent."""
        return self.get(self.get("/desk/").tables[0]).form

    @property
    def host(self) -> str:
        return self.server.guard.hosts[0]

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Reply:
        given = {"Host": self.host, **self.headers}
        if self.cookie:
            given["Cookie"] = self.cookie
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders(body.encode() if isinstance(body, str) else body)
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]], **headers: str) -> Reply:
        body = urlencode(fields, doseq=True)
        usual = {
            "Content_Type": "application/x-www-form-urlencoded",
            "Content_Length": str(len(body)),
            "Origin": f"http://{self.host}",
        }
        return self.ask("POST", path, body, **{**usual, **headers})

    def enter(self) -> Browser:
        reply = self.get("/desk/?token=" + self.server.guard.token)
        assert reply.status == 200
        self.cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return self


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a catalogue of eight proposed readings in two tables."""
    home = tmp_path_factory.mktemp("desk") / "home"
    home.mkdir()
    (home / "paper.md").write_text(PAPER, encoding="utf-8")
    make_working(home / "mine.db", empty=True).close()
    with pytest.MonkeyPatch.context() as patch, litdb.Catalogue(Place(str(home / "mine.db"), False)) as made:
        patch.setenv("LITDB_HOME", str(home))
        made.ingest(home / "paper.md", arxiv="2501.00001v1")
        assert made.review().readings == 8
    return home


@pytest.fixture
def waiting(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[litdb.Catalogue]:
    """That catalogue, open, in a home of the test's own."""
    shutil.copytree(prepared, tmp_path / "home")
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LITDB_USER", "tester")
    with litdb.Catalogue(Place(str(tmp_path / "home" / "mine.db"), False)) as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A built site, and a secret beside it."""
    folder = tmp_path / "site"
    (folder / "models").mkdir(parents=True)
    (folder / "index.html").write_text("<title>the site</title>", encoding="utf-8")
    (folder / "models" / "index.html").write_text("all models", encoding="utf-8")
    (folder / "app.js").write_text("let a = 1", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("hidden", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("the secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def server(waiting: litdb.Catalogue, site: Path) -> Iterator[DeskServer]:
    """The desk and the site, answering."""
    opened = open_desk(waiting, site)
    thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield opened
    opened.shutdown()
    thread.join()
    opened.end()


@pytest.fixture
def stranger(server: DeskServer) -> Browser:
    """A browser without the cookie."""
    return Browser(server)


@pytest.fixture
def browser(server: DeskServer) -> Browser:
    """The browser that opened the printed address."""
    return Browser(server).enter()
