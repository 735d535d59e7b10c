"""PD505 to PD507: what manifests declare of Puppet modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.rules.base import PORT, Example, Made, Rule, made_late, manifest
from plugindoc.checking.subject import Subject
from plugindoc.model.class_uses import ClassUse
from plugindoc.model.modules import METAPARAMETERS, PuppetClass
from plugindoc.model.names import nearest
from plugindoc.model.project import Argument

__all__ = ["DeprecatedClassParameter", "UnknownClass", "UnknownClassParameter"]

_MODULE: Final = """\
# @param listen
#   Port to listen on.
class web::server (
  $listen = 80,
  # DEPRECATED PARAMETERS
  $port   = undef,
) {
  if $port {
    warning('The port parameter is deprecated. Use the listen parameter instead.')
  }
}
"""


@made_late
def _using(name: str, parameter: str) -> Made:
    example = manifest(
        f"class {{ '{name}':\n  {parameter} => lookup('CONFIG_EXAMPLE_PORT'),\n}}\n", options=PORT
    )
    modules = {"web/manifests/server.pp": _MODULE}
    return Made(example.shown, example.files, modules=modules)


_GOOD: Final[Example] = _using("web::server", "listen")


def _known(subject: Subject) -> Iterator[tuple[PuppetClass, ClassUse]]:
    """Yield the uses of classes that are known, where modules are given."""
    if subject.modules is not None:
        for name, uses in subject.class_uses.by_class.items():
            known = subject.classes.by_name.get(name)
            if known is not None:
                yield from ((known, use) for use in uses)


def _fed(subject: Subject, use: ClassUse, argument: Argument) -> str:
    options = subject.class_uses.options(use, [argument.name])
    return f", which gets its value from {' and '.join(options)}" if options else ""


class UnknownClassParameter(Rule):
    """Find values for parameters that a class does not have.

    ## What it does
    With `--puppet-modules`: reports a value that a manifest passes to a class or defined type, of
    the modules or of the installer itself, for a parameter that does not exist.

    ## Why is this bad
    Puppet fails to compile the catalogue, and nothing is installed.

    ## What it cannot see
    Parameters with computed names, parameters passed by `create_resources` and similar functions,
    and classes whose file could not be read.
    """

    code = "PD505"
    name = "unknown-class-parameter"
    severity = "error"
    about = "template"
    invalid = (_using("web::server", "listn"),)
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield values that no parameter takes."""
        lost = {problem.location.path for problem in subject.classes.problems}
        for known, use in _known(subject):
            if known.location.path in lost | subject.problem_paths:
                continue
            for argument in use.include.arguments:
                if argument.name in {"*", *METAPARAMETERS, *known.parameters}:
                    continue
                guess = nearest(argument.name, known.parameters)
                yield Finding(
                    object=use.template.name,
                    message=f"{known.name} has no parameter {argument.name}"
                    + _fed(subject, use, argument),
                    location=argument.location,
                    hint=f"did you mean {guess}?" if guess else "remove it",
                )


class DeprecatedClassParameter(Rule):
    """Find uses of classes and parameters that their module deprecates.

    ## What it does
    With `--puppet-modules`: reports a class or defined type that a manifest uses, or a parameter
    that it sets, if the module marks it as deprecated: below `# DEPRECATED PARAMETERS`, with a
    `warning()`, or with `@deprecated`.

    ## Why is this bad
    A later release of the module will remove it, and users see warnings until then.

    ## What it cannot see
    Deprecations that are worded differently, or that apply to some values only.
    """

    code = "PD506"
    name = "deprecated-class-parameter"
    severity = "warning"
    about = "template"
    invalid = (_using("web::server", "port"),)
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield deprecated classes and parameters that are in use."""
        for known, use in _known(subject):
            if known.deprecated:
                yield Finding(
                    object=use.template.name,
                    message=f"{known.name} is deprecated",
                    location=use.include.location,
                    hint=f"its module says: {known.deprecated}",
                )
            for argument in use.include.arguments:
                parameter = known.parameters.get(argument.name)
                if parameter is not None and parameter.deprecated:
                    yield Finding(
                        object=use.template.name,
                        message=f"parameter {argument.name} of {known.name} is deprecated"
                        + _fed(subject, use, argument),
                        location=argument.location,
                        hint=f"its module says: {parameter.deprecated}",
                    )


class UnknownClass(Rule):
    """Find classes that do not exist in their module.

    ## What it does
    With `--puppet-modules`: reports a class or defined type that a manifest includes or declares,
    if its module is available (in the folder or in the installer) but does not define it.

    ## Why is this bad
    Puppet fails to compile the catalogue, and nothing is installed.

    ## What it cannot see
    Classes of modules that are not available or could not be read, computed names, and types that a
    module implements in Ruby.
    """

    code = "PD507"
    name = "unknown-class"
    severity = "error"
    about = "template"
    invalid = (_using("web::sever", "listen"),)
    valid = (_GOOD, _using("other::server", "listen"))

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield classes that are not there though their module is."""
        if subject.modules is None:
            return
        given = subject.modules
        modules = subject.classes.modules - {given.unread_module(one) for one in given.problems}
        for name, uses in subject.class_uses.by_class.items():
            module, _, inside = name.partition("::")
            if name in subject.classes or module not in modules or not inside:
                continue
            same = [each for each in subject.classes.by_name if each.startswith(f"{module}::")]
            guess = nearest(name, same)
            for use in uses:
                yield Finding(
                    object=use.template.name,
                    message=f"module {module} has no class {name}",
                    location=use.include.location,
                    hint=f"did you mean {guess}?" if guess else "remove it, or use another class",
                )
