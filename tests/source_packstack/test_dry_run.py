"""A dry run writes everything that hosts would get, and reaches none of them."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from source_packstack.modules.manifests import PUPPET_FOLDER
from tests.source_packstack.bench import CONTROLLER, SECOND, Bench

EVERYTHING = f"""\
CONFIG_CONTROLLER_HOST={CONTROLLER}
CONFIG_DEFAULT_PASSWORD=open-sesame
CONFIG_AMQP_HOST={CONTROLLER}
CONFIG_MARIADB_HOST={CONTROLLER}
CONFIG_MEMCACHED_HOSTS={CONTROLLER},{SECOND}
CONFIG_CLIENT_HOSTS={SECOND}
CONFIG_SSL_ENABLE=n
CONFIG_NOVA_INSTALL=n
"""
HOSTILE = (
    "'; reboot #",
    "${x}",
    "%{facts.hostname}",
    '"; notify { x: } #',
    "`reboot`",
    "<%= x %>",
    "\\'\"$(reboot)",
)


def dry_run(bench: Bench, answers: str, *flags: str) -> Path:
    done = bench.run("--answer-file", bench.answers(answers), "--dry-run", *flags)
    assert 0 == done.returncode, done.stderr
    return bench.planned / "hosts"


def data(host: Path, name: str) -> dict[str, object]:
    content: dict[str, object] = yaml.safe_load((host / "tree" / "data" / name).read_text())
    return content


def stable(text: str) -> str:
    """Leave out what differs from run to run: the connection's folder and the run's."""
    return re.sub(r"/tmp/sp-[\w-]+", "/tmp/sp-XXXX", text)  # noqa: S108 -- only a text


def test_the_plan_of_the_light_installation(bench: Bench, snapshot: SnapshotAssertion) -> None:
    hosts = dry_run(bench, EVERYTHING)
    files = {}
    for path in sorted(hosts.rglob("*")):
        name = str(path.relative_to(hosts))
        if path.is_file() and "/modules/" not in name:
            files[name] = stable(path.read_text())
    assert files == snapshot


def test_no_host_is_reached(bench: Bench, controller: Path, second: Path) -> None:
    dry_run(bench, EVERYTHING)
    assert not (bench.folder / "hosts" / "ssh.log").exists()
    assert not (controller / "calls").exists()


def test_the_printed_plan_names_steps_hosts_and_services(bench: Bench) -> None:
    done = bench.run("--answer-file", bench.answers(EVERYTHING), "--dry-run")
    assert "✔ Preparing Keystone (dry run)\n" in done.stdout
    assert "Cache (memcached), port 11211" in done.stdout
    assert "No host was contacted" in done.stdout


def test_a_hosts_tree_has_the_packstack_module(bench: Bench) -> None:
    hosts = dry_run(bench, EVERYTHING)
    sent = hosts / SECOND / "tree" / "modules" / "packstack"
    source = PUPPET_FOLDER / "modules" / "packstack"
    names = {path.relative_to(source) for path in source.rglob("*.pp")}
    assert names
    assert names == {path.relative_to(sent) for path in sent.rglob("*.pp")}


@pytest.mark.parametrize("text", HOSTILE)
def test_answers_reach_hosts_as_values_only(bench: Bench, text: str) -> None:
    hosts = dry_run(bench, f"{EVERYTHING}CONFIG_KEYSTONE_ADMIN_PW={text}\n")
    value = str(data(hosts / CONTROLLER, "common.yaml")["CONFIG_KEYSTONE_ADMIN_PW"])
    assert text == value.replace("%{literal('%')}{", "%{")
    for manifest in hosts.rglob("manifests/*.pp"):
        assert text not in manifest.read_text()
    assert text not in (hosts / CONTROLLER / "commands.sh").read_text()


def test_every_file_of_a_run_is_for_its_owner_alone(bench: Bench) -> None:
    dry_run(bench, EVERYTHING)
    run = bench.planned.resolve()
    assert 0o700 == stat.S_IMODE(run.stat().st_mode)
    own = [path for path in run.rglob("*") if path.is_file() and "modules" not in path.parts]
    assert len(own) > 10
    for path in own:
        assert 0o600 == stat.S_IMODE(path.stat().st_mode), path


def test_what_concerns_only_the_installer_stays_here(bench: Bench) -> None:
    hosts = dry_run(bench, f"{EVERYTHING}CONFIG_SSH_PASSWORD=only for here\n")
    names = data(hosts / CONTROLLER, "common.yaml")
    assert not [name for name in names if name.startswith(("CONFIG_SSH_", "CONFIG_DEFAULT"))]


def test_a_sites_own_data_and_manifest_come_along(bench: Bench) -> None:
    (bench.folder / "site.yaml").write_text("keystone::wsgi::uwsgi::threads: 4\n")
    (bench.folder / "site.pp").write_text("notify { 'hello': }\n")
    hosts = dry_run(bench, EVERYTHING, "--site-data=site.yaml", "--site-manifest=site.pp")
    assert {"keystone::wsgi::uwsgi::threads": 4} == data(hosts / SECOND, "site.yaml")
    manifest = hosts / SECOND / "tree" / "manifests" / f"{SECOND}_site.pp"
    assert "hello" in manifest.read_text()


@pytest.mark.parametrize(
    "content", ["- a\n- list\n", "a: [", "a: 2024-02-31", "!!python/object/apply:os.system [x]"]
)
def test_site_data_that_is_no_mapping_is_a_wrong_answer(bench: Bench, content: str) -> None:
    (bench.folder / "site.yaml").write_text(content)
    done = bench.run("--install-hosts", CONTROLLER, "--site-data=site.yaml")
    assert 3 == done.returncode
    assert "CONFIG_SITE_DATA" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_local_image_becomes_a_resource_of_the_controller(bench: Bench) -> None:
    (bench.folder / "disk.img").write_bytes(b"disk")
    hosts = dry_run(bench, EVERYTHING, "--provision-image-url=disk.img")
    path = data(hosts / CONTROLLER, "common.yaml")["CONFIG_PROVISION_IMAGE_FILE"]
    assert "/var/lib/source-packstack/resources/disk.img" == path
    assert f"$PAYLOAD: {bench.folder}/disk.img" in (hosts / CONTROLLER / "commands.sh").read_text()


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes certificates with openssl")
def test_with_ssl_every_host_gets_a_certificate_that_lasts(bench: Bench) -> None:
    flags = ("--ssl-enable=y", f"--ssl-folder={bench.folder}/ssl")
    first = data(dry_run(bench, EVERYTHING, *flags) / SECOND, "host.yaml")
    again = data(dry_run(bench, EVERYTHING, *flags) / SECOND, "host.yaml")
    assert first == again
    assert str(first["CONFIG_SSL_HOST_KEY"]).startswith("-----BEGIN PRIVATE KEY-----")
    for name in ("ca.key", f"{SECOND}.key"):
        assert 0o600 == stat.S_IMODE((bench.folder / "ssl" / name).stat().st_mode)
    assert f"{SECOND}.crt: OK\n" == _verified(bench)


def _verified(bench: Bench) -> str:
    """Return what openssl says of the second host's certificate."""
    command = ["openssl", "verify", "-CAfile", "ca.crt", "-purpose", "sslserver"]
    return subprocess.run(
        [*command, "-verify_ip", SECOND, f"{SECOND}.crt"],
        cwd=bench.folder / "ssl",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes certificates with openssl")
def test_certificates_of_a_lost_authority_are_made_anew(bench: Bench) -> None:
    flags = ("--ssl-enable=y", f"--ssl-folder={bench.folder}/ssl")
    dry_run(bench, EVERYTHING, *flags)
    (bench.folder / "ssl" / "ca.key").unlink()
    dry_run(bench, EVERYTHING, *flags)
    assert f"{SECOND}.crt: OK\n" == _verified(bench)


@pytest.mark.skipif(not shutil.which("puppet"), reason="NO MANIFEST WAS VALIDATED: no puppet here")
def test_puppet_accepts_every_manifest(bench: Bench) -> None:
    hosts = dry_run(bench, EVERYTHING, "--site-manifest", _site_manifest(bench))
    manifests = [*hosts.glob("*/tree/manifests/*.pp"), *(PUPPET_FOLDER / "modules").rglob("*.pp")]
    assert len(manifests) > 15
    done = subprocess.run(
        ["puppet", "parser", "validate", *map(str, manifests)],
        env=os.environ | {"HOME": str(bench.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr


def _site_manifest(bench: Bench) -> str:
    path = bench.folder / "site.pp"
    path.write_text("notify { 'hello': }\n")
    return str(path)
