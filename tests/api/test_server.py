"""The server: its address, and what it says when that cannot be had."""

import http.server
import socket
import threading

import pytest

from api.server import CannotListenError, address_of, announce_when_ready, open_listener


def test_a_port_in_use_is_refused_with_the_command_that_takes_another() -> None:
    with open_listener("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotListenError) as refusal:
            open_listener("127.0.0.1", port)
    assert str(refusal.value) == (
        f"Port {port} is in use at 127.0.0.1. Stop what uses it, or take another one: "
        f"make run PORT={port + 1}"
    )


def test_a_port_is_free_again_at_once_after_its_last_connection() -> None:
    with open_listener("127.0.0.1", 0) as first:
        address = first.getsockname()
        with socket.create_connection(address):
            first.accept()[0].close()
    open_listener(*address).close()


def test_a_host_that_is_not_ours_is_refused_by_name() -> None:
    with pytest.raises(CannotListenError, match=r"HOST is '192\.0\.2\.1'"):
        open_listener("192.0.2.1", 8000)


def test_who_connects_early_waits_instead_of_being_refused() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        socket.create_connection(listener.getsockname(), timeout=1).close()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("maps.example", "http://maps.example:8000"),
    ],
)
def test_the_address_shown_is_one_a_browser_can_open(host: str, url: str) -> None:
    assert address_of(host, 8000) == url


def test_readiness_is_announced_only_after_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """The first two answers are 503, as while the service loads."""
    answers = [503, 503, 200]

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answers.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        announce_when_ready(url)
        server.shutdown()
        thread.join()
    assert capsys.readouterr().out == f"Territour is ready at {url}\n"
    assert answers == []


def test_connections_send_at_once_what_there_is_to_send() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=1)
        connection, _ = listener.accept()
        with client, connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
