"""Who uses what: facts, and what does not add up, without a false alarm."""

import pytest

from plugindoc.model.conditions import Compare, describe
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    SCHEMA_VERSION,
    Actions,
    Function,
    Include,
    Option,
    OptionGroup,
    Plugin,
    Problem,
    Project,
    Sequence,
    Step,
    Template,
    TemplateUse,
    Use,
)
from plugindoc.model.questions import Questions
from plugindoc.model.uses import can_be
from plugindoc.model.values import Known, Value


def at(line: int = 1) -> Location:
    return Location("plugins/demo_100.py", line)


def reads(key: str, default: Value | None = None) -> Use:
    return Use(key=key, access="read", location=at(), pattern="*" in key, default=default)


def sets(key: str) -> Use:
    return Use(key=key, access="write", location=at(), pattern="*" in key)


def step(title: str, *uses: Use) -> Step:
    return Step(
        title=Known(title),
        plugin="demo_100",
        sequence="S",
        location=at(),
        actions=Actions(uses=uses),
    )


def project(
    *steps: Step,
    options: tuple[str, ...] = (),
    templates: tuple[Use, ...] = (),
    hooks: tuple[Use, ...] = (),
    installer: tuple[Use, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> Questions:
    group = OptionGroup(
        name="G",
        plugin="demo_100",
        location=at(),
        options=tuple(
            Option(name=name, plugin="demo_100", group="G", location=at()) for name in options
        ),
    )
    plugin = Plugin(
        module="demo_100",
        order=100,
        location=at(),
        groups=(group,),
        sequences=(Sequence(title="S", plugin="demo_100", location=at(), position=1, steps=steps),),
        actions=Actions(uses=hooks),
    )
    template = Template(name="demo", type="class", location=at(), uses=templates)
    return Questions(
        Project(
            schema_version=SCHEMA_VERSION,
            name="demo",
            plugins=(plugin,),
            templates=(template,),
            installer=Actions(uses=installer),
            problems=problems,
        )
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("CONFIG_A", "CONFIG_A", True),
        ("CONFIG_A", "CONFIG_AB", False),
        ("CONFIG_*_HOST", "CONFIG_NOVA_HOST", True),
        ("CONFIG_*_HOST", "CONFIG_NOVA_HOSTS", False),
        ("*_HOST", "HOST", False),
        ("RULES_*", "RULES_*", True),
        ("RULES_*", "*_IN", True),
        ("RULES_*_IN", "RULES_A*", True),
        ("RULES_*_IN", "RULES_*_OUT", False),
        ("RULES_*", "KEYS_*", False),
        ("A.B*", "AxB1", False),
    ],
)
def test_keys_and_patterns_meet_where_they_can_mean_the_same(
    one: str,
    other: str,
    expected: bool,  # noqa: FBT001 - the outcome of a case
) -> None:
    assert expected is can_be(one, other) is can_be(other, one)


def test_a_fact_is_set_by_code_and_is_no_option() -> None:
    asked = project(
        step("A", sets("HOSTS"), sets("CONFIG_A"), sets("KEYS_*")),
        step("B", reads("KEYS_*")),
        options=("CONFIG_A",),
        templates=(reads("HOSTS"),),
        installer=(sets("DIR_LOG"),),
    )

    assert {
        "DIR_LOG": ([], False),
        "HOSTS": (["demo"], False),
        "KEYS_*": (["demo_100/B"], True),
    } == {fact.key: ([p.name for p in fact.readers], fact.pattern) for fact in asked.facts}


def test_a_pattern_that_covers_options_is_no_fact() -> None:
    asked = project(step("A", sets("CONFIG_LDAP_*")), options=("CONFIG_LDAP_URL",))

    assert () == asked.facts


def test_a_single_key_leads_to_the_fact_that_may_be_it() -> None:
    fact = project(step("A", sets("KEYS_*"))).fact("KEYS_10_0_0_1")

    assert fact is not None
    assert "KEYS_*" == fact.key


@pytest.mark.parametrize(
    "questions",
    [
        project(step("A", reads("CONFIG_A")), options=("CONFIG_A",)),
        project(templates=(reads("CONFIG_A"),), options=("CONFIG_A",)),
        project(hooks=(reads("CONFIG_A"),), options=("CONFIG_A",)),
        project(installer=(reads("CONFIG_A"),), options=("CONFIG_A",)),
        project(step("A", reads("CONFIG_*")), options=("CONFIG_A",)),
    ],
)
def test_an_option_that_anything_may_read_is_not_unused(questions: Questions) -> None:
    assert () == questions.never_read


def test_an_option_that_a_processor_or_a_condition_reads_is_not_unused() -> None:
    used = Function(
        name="f", role="processor", location=at(), actions=Actions(uses=(reads("CONFIG_A"),))
    )
    group = OptionGroup(
        name="G",
        plugin="demo_100",
        location=at(),
        condition=Compare("CONFIG_B", "==", "y"),
        options=tuple(
            Option(name=name, plugin="demo_100", group="G", location=at())
            for name in ("CONFIG_A", "CONFIG_B", "CONFIG_C")
        ),
    )
    plugin = Plugin(module="demo_100", order=100, location=at(), groups=(group,))
    asked = Questions(
        Project(schema_version=SCHEMA_VERSION, name="demo", plugins=(plugin,), functions=(used,))
    )

    assert ["CONFIG_C"] == [doubt.key for doubt in asked.never_read]


def test_an_option_that_is_only_set_is_never_read() -> None:
    (doubt,) = project(step("A", sets("CONFIG_A")), options=("CONFIG_A",)).never_read

    assert ("CONFIG_A", True, "") == (doubt.key, doubt.certain, doubt.reason)


def test_a_read_of_an_unknown_key_makes_unused_uncertain() -> None:
    asked = project(step("A", reads("*")), options=("CONFIG_A",))
    (doubt,) = asked.never_read

    assert not doubt.certain
    assert "plugins/demo_100.py:1 reads a key that is not known" == doubt.reason


@pytest.mark.parametrize("kind", ["unreadable", "parse-error"])
def test_what_could_not_be_read_makes_unused_uncertain(kind: str) -> None:
    problem = Problem(kind=kind, message="not read", location=at(7))  # type: ignore[arg-type] # one of the kinds
    (doubt,) = project(options=("CONFIG_A",), problems=(problem,)).never_read

    assert (False, "plugins/demo_100.py:7: not read") == (doubt.certain, doubt.reason)


def test_facts_that_nothing_reads_are_told_with_where_they_are_set() -> None:
    (doubt,) = project(step("A", sets("LOST"), sets("USED"), reads("USED"))).facts_never_read

    assert ("LOST", ["demo_100/A"]) == (doubt.key, [place.name for place in doubt.places])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (project(step("A", reads("CONFIG_A"))), {"CONFIG_A": True}),
        (project(step("A", reads("CONFIG_A")), options=("CONFIG_A",)), {}),
        (project(step("A", reads("HOSTS"), sets("HOSTS"))), {}),
        (project(step("A", reads("KEYS_10")), installer=(sets("KEYS_*"),)), {}),
        (project(templates=(reads("NAMES"), sets("NAMES"))), {}),
        (project(step("A", reads("KEYS_*"))), {"KEYS_*": False}),
        (project(step("A", reads("CONFIG_*")), options=("CONFIG_A",)), {}),
        (project(step("A", reads("CONFIG_A"), sets("*"))), {"CONFIG_A": False}),
        (project(templates=(reads("ntp::servers"),)), {"ntp::servers": False}),
    ],
)
def test_a_key_that_nobody_declares_or_sets_is_told_with_its_certainty(
    asked: Questions, expected: dict[str, bool]
) -> None:
    assert expected == {doubt.key: doubt.certain for doubt in asked.undeclared_reads}


