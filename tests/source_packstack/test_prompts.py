"""Questions in a real terminal: hidden passwords, confirmation, conditions and a way back."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests.source_packstack.bench import CONTROLLER, Bench

SECRET = "open sesame"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Dialogue:
    """An installer in a terminal, as a person uses it."""

    def __init__(self, bench: Bench, *flags: str) -> None:
        self._terminal, other = pty.openpty()
        self.shown = ""
        self._read = 0
        self.process = subprocess.Popen(
            bench.command("--dry-run", *flags),
            stdin=other,
            stdout=other,
            stderr=other,
            env=bench.environment | {"TERM": "dumb"},
            cwd=bench.folder,
            start_new_session=True,
        )
        os.close(other)

    def expect(self, text: str) -> None:
        deadline = time.monotonic() + 20
        while text not in self.shown[self._read :]:
            assert time.monotonic() < deadline, f"{text!r} never came: {self.shown[self._read :]}"
            self._receive()
        self._read = self.shown.index(text, self._read) + len(text)

    def answer(self, question: str, answer: str = "") -> None:
        self.expect(question)
        self.expect(": " if "?" not in question else ") ")
        os.write(self._terminal, f"{answer}\n".encode())

    def press_return_until(self, question: str) -> None:
        """Take everything as it is, until a question comes."""
        deadline = time.monotonic() + 30
        while question not in self.shown:
            assert time.monotonic() < deadline, self.shown
            if ": " in self.shown[self._read :]:
                self.expect(": ")
                os.write(self._terminal, b"\n")
            self._receive()
        self._read = self.shown.rindex(question)

    def end(self) -> int:
        status = None
        while status is None:
            self._receive()
            status = self.process.poll()
        while self._receive():
            pass
        return status

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)

    def _receive(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], 0.2)
        if not ready:
            return False
        try:
            data = os.read(self._terminal, 4096)
        except OSError:  # the other side is closed
            return False
        self.shown += _ESCAPES.sub("", data.decode()).replace("\r", "")
        return bool(data)


SMALL = (
    *("--ntp-install=n", "--ssh-install-key=n", "--ssl-enable=n", "--amqp-backend=none"),
    *("--mariadb-install=n", "--glance-install=n", "--preflight-disk=1", "--preflight-clock=30"),
    *("--ssh-user=root", "--ssh-accept-new-keys=n", "--service-workers=2", "--site-data="),
    *("--site-manifest=", f"--controller-host={CONTROLLER}"),
)


Start = Callable[..., Dialogue]


@pytest.fixture
def start(bench: Bench) -> Iterator[Start]:
    """Give a function that starts the installer with flags; the test's end ends it."""
    with contextlib.ExitStack() as started:
        yield lambda *flags: started.enter_context(contextlib.closing(Dialogue(bench, *flags)))


@pytest.fixture
def small(start: Start) -> Dialogue:
    """Ask about the default password, memcached and Keystone only."""
    return start(*SMALL)


def answers(bench: Bench) -> str:
    return (bench.planned / "answers.txt").read_text()


def test_a_person_answers_sees_the_summary_and_installs(bench: Bench, small: Dialogue) -> None:
    small.answer("Default password", "")
    small.answer("Install memcached (y/n) [y]", "")
    small.answer("Memcached servers", "")
    small.answer("Memory of memcached, in MiB [64]", "128")
    small.answer("Install Keystone (y/n) [y]", "n")
    small.expect("Your answers")
    small.answer("Install with these answers?", "yes")
    assert 0 == small.end(), small.shown
    assert "CONFIG_MEMCACHED_SIZE=128\n" in answers(bench)
    assert f"CONFIG_MEMCACHED_HOSTS={CONTROLLER}\n" in answers(bench)


def test_passwords_are_hidden_and_asked_twice(bench: Bench, small: Dialogue) -> None:
    small.answer("Default password", SECRET)
    small.answer("Repeat it", "something else")
    small.expect("The two answers differ.")
    small.answer("Default password", SECRET)
    small.answer("Repeat it", SECRET)
    small.answer("Install memcached", "n")
    small.answer("Install Keystone", "n")
    small.answer("Install with these answers?", "yes")
    assert 0 == small.end(), small.shown
    assert SECRET not in small.shown
    assert f"CONFIG_DEFAULT_PASSWORD={SECRET}\n" in answers(bench)


def test_a_group_is_asked_only_when_its_condition_holds(small: Dialogue) -> None:
    small.answer("Default password")
    small.answer("Install memcached", "n")
    small.expect("Install Keystone")
    assert "Memcached servers" not in small.shown


def test_a_question_is_explained_on_request(small: Dialogue) -> None:
    small.answer("Default password")
    small.answer("Install memcached", "?")
    small.expect("With 'n', they ask Keystone about the token of every request.")
    small.answer("Install memcached")


def test_a_wrong_answer_is_explained_and_asked_again(small: Dialogue) -> None:
    small.answer("Default password")
    small.answer("Install memcached", "maybe")
    small.expect("CONFIG_MEMCACHED_INSTALL must be one of: y, n")
    small.answer("Install memcached", "yes")
    small.expect("Memcached servers")


