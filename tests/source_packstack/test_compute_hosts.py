"""Compute hosts that the answers no longer name: how they leave the cloud, and come back."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import source_packstack
from tests.source_packstack.bench import CONTROLLER, SECOND, Bench
from tests.source_packstack.test_cloud import CLOUD, THIRD

TOOL = Path(source_packstack.__file__).parent / "puppet/modules/packstack/files/compute-hosts"

Tool = Callable[..., list[dict[str, Any]]]


class Cloud:
    """What the tool uses of openstacksdk: services, servers and agents by host name."""

    def __init__(self, *names: str) -> None:
        self.services = {name: SimpleNamespace(host=name) for name in names}
        for service in self.services.values():
            service.status, service.disabled_reason = "enabled", None
        self.on_hosts: dict[str, list[str]] = {}
        self.agents = dict.fromkeys(names, 2)
        self.compute = SimpleNamespace(
            services=lambda binary: list(self.services.values()) if binary else [],
            servers=lambda all_projects, host: [
                SimpleNamespace(name=name) for name in self.on_hosts.get(host, ()) if all_projects
            ],
            enable_service=self._enable,
            disable_service=self._disable,
            delete_service=lambda service: self.services.pop(service.host),
            hypervisors=lambda details: [
                SimpleNamespace(service_details={"host": name}, host_ip=BOTH[name])
                for name in self.services
                if details
            ],
        )
        self.network = SimpleNamespace(
            agents=lambda host: [host] * self.agents.get(host, 0),
            delete_agent=lambda host: self.agents.update({host: self.agents[host] - 1}),
        )

    @staticmethod
    def _enable(service: SimpleNamespace) -> None:
        service.status, service.disabled_reason = "enabled", None

    @staticmethod
    def _disable(service: SimpleNamespace, disabled_reason: str) -> None:
        service.status, service.disabled_reason = "disabled", disabled_reason


@pytest.fixture
def cloud() -> Cloud:
    return Cloud("one", "two")


@pytest.fixture
def tool(
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Tool:
    main = runpy.run_path(str(TOOL))["main"]
    monkeypatch.setitem(main.__globals__, "connect", lambda: cloud)
    monkeypatch.setitem(main.__globals__, "RECORD", tmp_path / "state" / "compute-hosts.json")

    def run(wanted: dict[str, str], **more: list[str]) -> list[dict[str, Any]]:
        for name, value in {"wanted": wanted, "gone": [], "agents_stay": [], **more}.items():
            monkeypatch.setenv(name.upper(), json.dumps(value))
        main()
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


BOTH = {"one": "192.0.2.1", "two": "192.0.2.2"}
ONE = {"one": "192.0.2.1"}
TWO_LEAVES = {"host": "192.0.2.2", "name": "two", "count": 0, "servers": []}


def test_without_a_host_that_leaves_the_cloud_is_not_asked(
    tool: Tool, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(cloud, "compute")
    assert [] == tool(BOTH)
    assert [] == tool(BOTH)


def test_a_host_that_leaves_gets_no_new_servers_and_keeps_those_that_it_has(
    tool: Tool, cloud: Cloud
) -> None:
    tool(BOTH)
    cloud.on_hosts["two"] = ["web", "db"]
    assert [{**TWO_LEAVES, "count": 2, "servers": ["db", "web"]}] == tool(ONE)
    assert ("enabled", "disabled") == tuple(item.status for item in cloud.services.values())
    cloud.on_hosts.clear()
    assert [TWO_LEAVES] == tool(ONE)


def test_a_host_whose_services_have_ended_is_forgotten(tool: Tool, cloud: Cloud) -> None:
    tool(BOTH)
    tool(ONE)
    assert [] == tool(ONE, gone=["two"])
    assert (["one"], 0) == (list(cloud.services), cloud.agents["two"])
    assert [] == tool(ONE)


def test_agents_stay_on_a_network_host(tool: Tool, cloud: Cloud) -> None:
    tool(BOTH)
    tool(ONE)
    tool(ONE, gone=["two"], agents_stay=["two"])
    assert (["one"], 2) == (list(cloud.services), cloud.agents["two"])


def test_a_host_that_is_named_again_takes_new_servers(tool: Tool, cloud: Cloud) -> None:
    tool(BOTH)
    cloud.on_hosts["two"] = ["web"]
    tool(ONE)
    assert [{"host": "192.0.2.2", "name": "two", "is_back": True}] == tool(BOTH)
    assert {"enabled"} == {service.status for service in cloud.services.values()}
    assert [] == tool(BOTH)


def test_a_host_that_somebody_disabled_stays_disabled(tool: Tool, cloud: Cloud) -> None:
    tool(BOTH)
    cloud.compute.disable_service(cloud.services["two"], "its disk is broken")
    tool(ONE)
    tool(BOTH)
    assert "its disk is broken" == cloud.services["two"].disabled_reason


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"one": "192.0.2.1", "two": "two.example.org"}, id="another address"),
        pytest.param({"two": "192.0.2.2", "one": "192.0.2.1"}, id="another order"),
        pytest.param({"one": "192.0.2.1", "renamed": "192.0.2.2"}, id="another host name"),
    ],
)
def test_a_wanted_host_stays_however_it_is_given(
    tool: Tool, cloud: Cloud, wanted: dict[str, str]
) -> None:
    tool(BOTH)
    assert [] == tool(wanted)
    assert [] == tool(wanted)
    assert {"enabled"} == {service.status for service in cloud.services.values()}


def test_a_host_that_got_a_server_in_the_meantime_is_not_forgotten(
    tool: Tool, cloud: Cloud
) -> None:
    tool(BOTH)
    tool(ONE)
    cloud.on_hosts["two"] = ["web"]
    assert [{**TWO_LEAVES, "count": 1, "servers": ["web"]}] == tool(ONE, gone=["two"])
    assert "two" in cloud.services


def test_without_a_record_the_latest_run_names_the_hosts(tool: Tool, cloud: Cloud) -> None:
    assert [TWO_LEAVES] == tool(ONE, earlier=[*BOTH.values()])
    assert "disabled" == cloud.services["two"].status


def test_hosts_of_others_are_left_alone_without_a_record(tool: Tool, cloud: Cloud) -> None:
    assert [] == tool(ONE, earlier=[*ONE.values()])
    assert "enabled" == cloud.services["two"].status


def test_a_host_that_is_leaving_comes_back_without_a_record(
    tool: Tool, cloud: Cloud, tmp_path: Path
) -> None:
    tool(BOTH)
    tool(ONE)
    (tmp_path / "state" / "compute-hosts.json").unlink()
    assert [{"host": "192.0.2.2", "name": "two", "is_back": True}] == tool(
        BOTH, earlier=[*ONE.values()]
    )
    assert "enabled" == cloud.services["two"].status


def test_of_many_servers_some_are_named(tool: Tool, cloud: Cloud) -> None:
    tool(BOTH)
    cloud.on_hosts["two"] = [f"server{number:04}" for number in range(600)]
    [row] = tool(ONE)
    assert (600, 10) == (row["count"], len(row["servers"]))


@pytest.mark.parametrize("content", ["{", "null", "[]", '{"two": {}}', '{"two": "x"}'])
def test_a_damaged_record_is_an_error(tool: Tool, tmp_path: Path, content: str) -> None:
    tool(BOTH)
    record = tmp_path / "state" / "compute-hosts.json"
    record.write_text(content)
    with pytest.raises(SystemExit, match=r"compute-hosts\.json is damaged"):
        tool(BOTH)
    assert content == record.read_text()


def left(name: str, *servers: str) -> dict[str, Any]:
    return {"host": THIRD, "name": name, "count": len(servers), "servers": servers}


def settled(bench: Bench, controller: Path, *rows: dict[str, Any]) -> str:
    (controller / "compute-hosts").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    done = bench.run("--answer-file", bench.answers(CLOUD))
    assert 0 == done.returncode, done.stderr
    return done.stdout


def test_the_installer_stops_the_services_of_an_empty_host_and_says_what_stays(
    bench: Bench, controller: Path, second: Path
) -> None:
    bench.add_host(THIRD)
    output = settled(bench, controller, left("three"))
    assert f"{THIRD} was taken out of the cloud; its packages, /etc/nova, /etc/neutron" in output
    asked = [line for line in (controller / "calls").read_text().splitlines() if "compute-" in line]
    wanted = json.dumps({SECOND: SECOND})
    assert [
        f"compute-hosts {wanted}  ",
        f'compute-hosts {wanted} ["three"] {json.dumps([CONTROLLER])}',
    ] == asked


def test_a_host_with_servers_keeps_its_services_and_its_servers_are_named(
    bench: Bench, controller: Path, second: Path
) -> None:
    output = settled(bench, controller, left("three", "db", "web"))
    assert f"{THIRD} is not a compute host any more and gets no new servers, but 2" in output
    assert "servers still run there: db, web. To take the host out, delete them" in output


def test_a_host_that_cannot_be_reached_stays_part_of_the_cloud(
    bench: Bench, controller: Path, second: Path
) -> None:
    output = settled(bench, controller, left("three"))
    assert f"{THIRD} gets no new servers, but is still part of the cloud" in output
    assert 1 == (controller / "calls").read_text().count("compute-hosts ")


@pytest.mark.parametrize(
    "line", ['{"host": 1}', '{"host"', '{"host": "x", "name": "y", "count": "z"}']
)
def test_what_the_controller_says_may_be_anything(
    bench: Bench, controller: Path, second: Path, line: str
) -> None:
    (controller / "compute-hosts").write_text(f"{line}\n")
    done = bench.run("--answer-file", bench.answers(CLOUD))
    assert 5 == done.returncode
    assert "compute-hosts printed something unexpected" in done.stderr


def test_a_host_name_is_checked(bench: Bench, controller: Path, second: Path) -> None:
    (controller / "hostname").write_text("not a name\n")
    done = bench.run("--answer-file", bench.answers(CLOUD))
    assert 5 == done.returncode
    assert "`hostname` gives no host name: 'not a name'" in done.stderr


def test_what_an_option_leaves_behind_is_listed(bench: Bench, controller: Path) -> None:
    plan = (f"--install-hosts={CONTROLLER}", "--nova-install=n", "--provision-image=n")
    first = bench.run(*plan)
    assert 0 == first.returncode, first.stderr
    again = bench.run(*plan, "--memcached-install=n", "--keystone-install=n", "--glance-install=n")
    assert 0 == again.returncode, again.stderr
    assert "CONFIG_GLANCE_INSTALL changed from y to n. Nothing is removed: Glance" in again.stdout
    assert "changed from y to n" not in first.stdout