def test_a_fact_that_only_a_later_step_sets_is_read_before_it_is_set() -> None:
    asked = project(
        step("A", reads("LATE"), reads("EARLY"), reads("EASY", Known(""))),
        step("B", sets("LATE"), sets("EARLY"), sets("EASY")),
        hooks=(sets("EARLY"),),
    )

    assert [("LATE", ["demo_100/A"])] == [
        (doubt.key, [place.name for place in doubt.places]) for doubt in asked.read_before_set
    ]


def test_a_step_that_sets_what_it_reads_is_left_alone() -> None:
    assert () == project(step("A", reads("K"), sets("K"))).read_before_set


def test_uses_come_in_the_order_in_which_they_happen() -> None:
    asked = project(
        step("A", reads("K")),
        step("B", sets("K")),
        templates=(reads("K"),),
        hooks=(reads("*_K"), reads("K*")),
        installer=(sets("K"),),
    )

    assert ["demo", "demo_100", "demo_100/A", "demo_100/B", "demo"] == [
        place.name for place in asked.places_of("K")
    ]


def template(name: str, *includes: tuple[str, str]) -> Template:
    return Template(
        name=name,
        type="class",
        location=at(),
        includes=tuple(
            Include(
                name=included, location=at(), template=included, guard=Compare(option, "==", "y")
            )
            for included, option in includes
        ),
    )


def bringing(*templates: Template) -> Questions:
    used = TemplateUse(name=Known("controller"), location=at(), template="controller")
    plugin = Plugin(
        module="demo_100",
        order=100,
        location=at(),
        sequences=(
            Sequence(
                title="S",
                plugin="demo_100",
                location=at(),
                position=1,
                steps=(
                    Step(
                        title=Known("A"),
                        plugin="demo_100",
                        sequence="S",
                        location=at(),
                        actions=Actions(templates=(used, used)),
                    ),
                ),
            ),
        ),
    )
    return Questions(
        Project(schema_version=SCHEMA_VERSION, name="demo", plugins=(plugin,), templates=templates)
    )


def test_a_step_brings_what_its_manifests_include() -> None:
    asked = bringing(
        template("controller", ("nova", "NOVA"), ("elsewhere", "X")),
        template("nova", ("nova/db", "DB"), ("controller", "LOOP")),
        template("nova/db"),
        template("lonely"),
    )

    assert [
        ("controller", (), "always"),
        ("nova", ("controller",), "NOVA is y"),
        ("nova/db", ("controller", "nova"), "NOVA is y and DB is y"),
    ] == [
        (brought.template.name, brought.through, describe(brought.guard))
        for brought in asked.templates_of(asked.steps[0])
    ]


def test_a_template_knows_who_brings_it_in() -> None:
    asked = bringing(template("controller", ("nova", "NOVA"), ("nova", "AGAIN")), template("nova"))
    controller, nova = asked.project.templates

    assert (asked.steps[0],) == asked.brought_in_by(controller)
    assert (controller,) == asked.brought_in_by(nova)
    assert ["nova"] == [brought.template.name for brought in asked.brings(controller)]
    assert ["NOVA is y or AGAIN is y"] == [describe(b.guard) for b in asked.brings(controller)]
