"""However a key reaches the configuration, the step's account names it."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from plugindoc.loading import load
from plugindoc.model.conditions import describe
from plugindoc.model.project import Actions, Project
from plugindoc.model.questions import Questions
from plugindoc.model.values import words
from tests.trees import write_tree

PLUGIN = '''
"""A demonstration."""
from demo.installer import utils
from demo.modules import helpers
from demo.modules.helpers import each_host, url_of

NAMES = ("CONFIG_ONE", "CONFIG_TWO")


def initConfig(controller):
    group = {{"GROUP_NAME": "DEMO", "DESCRIPTION": "Demo", "PRE_CONDITION": False}}
    controller.addGroup(group, [{{"CONF_NAME": "CONFIG_DEMO", "CMD_OPTION": "demo"}}])


def initSequences(controller):
    steps = [{{"title": "Doing it", "functions": [step]}}]
    controller.addSequence("Demo", [], [], steps)


def step(config, messages):
    """Do it."""
{body}
'''

HELPERS = """
from demo.installer import utils


def url_of(settings, name="DEMO"):
    return "http://%s:%s" % (settings["CONFIG_%s_HOST" % name], settings.get("CONFIG_PORT", 80))


def each_host(config):
    for key, value in config.items():
        if key.endswith("_HOST"):
            yield value
    for key in config:
        if not key.startswith("CONFIG_EXTRA_"):
            continue
        yield config[key]


def restart(host, service):
    server = utils.ScriptRunner(host)
    server.append("systemctl restart %s" % service)
    server.execute()


def deeper(settings):
    return deepest(settings)


def deepest(conf):
    conf["CONFIG_DEEP"] = conf["CONFIG_DEEPER"]
