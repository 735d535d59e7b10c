"""PD501 to PD504: manifests and other templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.rules.base import PORT, Rule, manifest, sequences
from plugindoc.checking.subject import Subject
from plugindoc.model.anchors import identity
from plugindoc.model.names import nearest
from plugindoc.model.values import known_text

__all__ = ["MalformedTemplateKey", "MissingTemplate", "UndeclaredTemplateKey", "UnusedTemplate"]

_GOOD = manifest("$port = lookup('CONFIG_EXAMPLE_PORT')\n", options=PORT)


class MissingTemplate(Rule):
    """Find steps that use a template that does not exist.

    ## What it does
    Reports a step that names a manifest or template for which there is no file.

    ## Why is this bad
    The step fails when it runs.

    ## What it cannot see
    Names that are computed, and templates outside the installer.
    """

    code = "PD501"
    name = "missing-template"
    severity = "error"
    about = "step"
    invalid = (
        sequences(
            """
            steps = [{"title": "Preparing example entries", "functions": [create_manifest]}]
            controller.addSequence("Installing the example", [], [], steps)
            """,
            before='''
            def create_manifest(config, messages):
                """Write the manifest of the example."""
                appendManifestFile("example.pp", getManifestTemplate("exmaple"))
            ''',
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield templates that no file holds."""
        names = [template.name for template in subject.project.templates]
        for step in subject.questions.steps:
            for used in step.actions.templates:
                name = known_text(used.name)
                if name and not used.template:
                    guess = nearest(name, names)
                    yield Finding(
                        object=identity(step),
                        message=f"template {name} does not exist",
                        location=used.location,
                        hint=f"did you mean {guess}?" if guess else "add the file",
                        absent=True,
                    )


class UndeclaredTemplateKey(Rule):
    """Find templates that read an unknown key.

    ## What it does
    Reports `lookup('CONFIG_X')`, `hiera(…)`, `%(CONFIG_X)s` or an ERB or EPP expression that has no
    default and whose key is neither an option nor set by a step.

    ## Why is this bad
    Puppet fails on the host, or silently configures nothing.

    ## What it cannot see
    Keys that are only partly known, and Puppet's own keys (`class::parameter`), which can be
    defined in its data.
    """

    code = "PD502"
    name = "undeclared-template-key"
    severity = "error"
    about = "template"
    invalid = (manifest("$port = lookup('CONFIG_EXAMPLE_PROT')\n", options=PORT),)
    valid = (
        _GOOD,
        manifest("$port = lookup('CONFIG_EXAMPLE_HOST', undef, undef, 'localhost')\n"),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield keys that are never there, once for each template."""
        for doubt in subject.questions.undeclared_reads:
            if not doubt.certain or _MALFORMED.search(doubt.key):
                continue
            told: set[str] = set()
            for place in doubt.places:
                if place.kind != "template" or place.use.default is not None or place.name in told:
                    continue
                told.add(place.name)
                guess = nearest(doubt.key, subject.option_names | subject.keys)
                yield Finding(
                    object=place.name,
                    message=f"template {place.name} reads {doubt.key}, which nothing declares or "
                    "sets",
                    location=place.use.location,
                    hint=f"did you mean {guess}?" if guess else "set it in a step, or declare it",
                    absent=True,
                )


_MALFORMED: Final = re.compile(r"^\s|\s$|[^\w:.*-]")


class MalformedTemplateKey(Rule):
    """Find malformed keys in templates.

    ## What it does
    Reports a key that contains spaces or punctuation (`lookup('CONFIG_X ')`), and a `%(CONFIG_X)`
    without the conversion type `s`.

    ## Why is this bad
    The lookup finds nothing, or the template cannot be rendered at all.

    ## What it cannot see
    Keys that are only partly known.
    """

    code = "PD503"
    name = "malformed-template-key"
    severity = "error"
    about = "template"
    invalid = (
        manifest("$port = lookup('CONFIG_EXAMPLE_PORT ')\n", options=PORT),
        manifest("$port = '%(CONFIG_EXAMPLE_PORT)'\n", options=PORT),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield keys that no option can have."""
        for template in subject.project.templates:
            for use in template.uses:
                if not use.pattern and _MALFORMED.search(use.key):
                    yield Finding(
                        object=template.name,
                        message=f"template {template.name} reads {use.key!r}, which is not a "
                        "valid key",
                        location=use.location,
                        hint="correct the name",
                    )
        names = {each.location.path: each.name for each in subject.project.templates}
        for problem in subject.project.problems:
            if problem.kind == "malformed":
                path = problem.location.path
                yield Finding(
                    object=names.get(path, path),
                    message=problem.message,
                    location=problem.location,
                    hint="write %(KEY)s",
                )


class UnusedTemplate(Rule):
    """Find templates that are never applied.

    ## What it does
    Reports a manifest, class or text template that no step uses and no other template includes.

    ## Why is this bad
    It is maintained for nothing, or its include was lost.

    ## What it cannot see
    Templates with computed names: if a step uses one, nothing is reported. Functions, types and
    data are not checked.
    """

    code = "PD504"
    name = "unused-template"
    severity = "info"
    about = "template"
    invalid = (
        manifest(
            "class example::unused {\n}\n",
            name="../modules/example/manifests/unused",
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield templates without a user."""
        used = [t for step in subject.questions.steps for t in step.actions.templates]
        if any(known_text(each.name) is None and not each.template for each in used):
            return
        for template in subject.project.templates:
            if template.type in ("manifest", "class", "text", "erb", "epp") and not (
                subject.questions.brought_in_by(template)
            ):
                yield Finding(
                    object=template.name,
                    message=f"no step or template uses template {template.name}",
                    location=template.location,
                    hint="include it, or delete it",
                )