def test_a_doubtful_answer_may_be_kept_where_the_plugin_allows_it(
    bench: Bench, start: Start
) -> None:
    flags = [flag for flag in SMALL if "mariadb" not in flag and "glance" not in flag]
    more = [f"--{name}=secret" for name in ("mariadb-pw", "keystone-db-passwd", "glance-db-passwd")]
    dialogue = start(*flags, *more, "--memcached-install=n", "--nova-install=n")
    dialogue.press_return_until("File or address of the first image")
    dialogue.answer("File or address of the first image", "later.img")
    dialogue.expect("must be a file that can be read here")
    dialogue.answer("Use it anyway?", "no")
    dialogue.answer("File or address of the first image", "later.img")
    dialogue.answer("Use it anyway?", "yes")
    dialogue.expect("Format of the first image")
    dialogue.press_return_until("Install with these answers?")
    (bench.folder / "later.img").touch()
    dialogue.answer("Install with these answers?", "yes")
    assert 0 == dialogue.end(), dialogue.shown
    assert f"CONFIG_PROVISION_IMAGE_URL={bench.folder}/later.img\n" in answers(bench)


def test_there_is_a_way_back_over_the_last_questions(bench: Bench, small: Dialogue) -> None:
    small.answer("Default password")
    small.answer("Install memcached")
    small.answer("Memcached servers", CONTROLLER)
    small.answer("Memory of memcached", "<")
    small.answer("Memcached servers", "<")
    small.answer("Install memcached", "n")
    small.answer("Install Keystone", "n")
    small.answer("Install with these answers?", "<")
    small.answer("Default password")
    small.answer("Install memcached (y/n) [n]")
    small.answer("Install Keystone (y/n) [n]")
    small.answer("Install with these answers?", "yes")
    assert 0 == small.end(), small.shown
    assert "CONFIG_MEMCACHED_INSTALL=n\n" in answers(bench)


def test_an_empty_answer_can_be_given_where_the_default_is_none(bench: Bench, start: Start) -> None:
    flags = [flag for flag in SMALL if "ssh-user" not in flag]
    dialogue = start(*flags, "--memcached-install=n", "--keystone-install=n")
    dialogue.answer("Default password")
    dialogue.answer("SSH account on the hosts (empty: as your ssh_config says) [root]", '""')
    dialogue.answer("Install with these answers?", "yes")
    assert 0 == dialogue.end(), dialogue.shown
    assert "CONFIG_SSH_USER=\n" in answers(bench)


def test_an_option_with_a_condition_is_asked_with_the_group_that_depends_on_it(
    start: Start,
) -> None:
    flags = [flag for flag in SMALL if "ntp" not in flag]
    dialogue = start(*flags)
    dialogue.answer("Default password")
    dialogue.expect("Time servers\n")
    dialogue.answer("Keep the time of all hosts with chrony (y/n) [y]", "no")
    dialogue.expect("Install memcached")
    assert "Time servers, separated by commas" not in dialogue.shown


def test_the_way_back_before_the_first_question_asks_it_again(small: Dialogue) -> None:
    small.answer("Default password", "<")
    small.expect("Default password")


def test_answers_that_do_not_go_together_are_asked_again(bench: Bench, start: Start) -> None:
    private = bench.folder / "id_ed25519"
    private.touch()
    public = bench.folder / "id_ed25519.pub"
    public.touch()
    flags = [flag for flag in SMALL if "install-key" not in flag]
    dialogue = start(*flags, "--memcached-install=n", "--keystone-install=n")
    dialogue.answer("Default password")
    dialogue.answer("Install your public key on hosts", "y")
    dialogue.answer("Public key to install", str(private))
    dialogue.answer("Password of the SSH account", SECRET)
    dialogue.expect("a private key must never leave here")
    dialogue.answer("Public key to install", str(public))
    dialogue.answer("Password of the SSH account")
    dialogue.expect("Your answers")
    assert SECRET not in dialogue.shown


def test_given_answers_that_do_not_go_together_are_refused(bench: Bench, start: Start) -> None:
    private = bench.folder / "id_ed25519"
    private.touch()
    flags = [flag for flag in SMALL if "install-key" not in flag]
    key = ("--ssh-install-key=y", f"--ssh-key={private}", f"--ssh-password={SECRET}")
    dialogue = start(*flags, *key, "--memcached-install=n", "--keystone-install=n")
    dialogue.answer("Default password")
    assert 3 == dialogue.end()
    assert "a private key must never leave here" in dialogue.shown


def test_saying_no_ends_without_a_run(bench: Bench, small: Dialogue) -> None:
    small.answer("Default password")
    small.answer("Install memcached", "n")
    small.answer("Install Keystone", "n")
    small.answer("Install with these answers?", "no")
    assert 130 == small.end()
    assert "Nothing was done." in small.shown
    assert not bench.runs.exists()


def test_interrupting_a_question_ends_without_a_traceback(bench: Bench, small: Dialogue) -> None:
    small.expect("Default password")
    os.killpg(small.process.pid, 2)
    assert 130 == small.end()
    assert "Traceback" not in small.shown
    assert not bench.runs.exists()


def test_a_wrong_flag_is_told_before_the_first_question(start: Start) -> None:
    dialogue = start("--ntp-install=perhaps")
    assert 3 == dialogue.end()
    assert "CONFIG_NTP_INSTALL must be one of: y, n" in dialogue.shown


def test_all_questions_can_be_taken_as_they_are(bench: Bench, start: Start) -> None:
    dialogue = start()
    dialogue.press_return_until("Install with these answers?")
    dialogue.answer("Install with these answers?", "yes")
    assert 0 == dialogue.end(), dialogue.shown
    assert "CONFIG_KEYSTONE_REGION=RegionOne\n" in answers(bench)