"""


def project(tmp_path: Path, body: str, files: dict[str, str] | None = None) -> Project:
    sources = {
        "__init__.py": "",
        "plugins/__init__.py": "",
        "modules/__init__.py": "",
        "plugins/demo_100.py": PLUGIN.format(body=indent(dedent(body).strip("\n"), "    ")),
        "modules/helpers.py": HELPERS,
        **(files or {}),
    }
    return load(write_tree(tmp_path / "demo", sources) / "plugins")


def account(tmp_path: Path, body: str) -> Actions:
    (found,) = [step.actions for step in Questions(project(tmp_path, body)).steps]
    return found


@pytest.mark.parametrize(
    ("body", "reads", "writes"),
    [
        ("x = config['K']", ["K"], []),
        ("config['K'] = 1", [], ["K"]),
        ("config['K'] += ', flat'", ["K"], ["K"]),
        ("x = config['A'] = 1", [], ["A"]),
        ("config['A'], config['B'] = 1, 2", [], ["A", "B"]),
        ("config['A'] = config['B']", ["B"], ["A"]),
        ("del config['K']", [], ["K"]),
        ("x = config.get('K')", ["K"], []),
        ("config.setdefault('K', 1)", ["K"], ["K"]),
        ("config.update({'A': 1, 'B': 2})", [], ["A", "B"]),
        ("if 'K' in config: pass", ["K"], []),
        ("key = 'K'\nconfig[key] = config[key] == 'y'", ["K"], ["K"]),
        ("for key in NAMES: config[key] = 1", [], ["CONFIG_ONE", "CONFIG_TWO"]),
        ("for key in ('A', 'B'):\n    if config[key]: break", ["A", "B"], []),
        ("x = [config[key] for key in ('A', 'B')]", ["A", "B"], []),
        ("for k in [k for k in ('A', 'B') if k in config]: config[k] = 1", ["A", "B"], ["A", "B"]),
        ("x = config['CONFIG_%s_HOST' % messages]", ["CONFIG_*_HOST"], []),
        ("for n in ('A', 'B'): x = config['CONFIG_%s' % n]", ["CONFIG_A", "CONFIG_B"], []),
        ("config[f'KEYS_{messages}'] = 1", [], ["KEYS_*"]),
        ("config['KEYS_{}'.format(messages)] = 1", [], ["KEYS_*"]),
        ("config['KEYS_' + str(messages)] = 1", [], ["KEYS_*"]),
        ("settings = config\nx = settings['K']", ["K"], []),
        ("url_of(config)", ["CONFIG_DEMO_HOST", "CONFIG_PORT"], []),
        ("helpers.url_of(config, 'OTHER')", ["CONFIG_OTHER_HOST", "CONFIG_PORT"], []),
        ("helpers.deeper(config)", ["CONFIG_DEEPER"], ["CONFIG_DEEP"]),
        ("hosts = list(each_host(config))", ["*_HOST", "CONFIG_EXTRA_*"], []),
        ("x = [url_of(config, n) for n in messages]", ["CONFIG_*_HOST", "CONFIG_PORT"], []),
        ("if messages:\n    return\nx = config['BEHIND']", ["BEHIND"], []),
        ("while True:\n    if config['K']: return", ["K"], []),
        ("try:\n    x = 1 / 0\nexcept Exception:\n    x = config['K']", ["K"], []),
        ("def inner():\n    return config['K']\ninner()", ["K"], []),
        ("x = lambda: config['K']\nx()", ["K"], []),
    ],
)  # fmt: skip
def test_every_way_of_naming_a_key_is_understood(
    tmp_path: Path, body: str, reads: list[str], writes: list[str]
) -> None:
    uses = account(tmp_path, body).uses

    assert sorted(reads) == sorted({use.key for use in uses if "read" == use.access})
    assert sorted(writes) == sorted({use.key for use in uses if "write" == use.access})
    assert all(use.pattern == ("*" in use.key) for use in uses)


def test_a_key_that_is_set_is_told_where_that_is_written(tmp_path: Path) -> None:
    plugin = PLUGIN.format(
        body="    config['K'] = (\n        1)\n    low(config)\n    config['K'] = 3\n"
    )
    plugin = plugin.replace("NAMES =", "def low(conf):\n    conf['K'] = 2\n\n\nNAMES =")
    found = project(tmp_path, "pass", {"plugins/demo_100.py": plugin})
    (step,) = Questions(found).steps

    assert [(26, ()), (8, ("low",)), (29, ())] == [
        (use.location.line, use.via) for use in step.actions.uses
    ]


@pytest.mark.parametrize(("many", "again"), [(10, []), (400, ["CONFIG_1*"])])
def test_too_many_patterns_are_rather_told_again_than_lost(
    tmp_path: Path, many: int, again: list[str]
) -> None:
    met = "".join(f"x = config['CONFIG_{number}']\n" for number in range(many))
    named = "".join(f"x = config['OTHER_{number}_%s' % x]\n" for number in range(many))
    uses = account(tmp_path, f"{met}return\n{named}x = config['CONFIG_1%s' % x]").uses

    assert [f"OTHER_{number}_*" for number in range(many)] + again == [
        use.key for use in uses if use.pattern
    ]


def test_a_use_knows_its_line_its_way_and_its_condition(tmp_path: Path) -> None:
    found = account(
        tmp_path,
        """
        if config['CONFIG_A'] != 'y':
            return
        x = config.get('CONFIG_B', 'none')
        helpers.deeper(config)
        """,
    ).uses

    assert {
        "CONFIG_A": ("demo/plugins/demo_100.py:22", (), "always"),
        "CONFIG_B": ("demo/plugins/demo_100.py:24", (), "CONFIG_A is y"),
        "CONFIG_DEEPER": ("demo/modules/helpers.py:30", ("deeper", "deepest"), "CONFIG_A is y"),
        "CONFIG_DEEP": ("demo/modules/helpers.py:30", ("deeper", "deepest"), "CONFIG_A is y"),
    } == {use.key: (str(use.location), use.via, describe(use.guard)) for use in found}
    assert ["none"] == [words(use.default) for use in found if use.default is not None]


def test_one_line_that_runs_in_both_branches_is_one_use(tmp_path: Path) -> None:
    uses = account(
        tmp_path,
        """
        if config['CONFIG_A'] == 'y':
            helpers.deeper(config)
        else:
            helpers.deeper(config)
        """,
    ).uses

    assert ["CONFIG_A", "CONFIG_DEEPER", "CONFIG_DEEP"] == [use.key for use in uses]
    assert {"always"} == {describe(use.guard) for use in uses}


def test_an_operation_on_what_is_half_known_loses_no_branch(tmp_path: Path) -> None:
    (command,) = account(
        tmp_path,
        """
        if config['CONFIG_A'] == 'y':
            name = "a-%s" % messages
        else:
            name = "b-%s" % messages
        if len(name) > 64:
            name = name[:64]
        helpers.restart(config['CONFIG_DEMO_HOST'], 'demo')
        """,
    ).commands

    assert "always" == describe(command.guard)


def test_shell_lines_name_their_host_and_show_what_is_not_known(tmp_path: Path) -> None:
    commands = account(
        tmp_path,
        """
        helpers.restart(config['CONFIG_DEMO_HOST'], 'demo')
        local = utils.ScriptRunner()
        local.append("echo %s" % config['CONFIG_TEXT'])
        for host in utils.split_hosts(config['CONFIG_HOSTS']):
            server = utils.ScriptRunner(host)
            server.append("rm -rf /tmp/demo")
            server.execute()
        """,
    ).commands

    assert [
        ("systemctl restart demo", "⟨CONFIG_DEMO_HOST⟩"),
        ("echo ⟨CONFIG_TEXT⟩", ""),
        ("rm -rf /tmp/demo", "⟨each host of CONFIG_HOSTS⟩"),
    ] == [(words(command.line), words(command.host)) for command in commands]


def test_templates_messages_and_errors_are_told(tmp_path: Path) -> None:
    templates = tmp_path / "demo" / "puppet" / "templates"
    templates.mkdir(parents=True)
    (templates / "demo.pp").write_text("$a = lookup('CONFIG_DEMO')\n")
    (templates / "part_a.pp").write_text("$a = 1\n")
    found = account(
        tmp_path,
        """
        data = utils.getManifestTemplate("demo")
        data += utils.getManifestTemplate("part_%s.pp" % config['CONFIG_PART'])
        utils.appendManifestFile("%s_demo.pp" % config['CONFIG_DEMO_HOST'], data, 'demo')
        utils.deliver_ssl_file("text", "/etc/demo.pem", config['CONFIG_DEMO_HOST'])
        messages.append("Look at %s" % config['CONFIG_DEMO_HOST'])
        if config['CONFIG_DEMO'] == 'n':
            raise RuntimeError("No demo on %s" % config['CONFIG_DEMO_HOST'])
        """,
    )

    assert [("demo", "⟨CONFIG_DEMO_HOST⟩"), ("part_a", "⟨CONFIG_DEMO_HOST⟩")] == [
        (used.template, words(used.hosts)) for used in found.templates
    ]
    assert ["Look at ⟨CONFIG_DEMO_HOST⟩"] == [words(one.text) for one in found.messages]
    assert [("RuntimeError", "No demo on ⟨CONFIG_DEMO_HOST⟩", "CONFIG_DEMO is n")] == [
        (one.error, words(one.text), describe(one.guard)) for one in found.failures
    ]
    assert [("/etc/demo.pem", "⟨CONFIG_DEMO_HOST⟩")] == [
        (words(one.destination), words(one.host)) for one in found.resources
    ]
    assert ["⟨CONFIG_DEMO_HOST⟩"] == [words(host) for host in found.hosts]


@pytest.mark.parametrize(
    ("body", "when"),
    [
        (
            "if not os.path.exists(config['K']):\n    raise ValueError",
            "not os.path.exists(config['K'])",
        ),
        (
            "if config['K']:\n    if not os.listdir(): raise ValueError",
            "K is set and not os.listdir()",
        ),
        ("try:\n    open('x')\nexcept IOError:\n    raise ValueError", "IOError is raised"),
        ("if os.path.exists('x'): return\nraise ValueError", "always"),
    ],
)
def test_an_error_is_told_with_the_test_that_leads_to_it(
    tmp_path: Path, body: str, when: str
) -> None:
    (failure,) = account(tmp_path, f"import os\n{body}").failures

    assert when == describe(failure.guard)


def test_a_member_of_what_is_not_known_is_told_by_what_it_is_of(tmp_path: Path) -> None:
    (command,) = account(
        tmp_path, "for one in messages.hosts():\n    helpers.restart(one, 'demo')"
    ).commands

    assert "⟨each of messages.hosts()⟩" == words(command.host)


def test_a_caught_error_is_none_of_the_steps(tmp_path: Path) -> None:
    found = account(
        tmp_path,
        "try:\n    raise ValueError('inside')\nexcept ValueError:\n    pass",
    )

    assert () == found.failures


def test_what_gets_the_whole_configuration_and_is_not_here_is_said(tmp_path: Path) -> None:
    (problem,) = account(
        tmp_path, "import elsewhere\nelsewhere.publish(config)\nx = list(config)"
    ).incomplete

    assert "elsewhere.publish gets the whole configuration" in problem.message


def test_the_installers_own_modules_count_by_the_keys_they_name(tmp_path: Path) -> None:
    found = project(
        tmp_path,
        "pass",
        {
            "installer/__init__.py": "",
            "installer/run.py": "CONF = {}\n\n\ndef main(options):\n"
            "    CONF['DIR_LOG'] = options.log\n"
            "    for param in options.params:\n        CONF[param.name] = 1\n"
            "    return [v for k, v in CONF.items() if k.endswith('_LOG')]\n",
        },
    )

    assert {
        ("DIR_LOG", "write", "demo/installer/run.py:5"),
        ("*_LOG", "read", "demo/installer/run.py:8"),
    } <= {(use.key, use.access, str(use.location)) for use in found.installer.uses}
    assert "*" not in {use.key for use in found.installer.uses}


def test_a_processor_that_reads_a_key_is_known(tmp_path: Path) -> None:
    plugin = PLUGIN.format(body="    pass").replace(
        '"CMD_OPTION": "demo"', '"CMD_OPTION": "demo", "PROCESSORS": [fill]'
    )
    plugin += "\n\ndef fill(param, name, config=None):\n    return param or config['CONFIG_FILL']\n"
    found = project(tmp_path, "pass", {"plugins/demo_100.py": plugin})
    (function,) = found.functions

    assert ["CONFIG_FILL"] == [use.key for use in function.actions.uses]


def test_a_name_that_only_stands_in_a_text_makes_unused_uncertain(tmp_path: Path) -> None:
    certain = Questions(project(tmp_path, "pass")).never_read
    (doubt,) = Questions(project(tmp_path, "x = getattr(config, 'CONFIG_DEMO')")).never_read

    assert [("CONFIG_DEMO", True)] == [(one.key, one.certain) for one in certain]
    assert ("CONFIG_DEMO", False) == (doubt.key, doubt.certain)
    assert "its name stands in demo/plugins/demo_100.py:22" == doubt.reason


@pytest.mark.parametrize(
    "body",
    [
        "step(config, messages)\nx = config['K']",
        "while True:\n    x = config['K']\n    messages.append('x' * 100)",
        "for a in range(10 ** 9):\n    x = config['K']",
        "x = 'a' * 10 ** 9\nconfig[x] = config['K']",
        "for a in messages:\n  for b in a:\n    for c in b:\n      if c: x = config['K']",
        "f = lambda g: g(g)\nf(f)\nx = config['K']",
        "x = config['K']\n" + "if messages[0]: x = config['K'] + x\n" * 200,
    ],
)
def test_code_that_never_ends_is_read_in_time(tmp_path: Path, body: str) -> None:
    assert "K" in {use.key for use in account(tmp_path, body).uses}


def test_code_that_was_not_followed_to_its_end_makes_unused_uncertain(tmp_path: Path) -> None:
    (doubt,) = Questions(project(tmp_path, "step(config, messages)")).never_read

    assert not doubt.certain
    assert "limit" in doubt.reason


LONG = {
    "doubled names": "k = 'A'\n" + "k = k + k\n" * 24 + "config[k] = 1",
    "a sum of many texts": "config['A'" + " + 'A'" * 2_000 + "] = 1",
    "many names in a sum": "".join(f"k = 'A{n}'\n" for n in range(100)) + "config[k + k + k] = 1",
    "names of names": "b = 'B'\n"
    + "".join(f"a{n} = b + b\nb = b + a{n}\n" for n in range(20))
    + "config[b] = 1",
    "loops over names": "for k in ('A', k, k): config[k] = 1\n" * 20,
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_keys_that_take_long_to_find_are_not_lost(tmp_path: Path, body: str) -> None:
    assert {"write"} == {use.access for use in account(tmp_path, body).uses}
