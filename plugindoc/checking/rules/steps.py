"""PD401 to PD407: hooks, sequences and steps."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.inspection import can_hold
from plugindoc.checking.rules.base import STEPS, Rule, sequences, tree
from plugindoc.checking.subject import Subject
from plugindoc.model.anchors import identity
from plugindoc.model.conditions import NEVER, all_of, describe
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest
from plugindoc.model.project import Step
from plugindoc.model.values import Reference, known_text, members, words

__all__ = [
    "DuplicateStepTitle",
    "InsertBeforeUnknown",
    "MissingHook",
    "PossiblyUnboundStep",
    "SeveralStepFunctions",
    "StepSignature",
    "UndocumentedStep",
]

_STEP = '''
def create_manifest(config, messages):
    """Write the manifest of the example."""
'''
_GOOD = sequences(STEPS, before=_STEP)


class MissingHook(Rule):
    """Find plugins that lack a hook.

    ## What it does
    Reports a plugin that does not define both `initConfig` and `initSequences`.

    ## Why is this bad
    Packstack checks every plugin for both hooks and does not start without them.

    ## What it cannot see
    Hooks that are defined in any other way than with `def`, an assignment or an import.
    """

    code = "PD401"
    name = "missing-hook"
    severity = "error"
    about = "plugin"
    invalid = (
        tree(
            {
                "example/plugins/example_100.py": '"""Example."""\n\n\n'
                "def initConfig(controller):\n    pass\n"
            },
            shown='"""Example."""\n\n\ndef initConfig(controller):\n    pass\n',
        ),
    )
    valid = (
        tree(
            {
                "example/plugins/example_100.py": '"""Example."""\n\n\n'
                "def initConfig(controller):\n    pass\n\n\n"
                "def initSequences(controller):\n    pass\n"
            },
            shown="def initConfig(controller):\n    pass\n\n\n"
            "def initSequences(controller):\n    pass\n",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield plugins that the installer refuses."""
        wanted = subject.hooks
        broken = {p.location.path for p in subject.project.problems if p.kind in _BROKEN}
        for plugin in subject.project.plugins:
            missing = [hook for hook in wanted if hook not in plugin.hooks]
            if missing and plugin.location.path not in broken:
                yield Finding(
                    object=plugin.module,
                    message=f"{plugin.module} does not define {' and '.join(missing)}",
                    location=plugin.location,
                    hint="define it; use `pass` if there is nothing to do",
                )


_BROKEN: Final = ("parse-error", "unreadable")


