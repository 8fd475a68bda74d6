"""The desk refuses whoever has no token, names another host, or sends from elsewhere; nothing is changed by them."""

from __future__ import annotations

import socket
import time

import pytest

import litdb
from litdb.errors import InputError, UsageError
from litdb.site.desk import DeskServer, open_desk
from litdb.site.desk.guard import MOST_BYTES, Guard
from tests.site.desk.conftest import Browser, Reply


def raw(server: DeskServer, text: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        connection.sendall(text)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_it_listens_on_the_loopback_address_alone(server: DeskServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_the_token_is_another_one_for_each_start() -> None:
    assert len({Guard(1).token for _ in range(20)}) == 20
    assert len(Guard(1).token) >= 40


@pytest.mark.parametrize(
    "path", ["/", "/desk/", "/desk/desk.css", "/app.js", "/models/", "/desk/table/0123456789abcdef"]
)
def test_nothing_is_shown_without_the_cookie(stranger: Browser, path: str) -> None:
    reply = stranger.get(path)
    assert reply.status == 403
    assert "open the address that `litdb site serve` printed" in reply.text
    assert "FooNet" not in reply.text and "the site" not in reply.text


def test_the_token_gives_a_strict_cookie_once(stranger: Browser) -> None:
    token = stranger.server.guard.token
    reply = stranger.get(f"/desk/?token={token}")
    assert reply.status == 200
    given = reply.headers["Set-Cookie"]
    assert "HttpOnly" in given and "SameSite=Strict" in given
    assert token not in given and token not in reply.text
    again = stranger.get(f"/desk/?token={token}")
    assert again.status == 403 and "Set-Cookie" not in again.headers
    assert "opens once" in again.text
    stranger.cookie = given.partition(";")[0]
    assert stranger.get("/desk/").status == 200
    assert stranger.get(f"/desk/?token={token}").status == 200  # loaded again in the same browser


@pytest.mark.parametrize("token", ["", "x", "ÿ", "a" * 4000, "TOKEN&token=TOKEN"])
def test_another_token_is_refused(stranger: Browser, token: str) -> None:
    from urllib.parse import quote

    sent = token.replace("TOKEN", stranger.server.guard.token) if "TOKEN" in token else quote(token)
    reply = stranger.get(f"/desk/?token={sent}")
    assert reply.status in (400, 403) and "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(
    "value", ["", "x", "{name}=", "{name}=x", "other={secret}", "{name}={secret}x", "{name}=\xff"]
)
def test_another_cookie_is_refused(browser: Browser, value: str) -> None:
    name, _, secret = browser.cookie.partition("=")
    assert browser.get("/desk/", Cookie=value.format(name=name, secret=secret) or "none").status == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost",
        "127.0.0.1:{port}@evil.example",
        "[::1]:{port}",
        "0.0.0.0:{port}",
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_host_is_refused_with_cookie_and_token(browser: Browser, host: str, method: str) -> None:
    named = host.format(port=browser.server.server_port)
    reply = browser.ask(method, "/desk/?token=" + browser.server.guard.token, Host=named)
    assert reply.status == 421
    assert "FooNet" not in reply.text


def test_two_hosts_are_refused(server: DeskServer) -> None:
    host = server.guard.hosts[0].encode()
    said = raw(server, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nHost: " + host + b"\r\n\r\n")
    assert said.startswith(b"HTTP/1.0 421")


def test_localhost_is_this_host_too(browser: Browser) -> None:
    assert browser.get("/desk/", Host=browser.server.guard.hosts[1]).status == 200


def accept_all(browser: Browser, page: Reply, path: str, **headers: str) -> Reply:
    return browser.post(path, {"form": page.form, "shown": page.shown, "act": "accept all"}, **headers)


@pytest.fixture
def table(browser: Browser) -> tuple[str, Reply]:
    path = browser.get("/desk/").tables[0]
    return path, browser.get(path)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil.example",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
    ],
)
def test_a_foreign_origin_changes_nothing(
    browser: Browser, table: tuple[str, Reply], waiting: litdb.Catalogue, origin: str
) -> None:
    path, page = table
    reply = accept_all(browser, page, path, Origin=origin.format(port=browser.server.server_port))
    assert reply.status == 403
    assert waiting.review().readings == 8
    assert accept_all(browser, page, path).status == 303  # the form was not used up


def test_a_form_needs_the_cookie(
    browser: Browser, table: tuple[str, Reply], waiting: litdb.Catalogue
) -> None:
    path, page = table
    browser.cookie = ""
    assert accept_all(browser, page, path).status == 403
    assert waiting.review().readings == 8


@pytest.mark.parametrize("number", ["", "made-up", "x" * 5000])
def test_a_form_that_was_not_shown_changes_nothing(
    browser: Browser, table: tuple[str, Reply], waiting: litdb.Catalogue, number: str
) -> None:
    path, page = table
    reply = browser.post(path, {"form": number, "shown": page.shown, "act": "accept all"})
    assert reply.status == 409
    assert waiting.review().readings == 8


