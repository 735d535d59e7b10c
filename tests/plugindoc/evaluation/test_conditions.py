"""When something applies is read out of the code that decides it."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import describe
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known, words
from tests.plugindoc.conftest import Read

GROUP = """
def module_function(config):
    return config["B"] == "y"


def through(config):
    return module_function(config) and config["A"] in ["x", "z"]


def initConfig(controller):
    def nested(config):
        if not module_function(config):
            return False
        return "x" in config["A"]

    controller.addGroup({{"GROUP_NAME": "G", "PRE_CONDITION": {condition},
                          "PRE_CONDITION_MATCH": {match}}}, [{{"CONF_NAME": "X"}}])
"""


@pytest.mark.parametrize(
    ("condition", "match", "expected"),
    [
        ("lambda x: 'yes'", "'yes'", "always"),
        ("lambda x: 'yes'", "'no'", "never"),
        ("False", "True", "always"),
        ("None", "None", "never"),
        ("'A'", "'y'", "A is y"),
        ("module_function", "True", "B is y"),
        ("module_function", "False", "B is not y"),
        ("through", "True", "B is y and A is one of x, z"),
        ("nested", "True", "B is y and A contains x"),
        ("lambda c: not c['A']", "True", "A is not set"),
        ("lambda c: bool(c.get('A') or c.get('B'))", "True", "A is set or B is set"),
        ("lambda c: c.get('A', 'n') == 'y'", "True", "A is y"),
        ("lambda c: c['A']", "'y'", "A is y"),
        ("lambda c: c['A'] and c['B']", "'y'", "A is set and B is y"),
        ("lambda c: c['A'] != 'y' or c['B'] != 'y'", "True", "A is not y or B is not y"),
        ("lambda c: 'x' if c['A'] == 'y' else 'z'", "'z'", "A is not y"),
        ("lambda c: {'y': 1, 'n': 2}[c['A']]", "2", "A is n"),
        ("lambda c: c['A'].isdigit()", "True", "c['A'].isdigit()"),
        ("lambda c: int(c['A']) > 3", "True", "int(c['A']) > 3"),
    ],
)
def test_a_groups_condition(condition: str, match: str, expected: str, read: Read) -> None:
    project = read(GROUP.format(condition=condition, match=match))
    (group,) = project.plugins[0].groups
    assert expected == describe(group.condition)


SEQUENCES = '''
def initSequences(controller):
    config = controller.CONF
    if config['CONFIG_X'] != 'y':
        if config['CONFIG_Y'] == 'y':
            raise RuntimeError('X is required with Y')
        return
    steps = [{'title': 'One', 'functions': [one]}]
    if config['CONFIG_MODE'] == 'fast':
        title, function = 'Quick', quick
    else:
        title, function = 'Slow', slow
    steps.append({'title': title, 'functions': [function]})
    for key in ('CONFIG_A', 'CONFIG_B'):
        config[key] = [i.strip() for i in config[key].split(',') if i]
    if 'lvm' in config['CONFIG_A']:
        steps.append({'title': 'Volumes', 'functions': [one]})
    config['CONFIG_MODE'] = 'done'
    if config['CONFIG_MODE'] == 'done':
        steps.append({'title': 'Last', 'functions': [one]})
    if config['CONFIG_NTP']:
        steps.append({'title': 'Time', 'functions': [one]})
    else:
        controller.MESSAGES.append('no time')
    controller.addSequence('All', [], [], steps)
    controller.insertSequence('First', [], [], [], index=0)
    controller.insertSequenceBeforeSequence('All', 'Middle', 'CONFIG_Z', 'y', [])
    controller.addSequence('Fixed', [], [], [{'title': 'A', 'functions': [one]},
                                             {'title': 'B', 'functions': [one]},
                                             {'title': 'A', 'functions': [slow]}])


def one(config, messages):
    """Do it once."""

def quick(config, messages): pass
def slow(config, messages): pass
'''


def test_sequences_and_steps_carry_their_guards(read: Read) -> None:
    (plugin,) = read(SEQUENCES).plugins
    whole, first, middle, fixed = plugin.sequences
    assert "CONFIG_X is y" == describe(whole.guard)
    steps = [
        (words(step.title), step.function and step.function.name, describe(step.guard))
        for step in whole.steps
    ]
    assert [
        ("One", "first_100.one", "always"),
        ("Quick", "first_100.quick", "CONFIG_MODE is fast"),
        ("Slow", "first_100.slow", "CONFIG_MODE is not fast"),
        ("Volumes", "first_100.one", "CONFIG_A includes lvm"),
        ("Last", "first_100.one", "always"),
        ("Time", "first_100.one", "CONFIG_NTP is set"),
    ] == steps
    assert "Do it once." == whole.steps[0].docstring
    assert [3, 1, 2, 4] == [s.position for s in (whole, first, middle, fixed)]
    assert "CONFIG_Z is y" == describe(middle.condition)
    assert ["A", "B"] == [words(step.title) for step in fixed.steps]
    assert [("A", "first_100.one")] == [
        (words(step.title), step.function and step.function.name) for step in fixed.replaced
    ]


def test_a_nested_raise_is_a_constraint(read: Read) -> None:
    (constraint,) = read(SEQUENCES).plugins[0].constraints
    assert "RuntimeError" == constraint.error
    assert Known("X is required with Y") == constraint.text
    assert "CONFIG_X is not y and CONFIG_Y is y" == describe(constraint.condition)


def test_what_reveals_what_goes_both_ways(read: Read) -> None:
    source = """
    def initConfig(controller):
        add(controller, "ONE", "A", False, True)
        add(controller, "TWO", "B", "A", "y")
        add(controller, "THREE", "C", "B", "y")

    def add(controller, group, option, condition, match):
        controller.addGroup({"GROUP_NAME": group, "PRE_CONDITION": condition,
                             "PRE_CONDITION_MATCH": match}, [{"CONF_NAME": option}])

    def initSequences(controller):
        if controller.CONF["A"] == "y":
            controller.addSequence("S", [], [], [])
    """
    questions = Questions(read(source))
    last = questions.option("C")
    assert last is not None
    assert "B is y" == describe(questions.shown_when_in_full(last))  # B is asked in any case
    assert ["TWO", "S"] == [
        getattr(r, "name", getattr(r, "title", "")) for r in questions.reveals("A")
    ]


def test_declarations_in_a_loop_or_handler_are_kept_with_their_guard(read: Read) -> None:
    source = """
    import other

    def initSequences(controller):
        steps = []
        for host in other.hosts():
            steps.append({"title": "Host", "functions": [one]})
        try:
            other.work()
        except OSError:
            steps.append({"title": "Rescue", "functions": [one]})
        while other.busy():
            steps.append({"title": "Wait", "functions": [one]})
        controller.addSequence("S", [], [], steps)

    def one(config, messages): pass
    """
    (sequence,) = read(source).plugins[0].sequences
    assert [
        ("Host", "for host in other.hosts()"),
        ("Rescue", "OSError is raised"),
        ("Wait", "while other.busy()"),
    ] == [(words(step.title), describe(step.guard)) for step in sequence.steps]


def test_a_name_that_a_branch_leaves_unbound_is_a_constraint(read: Read) -> None:
    source = """
    def initSequences(controller):
        if controller.CONF["A"] == "y":
            title = "bound"
        controller.addSequence("S", [], [], [{"title": title, "functions": [one]}])

    def one(config, messages): pass
    """
    (plugin,) = read(source).plugins
    (constraint,) = plugin.constraints
    assert ("UnboundLocalError", "A is not y") == (constraint.error, describe(constraint.condition))
    assert "A is y" == describe(plugin.sequences[0].guard)