class SeveralStepFunctions(Rule):
    """Find steps with more than one function.

    ## What it does
    Reports a step with several `functions`, and whether the installer's code rejects it. If that
    code is not in the tree, Packstack's behaviour is assumed. If your installer runs all functions,
    set `first-function-only = false` in the settings of the protocol.

    ## Why is this bad
    Packstack runs the first function and silently drops the others.

    ## What it cannot see
    Lists that are computed.
    """

    code = "PD402"
    name = "several-step-functions"
    severity = "error"
    about = "step"
    invalid = (
        sequences(
            """
            steps = [{"title": "Preparing example", "functions": [create_manifest, finish]}]
            controller.addSequence("Installing the example", [], [], steps)
            """,
            before=_STEP + "\n\ndef finish(config, messages):\n    '''Finish.'''\n",
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield steps of which the installer takes the first function alone."""
        if subject.runs_all_functions:
            return
        for step in subject.questions.steps:
            _, *idle = members(step.functions) or (None,)
            if idle:
                never = f"never runs {', '.join(words(function) for function in idle)}"
                refused = f"has {len(idle) + 1} functions, but the installer only accepts one"
                yield Finding(
                    object=identity(step),
                    message=f"the step “{words(step.title)}” "
                    f"{refused if subject.own.behaviour.one_function else never}",
                    location=step.location,
                    hint="create a step for each function, or call the others from the first",
                )


class DuplicateStepTitle(Rule):
    """Find steps that replace one another.

    ## What it does
    Reports a step with the title of an earlier step in the same sequence, unless their conditions
    exclude each other.

    ## Why is this bad
    Packstack stores steps by title: the later step replaces the earlier one, which never runs. If
    your installer keeps both, set `steps-by-title = false` in the settings of the protocol.

    ## What it cannot see
    Titles that are computed.
    """

    code = "PD403"
    name = "duplicate-step-title"
    severity = "error"
    about = "step"
    invalid = (
        sequences(
            """
            steps = [{"title": "Preparing example", "functions": [create_manifest]},
                     {"title": "Preparing example", "functions": [finish]}]
            controller.addSequence("Installing the example", [], [], steps)
            """,
            before=_STEP + "\n\ndef finish(config, messages):\n    '''Finish.'''\n",
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield steps that are lost."""
        for sequence in subject.questions.run_order:
            for lost in sequence.replaced:
                title = words(lost.title)
                rivals = [step for step in sequence.steps if words(step.title) == title]
                if any(all_of((lost.guard, rival.guard)) != NEVER for rival in rivals):
                    yield Finding(
                        object=identity(lost),
                        message=f"the step “{title}” never runs: a later one has the same title",
                        location=lost.location,
                        hint="give them different titles",
                    )


_TITLE_OF_TWO = """
    if controller.CONF["CONFIG_EXAMPLE_BACKEND"] == "sql":
        title = "Preparing the database"
    elif controller.CONF["CONFIG_EXAMPLE_BACKEND"] == "file":
        title = "Preparing the folder"
    steps = [{"title": title, "functions": [create_manifest]}]
    controller.addSequence("Installing the example", [], [], steps)
"""
"""Wrong if the option can be anything, right if its choices are enforced."""


class PossiblyUnboundStep(Rule):
    """Find steps whose title or function may be undefined.

    ## What it does
    Reports a name that `initSequences` or `initConfig` uses for a step or declaration but that some
    branch does not assign, with the answers for which that happens.

    ## Why is this bad
    For those answers, the installer stops with an `UnboundLocalError` before anything is installed.

    ## What it cannot see
    Answers that are already rejected elsewhere, by code that static analysis does not understand.
    Branches for all choices of an option count as complete if a validator enforces the choices.
    """

    code = "PD404"
    name = "possibly-unbound-step"
    severity = "error"
    about = "plugin"
    invalid = (sequences(_TITLE_OF_TWO, before=_STEP),)
    valid = (
        sequences(
            """
            if controller.CONF["CONFIG_EXAMPLE_BACKEND"] == "sql":
                title = "Preparing the database"
            else:
                title = "Preparing the folder"
            steps = [{"title": title, "functions": [create_manifest]}]
            controller.addSequence("Installing the example", [], [], steps)
            """,
            before=_STEP,
        ),
        sequences(
            _TITLE_OF_TWO,
            before=_STEP,
            options="""
            {"CONF_NAME": "CONFIG_EXAMPLE_BACKEND", "CMD_OPTION": "example-backend",
             "USAGE": "Where the data is kept.", "PROMPT": "Enter the backend",
             "OPTION_LIST": ["file", "sql"], "VALIDATORS": [validators.validate_options]},
            """,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield steps that a path leaves undefined."""
        for plugin in subject.project.plugins:
            for constraint in plugin.constraints:
                if constraint.error not in _UNBOUND or not can_hold(constraint.condition, subject):
                    continue
                name = subject.sources.at(constraint.location) or "a name"
                when = describe(constraint.condition)
                yield Finding(
                    object=plugin.module,
                    message=f"{plugin.module} uses {name}, which is undefined when {when}",
                    location=constraint.location,
                    hint="assign it in every branch, or before",
                )


_UNBOUND: Final = ("UnboundLocalError", "NameError")


_SIGNATURE: Final = re.compile(
    r"^\s*(?:async\s+)?def\s+\w+\s*\((?P<parameters>.*?)\)\s*(?:->.*?)?:", re.DOTALL
)
_GIVEN: Final = 2
_CONSENSUS: Final = 4
"""So many unfit steps to each that fits, and at least so many, are an installer of another kind."""


class StepSignature(Rule):
    """Find step functions with the wrong parameters.

    ## What it does
    Reports the function of a step if it cannot be called with `(config, messages)`.

    ## Why is this bad
    The step fails with a `TypeError`, after earlier steps have changed the hosts.

    ## What it cannot see
    Functions that are decorated or defined outside the installer. If hardly any of many steps
    accept these arguments, the installer calls its steps differently (with `(config)` alone before
    2014), and nothing is reported.
    """

    code = "PD405"
    name = "step-signature"
    severity = "error"
    about = "step"
    reads_files = True
    invalid = (
        sequences(
            STEPS,
            before="def create_manifest(config):\n    '''Write the manifest.'''\n",
        ),
    )
    valid = (
        _GOOD,
        sequences(
            """
            titles = ["Preparing", "Installing", "Starting", "Testing"]
            steps = [{"title": title, "functions": [run_old_step]} for title in titles]
            controller.addSequence("Installing the example", [], [], steps)
            """,
            before="def run_old_step(config):\n    '''Run as steps did before 2014.'''\n",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield steps whose function takes something else."""
        unfit: list[tuple[Step, Reference, Location]] = []
        fit = 0
        for step in subject.questions.steps:
            function = step.function
            if function is None or function.location is None:
                continue
            parameters = _parameters(function.location, subject)
            if parameters is not None and not _takes_two(parameters):
                unfit.append((step, function, function.location))
            else:
                fit += parameters is not None
        if len(unfit) >= _CONSENSUS * max(fit, 1):
            return
        for step, function, location in unfit:
            yield Finding(
                object=identity(step),
                message=f"the step “{words(step.title)}” runs {function.name}, which cannot "
                "be called with (config, messages)",
                location=location,
                hint="give it the parameters config and messages",
            )


def _parameters(location: Location, subject: Subject) -> ast.arguments | None:
    """Return a function's parameters; None if they cannot be read for sure."""
    lines = subject.sources.lines(location.path)
    above = subject.sources.line(location.path, location.line - 1).strip()
    match = _SIGNATURE.match("\n".join(lines[location.line - 1 : location.line + 9]))
    if match is None or above.startswith("@"):
        return None
    try:
        module = ast.parse(f"def function({match['parameters']}): pass")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    definition = module.body[0]
    return definition.args if isinstance(definition, ast.FunctionDef) else None


def _takes_two(parameters: ast.arguments) -> bool:
    positional = len(parameters.posonlyargs) + len(parameters.args)
    required = positional - len(parameters.defaults)
    named = sum(default is None for default in parameters.kw_defaults)
    return (
        required <= _GIVEN and not named and (positional >= _GIVEN or parameters.vararg is not None)
    )


class UndocumentedStep(Rule):
    """Find steps whose function has no docstring.

    ## What it does
    Reports a step whose function does not say what it does.

    ## Why is this bad
    The page of the step shows what it reads, sets and runs, but not why.

    ## What it cannot see
    Functions that are defined outside the installer.
    """

    code = "PD406"
    name = "undocumented-step"
    severity = "info"
    about = "step"
    invalid = (
        sequences(
            STEPS,
            before="def create_manifest(config, messages):\n    pass\n",
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield steps without a docstring."""
        for step in subject.questions.steps:
            function = step.function
            if (
                function is not None
                and function.location is not None
                and not step.docstring.strip()
            ):
                yield Finding(
                    object=identity(step),
                    message=f"{function.name} has no docstring to describe the step "
                    f"“{words(step.title)}”",
                    location=function.location,
                    hint="add a docstring",
                )


class InsertBeforeUnknown(Rule):
    """Find sequences that are inserted before an unknown sequence.

    ## What it does
    Reports `insertSequenceBeforeSequence` with a title that no plugin registers.

    ## Why is this bad
    Packstack silently adds the sequence at the very end; other installers stop with an error.

    ## What it cannot see
    Whether the other sequence is registered in time.
    """

    code = "PD407"
    name = "insert-before-unknown"
    severity = "error"
    about = "sequence"
    invalid = (
        sequences(
            """
            steps = [{"title": "Preparing example entries", "functions": [create_manifest]}]
            controller.insertSequenceBeforeSequence(
                "Apply manifests", "Installing the example", [], [], steps
            )
            """,
            before=_STEP,
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield sequences with an unknown place."""
        titles = {sequence.title for sequence in subject.questions.run_order}
        for sequence in subject.questions.run_order:
            before = known_text(sequence.insertion.before) if sequence.insertion else None
            if before is not None and before not in titles:
                guess = nearest(before, titles)
                yield Finding(
                    object=identity(sequence),
                    message=f"“{sequence.title}” is inserted before “{before}”, "
                    "which does not exist",
                    location=sequence.location,
                    hint=f"did you mean “{guess}”?" if guess else "name an existing sequence",
                    absent=True,
                )
