"""Plans of random answer files for the bundled installer, beside what its dry run writes.

What a plan claims has to be written: which template's manifest each host gets, and which keys are
in the hieradata. Hosts that a plan does not know (in ``⟨ ⟩``) are no claim.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from plugindoc.answers.consequences import consequences
from plugindoc.answers.parsing import parse
from plugindoc.answers.plan import Plan
from plugindoc.answers.planning import PlanMaker
from plugindoc.answers.rewriting import with_hooks
from plugindoc.answers.settling import settle
from plugindoc.loading import read
from plugindoc.model.questions import Questions
from plugindoc.settings import find
from tests.parity.answering import answer_files

BUNDLED = Path(__file__).parents[2] / "source_packstack"
FIXED = "CONFIG_CONTROLLER_HOST=192.0.2.10\n"
HIDDEN = (
    "CONFIG_DEFAULT_PASSWORD",
    "CONFIG_PREFLIGHT_",
    "CONFIG_SITE_",
    "CONFIG_SSH_",
    "CONFIG_SSL_",
    "CONFIG_THIS_HOST",
)
"""Keys that the installer keeps from hosts, or that only some of them get."""


@pytest.fixture(scope="module", params=[10, pytest.param(200, marks=pytest.mark.deep)])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Plan, Path | None]]:
    """Return each file's plan and the hosts' folder of its dry run, None where that refuses it."""
    scratch = tmp_path_factory.mktemp("dry")
    (scratch / "home" / ".ssh").mkdir(parents=True)
    (scratch / "home" / ".ssh" / "id_ed25519.pub").write_text("ssh-ed25519 AAAA example\n")
    protocol = find(BUNDLED).settings.protocol
    reading = read(BUNDLED, protocol=protocol)
    questions = Questions(reading.project)
    maker = PlanMaker(questions, protocol)
    files = []
    for number, text in enumerate(answer_files(questions, request.param, seed=2)):
        lines = [line for line in text.splitlines(keepends=True) if "CONTROLLER_HOST" not in line]
        file = scratch / f"{number:03}.txt"
        file.write_text("".join([lines[0], FIXED, *lines[1:]]))
        files.append(file)
    plans = []
    for file in files:
        given = parse(file.read_text(), file.name)
        settled = settle(given.answers, questions, reading.outcome, protocol)
        found = consequences(settled, questions, reading.hook)
        found = with_hooks(found, reading.project.plugins, reading.hook)
        plans.append(maker.make(given, found))
    with ThreadPoolExecutor(2) as pool:
        return list(zip(plans, pool.map(_dry_run, files), strict=True))


def _dry_run(file: Path) -> Path | None:
    runs = file.with_suffix(".runs")
    command = [sys.executable, "-m", "source_packstack", "--answer-file", str(file), "--dry-run"]
    done = subprocess.run(
        [*command, "--run-dir", str(runs)],
        cwd=BUNDLED.parent,
        env={"HOME": str(file.parent / "home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
        capture_output=True,
        check=False,
    )
    found = sorted(runs.glob("*/hosts"))
    return found[-1] if done.returncode == 0 and found else None


def test_the_same_files_are_refused(both: list[tuple[Plan, Path | None]]) -> None:
    for plan, hosts in both:
        if plan.outcome == "refused":
            assert hosts is None
        elif plan.outcome == "accepted":
            unchecked = any(answer.effect and answer.unchecked for answer in plan.answers)
            assert hosts is not None or unchecked
    assert any(hosts is not None for _, hosts in both)


def test_every_claimed_manifest_and_key_is_written(both: list[tuple[Plan, Path | None]]) -> None:
    texts = {
        path.stem: path.read_text().strip("\n")
        for path in (BUNDLED / "puppet" / "templates").glob("*.pp")
    }
    written_files = 0
    for plan, folder in both:
        if folder is None:
            continue
        written_files += 1
        written = {
            (host.name, name)
            for host in folder.iterdir()
            for manifest in (host / "tree" / "manifests").glob("*.pp")
            for name, text in texts.items()
            if text in manifest.read_text()
        }
        steps = [step for sequence in plan.sequences for step in sequence.steps if step.runs]
        claimed = {
            (host, template)
            for step in steps
            for host in step.hosts
            for template in step.templates
            if template in texts and "⟨" not in host
        }
        assert claimed <= written
        by_host = {
            (host.name, template)
            for host in plan.hosts
            for step in host.steps
            for template in step.templates
            if template in texts
        }
        by_host_perhaps = {
            (host.name, template)
            for host in plan.hosts
            for step in host.steps
            for template in step.perhaps.get("templates", ())
        }
        chosen = {template for host, template in by_host | by_host_perhaps if "⟨" in host}
        assert {(host, name) for host, name in by_host if "⟨" not in host} <= written
        known = {(host, name) for host, name in written if name not in chosen}
        assert known <= by_host | by_host_perhaps
        told = {template for step in steps for template in step.templates if template in texts}
        assert {template for _, template in written} == told
        for data in folder.glob("*/tree/data/common.yaml"):
            keys = {key for key in yaml.safe_load(data.read_text()) if not key.startswith(HIDDEN)}
            sets = {key for one in (*steps, *plan.hooks) for key in one.sets if "*" not in key}
            perhaps = {key for step in steps for key in step.perhaps.get("sets", ())}
            perhaps |= {key for hook in plan.hooks for key in hook.perhaps}
            answered = {answer.option for answer in plan.answers}
            expected = {key for key in answered | sets if not key.startswith(HIDDEN)}
            assert set() == expected - keys
            assert keys - expected <= perhaps
    assert written_files
