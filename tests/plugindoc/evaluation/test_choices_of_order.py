"""What depends on answers in lists and loops, where plain values would hide a wrong order."""

from __future__ import annotations

from tests.plugindoc.conftest import Read

PLUGIN = """
    def initConfig(controller):
        pass

    def initSequences(controller):
        config = controller.CONF
        steps = [{{"title": "one", "functions": [step]}}, {{"title": "two", "functions": [step]}}]
{body}
        controller.addSequence("S", [], [], steps)

    def step(config, messages):
        pass
"""


def titles(read: Read, body: str) -> list[tuple[str, str]]:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    (plugin,) = read(PLUGIN.format(body=lines)).plugins
    steps = plugin.sequences[0].steps
    return [(one.title.value, type(one.guard).__name__) for one in steps]  # type: ignore[union-attr] # known texts


NEW = '{"title": "new", "functions": [step]}'


def test_a_negative_place_counts_from_the_end_on_each_path(read: Read) -> None:
    body = f'if config["A"] == "y":\n    steps.insert(-1, {NEW})'
    assert [("one", "Always"), ("new", "Compare"), ("two", "Always")] == titles(read, body)


def test_a_place_from_the_end_is_not_known_where_the_end_is_not(read: Read) -> None:
    body = f'if config["A"] == "y":\n    steps.append({NEW})\nsteps.insert(-1, {NEW})'
    expected = [("one", "Always"), ("two", "Always"), ("new", "Compare")]
    assert expected == titles(read, body)


def test_a_default_is_set_where_the_key_is_missing_only(read: Read) -> None:
    body = (
        "found = {}\n"
        'if config["A"] == "y":\n    found["t"] = "own"\n'
        'title = found.setdefault("t", "default")\n'
        'steps.append({"title": found["t"] + title, "functions": [step]})'
    )
    expected = [("ownown", "Compare"), ("defaultdefault", "Compare")]
    assert expected == titles(read, body)[2:]


def test_the_else_of_a_loop_runs_where_nothing_broke_out(read: Read) -> None:
    body = (
        'for name in ("A", "B"):\n    if config[name] == "y":\n        break\n'
        f"else:\n    steps.append({NEW})"
    )
    assert [("one", "Always"), ("two", "Always"), ("new", "AllOf")] == titles(read, body)
