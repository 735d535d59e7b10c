"""Small installers for the pages of kinds of change."""

from __future__ import annotations

from plugindoc.changes.change import Impact, Sample
from plugindoc.examples import STEPS, Example, Made, config, made_late, option, sequences

__all__ = [
    "declared",
    "grouped",
    "guarded",
    "refusing",
    "sample",
    "shared_out",
    "stepped",
    "twice",
    "two_groups",
    "writing",
]

_FIELDS = {
    "CONF_NAME": '"CONFIG_EXAMPLE_PORT"',
    "CMD_OPTION": '"example-port"',
    "USAGE": '"Port on which the example listens."',
    "PROMPT": '"Port of the example"',
    "DEFAULT_VALUE": '"8080"',
    "MASK_INPUT": "False",
}


def sample(before: Example, after: Example, impact: Impact) -> Sample:
    """Return an example of a change and its impact."""
    return Sample(before, after, impact)


def declared(*options: dict[str, str]) -> Example:
    """Return a group of options, each as the fields in which it differs from a plain one.

    A field that is "" is left out. Without options, the group has another one only.
    """
    other = {"CONF_NAME": '"CONFIG_EXAMPLE_HOST"', "CMD_OPTION": '"example-host"'}
    every = options or ({**other, "USAGE": '"Host."', "PROMPT": '"Host"'},)
    return option("".join(f"{_dict({**_FIELDS, **fields})},\n" for fields in every))


@made_late
def grouped(options: str, **fields: str) -> Made:
    """Return a group with a field in which it differs from a plain one, given as source."""
    group = {
        "GROUP_NAME": '"EXAMPLE"',
        "DESCRIPTION": '"Example options"',
        "PRE_CONDITION": "False",
        "PRE_CONDITION_MATCH": "True",
        **fields,
    }
    return config(f"controller.addGroup({_dict(group)}, [{options}])").made


@made_late
def two_groups(second: int) -> Made:
    """Return two groups of one option each, and another one in the first or the second."""
    options = [
        [_dict({**_FIELDS, "CONF_NAME": f'"{name}"', "CMD_OPTION": f'"{name.lower()}"'})]
        for name in ("CONFIG_ONE", "CONFIG_TWO")
    ]
    options[second].append(_dict(_FIELDS))
    return config(
        "".join(
            f'controller.addGroup({{"GROUP_NAME": "{name}", "DESCRIPTION": "{name} of two"}}, '
            f"[{', '.join(held)}])\n"
            for name, held in zip(("FIRST", "SECOND"), options, strict=True)
        )
    ).made


@made_late
def stepped(
    *steps: tuple[str, str],
    title: str = "Installing the example",
    conditions: str = "[], []",
    reads: tuple[str, ...] = (),
    before: str = "",
) -> Made:
    """Return a plugin with a sequence of steps, each a title and a function that reads options."""
    names = dict.fromkeys(function for _, function in steps)
    body = "".join(f'    config["{key}"]\n' for key in reads) or "    pass\n"
    functions = "\n\n".join(f"def {name}(config, messages):\n{body}" for name in names)
    rows = "".join(f'    {{"title": "{each}", "functions": [{name}]}},\n' for each, name in steps)
    return sequences(
        f'{before}controller.addSequence("{title}", {conditions}, [\n{rows}])',
        before=functions,
        options=f"{_dict(_FIELDS)},",
    ).made


@made_late
def writing(*keys: str) -> Made:
    """Return a plugin with a step that sets facts and reads the last."""
    body = "".join(f'    config["{key}"] = "set"\n' for key in keys)
    body += "".join(f'    messages.append(config["{key}"])\n' for key in keys[-1:])
    function = f"def create_manifest(config, messages):\n{body}"
    return sequences(STEPS, before=function).made


@made_late
def twice(*titles: str) -> Made:
    """Return a plugin with a sequence of each title, in this order."""
    step = '{"title": "Preparing it", "functions": [create_manifest]}'
    body = "".join(f'controller.addSequence("{each}", [], [], [{step}])\n' for each in titles)
    return sequences(body, before="def create_manifest(config, messages):\n    pass\n").made


@made_late
def shared_out(number: int) -> Made:
    """Return a plugin with two sequences, and a step in the first or the second of them."""
    steps = [[f'{{"title": "{each}", "functions": [do]}}'] for each in ("First", "Second")]
    steps[number].append('{"title": "Starting the example", "functions": [start]}')
    body = "".join(
        f'controller.addSequence("{title}", [], [], [{", ".join(held)}])\n'
        for title, held in zip(("Preparing", "Installing"), steps, strict=True)
    )
    functions = (f"def {name}(config, messages):\n    pass\n" for name in ("do", "start"))
    return sequences(body, before="\n\n".join(functions)).made


@made_late
def guarded(option: str) -> Made:
    """Return a plugin with a second step that exists if an option is set; always for ""."""
    one, two = (f'{{"title": "{each}", "functions": [do]}}' for each in ("First", "Second"))
    body = f"    steps.append({two})\n"
    under = f'if controller.CONF["{option}"]:\n{body}' if option else body.lstrip()
    return sequences(
        f'steps = [{one}]\n{under}controller.addSequence("Installing", [], [], steps)',
        before="def do(config, messages):\n    pass\n",
        options=f"{_dict(_FIELDS)},",
    ).made


@made_late
def refusing(port: str) -> Made:
    """Return a plugin that refuses a port; none for ""."""
    body = (
        f'if controller.CONF["CONFIG_EXAMPLE_PORT"] == "{port}":\n'
        '    raise RuntimeError("This port is taken")\n'
    )
    return sequences(body if port else "pass", options=f"{_dict(_FIELDS)},").made


def _dict(fields: dict[str, str]) -> str:
    rows = "".join(f'    "{key}": {source},\n' for key, source in fields.items() if source)
    return f"{{\n{rows}}}"