def test_a_form_sent_again_changes_nothing(
    browser: Browser, table: tuple[str, Reply], waiting: litdb.Catalogue
) -> None:
    path, page = table
    assert accept_all(browser, page, path).status == 303
    assert browser.post("/desk/undo", {"form": browser.form}).status == 303
    assert waiting.review().readings == 8
    decided = len(waiting.history())
    reply = accept_all(browser, page, path)
    assert reply.status == 409 and "was sent already" in reply.text
    assert waiting.review().readings == 8 and len(waiting.history()) == decided


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Length": str(MOST_BYTES + 1)}, 413),
        ({"Content_Length": "9" * 30}, 413),
        ({"Content_Length": "-1"}, 411),
        ({"Content_Length": "1e3"}, 411),
        ({"Content_Length": ""}, 411),
        ({"Transfer_Encoding": "chunked"}, 411),
        ({"Content_Type": "application/json"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Type": ""}, 415),
    ],
)
def test_a_body_is_bounded_and_of_one_kind(browser: Browser, headers: dict[str, str], status: int) -> None:
    fields = {"form": "x", "act": "accept all"}
    reply = browser.post("/desk/undo", fields, **headers)
    assert reply.status == status


def test_a_body_past_the_bound_is_refused_and_the_desk_goes_on(browser: Browser) -> None:
    body = "a=" + "x" * (2 * MOST_BYTES)
    reply = browser.ask(
        "POST",
        "/desk/undo",
        body,
        Content_Type="application/x-www-form-urlencoded",
        Content_Length=str(len(body)),
        Origin=f"http://{browser.host}",
    )
    assert reply.status == 413
    assert browser.get("/desk/").status == 200


@pytest.mark.parametrize("body", [b"act=%ff", b"\xff=1", b"a=1&" * 30_000, b"act"])
def test_a_body_that_is_no_form_is_refused(browser: Browser, body: bytes) -> None:
    reply = browser.ask(
        "POST",
        "/desk/undo",
        body,
        Content_Type="application/x-www-form-urlencoded",
        Content_Length=str(len(body)),
        Origin=f"http://{browser.host}",
    )
    assert reply.status in (400, 409)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH"])
def test_other_methods_are_refused(browser: Browser, method: str) -> None:
    reply = browser.ask(method, "/desk/")
    assert reply.status == 501
    assert "Content-Security-Policy" in reply.headers


@pytest.mark.parametrize(
    "text",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET //evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET \\\\evil HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /?a=%zz&=&&&; HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /",
    ],
)
def test_what_is_no_request_costs_nothing_but_itself(browser: Browser, text: bytes) -> None:
    said = raw(browser.server, text.replace(b"HOST", browser.host.encode()))
    assert b"Traceback" not in said and b"FooNet" not in said
    assert not said.startswith(b"HTTP/1.0 200") and b"evil" not in said.partition(b"\r\n\r\n")[0]
    assert browser.get("/desk/").status == 200


def test_what_arrives_too_slowly_is_given_up(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litdb.site.desk.server._SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", browser.server.server_port), timeout=10) as connection:
        began = time.monotonic()
        ended = False
        while time.monotonic() - began < 5 and not ended:
            try:
                connection.sendall(b"G")
                connection.settimeout(0.05)
                ended = connection.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                ended = True
        assert ended and time.monotonic() - began < 4


def test_more_at_once_than_there_is_room_for_are_turned_away_and_then_answered(browser: Browser) -> None:
    held = [
        socket.create_connection(("127.0.0.1", browser.server.server_port), timeout=10) for _ in range(40)
    ]
    try:
        turned = 0
        for connection in held:
            connection.settimeout(0.2)
            try:
                turned += b"503" in connection.recv(100)
            except TimeoutError:
                continue
        assert turned >= 8
    finally:
        for connection in held:
            connection.close()
    until = time.monotonic() + 10
    while (status := _status(browser)) != 200 and time.monotonic() < until:
        time.sleep(0.1)
    assert status == 200


def _status(browser: Browser) -> int:
    try:
        return browser.get("/desk/").status
    except OSError:
        return 0


def test_a_port_that_is_taken_is_said_so(server: DeskServer, waiting: litdb.Catalogue) -> None:
    with pytest.raises(UsageError, match=rf"port {server.server_port} cannot be had .*--port 0"):
        open_desk(waiting, None, server.server_port)


def test_a_folder_without_a_site_is_said_so(waiting: litdb.Catalogue, tmp_path: object) -> None:
    with pytest.raises(InputError, match="holds no built site"):
        open_desk(waiting, tmp_path / "nothing")  # type: ignore[operator]
