"""PD101, PD102, PD105, PD113, PD114: is there a text at all, and does it belong to something."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.inspection import is_blank, usage_document
from plugindoc.checking.rules.base import Rule, config, document, option, tree
from plugindoc.checking.subject import Subject
from plugindoc.model.names import nearest
from plugindoc.model.project import Option, UsageEntry

__all__ = [
    "DuplicateUsageEntry",
    "StaleUsageEntry",
    "UndocumentedGroup",
    "UndocumentedOption",
    "UndocumentedPlugin",
]

_PORT = """
    {
        "CONF_NAME": "CONFIG_EXAMPLE_PORT",
        "CMD_OPTION": "example-port",
        "PROMPT": "Enter the port of the example",
        "DEFAULT_VALUE": "8080",
    },
"""


class UndocumentedOption(Rule):
    """Find options without a description.

    ## What it does
    Reports an option with a missing or blank `USAGE` and no entry in the usage document, or with an
    entry that the plugin never loads (it does not call `update_params_usage`).

    ## Why is this bad
    `--help`, the comment in the answer file and the reference page are empty, so users have to
    guess.

    ## What it cannot see
    Whether the description is helpful. A computed description counts as one.
    """

    code = "PD101"
    name = "undocumented-option"
    severity = "error"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "PROMPT": "Enter the port of the example",
                "DEFAULT_VALUE": "8080",
            },
            """
        ),
        option('{"CONF_NAME": "CONFIG_EXAMPLE", "CMD_OPTION": "example", "USAGE": "  "},'),
        document("**CONFIG_EXAMPLE_HOST**\n    Server of the example.\n", options=_PORT),
    )
    valid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "Port on which the example listens.",
                "PROMPT": "Enter the port of the example",
                "DEFAULT_VALUE": "8080",
            },
            """
        ),
        document(
            "**CONFIG_EXAMPLE_PORT**\n    Port on which the example listens.\n", options=_PORT
        ),
        option(
            '{"CONF_NAME": "CONFIG_EXAMPLE", "CMD_OPTION": "example", "USAGE": "On %s." % host()},'
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options without a text."""
        entries = _entries(subject)
        for found in subject.questions.options:
            if not is_blank(found.usage):
                continue
            entry = entries.get(found.name)
            if entry is not None:
                message = (
                    f"{found.name} has no description: its entry in {entry.location} is not used"
                )
                hint = "call update_params_usage for its list"
            else:
                message = f"{found.name} has no description"
                hint = _where_to_write(found, subject, entries)
            yield Finding(object=found.name, message=message, location=found.location, hint=hint)


def _entries(subject: Subject) -> dict[str, UsageEntry]:
    documents = subject.project.usage_documents
    return {entry.name: entry for each in reversed(documents) for entry in reversed(each.entries)}


def _where_to_write(found: Option, subject: Subject, entries: dict[str, UsageEntry]) -> str:
    kept = usage_document(subject)
    declared = {each.name: each for each in subject.questions.options}
    sibling = any(
        each.plugin == found.plugin and name in entries for name, each in declared.items()
    )
    if kept is None or not sibling:
        return 'describe it in its "USAGE"'
    guess = nearest(found.name, [name for name in entries if name not in declared])
    known = f" (there is one for {guess}, which is not an option)" if guess else ""
    return f"add an entry **{found.name}** into {kept.path}{known}"


class StaleUsageEntry(Rule):
    """Find descriptions of options that do not exist.

    ## What it does
    Reports an entry of the usage document that names an undeclared option, and suggests the option
    it may belong to.

    ## Why is this bad
    Readers set an option that nothing reads. Often the option was renamed and now has no
    description.

    ## What it cannot see
    Entries outside the options section of the document.
    """

    code = "PD102"
    name = "stale-usage-entry"
    severity = "error"
    about = "entry"
    invalid = (
        document(
            """
            **CONFIG_EXAMPLE_PORTS**
                Port on which the example listens.
            """,
            options=_PORT,
        ),
    )
    valid = (
        document(
            """
            **CONFIG_EXAMPLE_PORT**
                Port on which the example listens.
            """,
            options=_PORT,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield entries that no option takes."""
        undocumented = [o.name for o in subject.questions.options if is_blank(o.usage)]
        for kept in subject.project.usage_documents:
            for entry in kept.entries:
                if entry.name in subject.option_names or not entry.first:
                    continue
                yield Finding(
                    object=entry.name,
                    message=f"{entry.name} is documented, but no plugin declares it",
                    location=entry.location,
                    hint=_belongs_to(entry.name, undocumented, subject),
                    absent=True,
                )


def _belongs_to(name: str, undocumented: list[str], subject: Subject) -> str:
    successor = subject.questions.deprecated_names.get(name)
    if successor is not None:
        return f"it is a former name of {successor.name}: document {successor.name} instead"
    guess = nearest(name, undocumented)
    if guess:
        return f"does it belong to {guess}, which has no description?"
    guess = nearest(name, subject.option_names)
    return f"did you mean {guess}?" if guess else "delete the entry"


class DuplicateUsageEntry(Rule):
    """Find options that the usage document describes twice.

    ## What it does
    Reports every entry for an option except the first.

    ## Why is this bad
    The installer uses the first entry and silently drops the others. Edits to those have no effect.

    ## What it cannot see
    Two entries in different documents.
    """

    code = "PD105"
    name = "duplicate-usage-entry"
    severity = "warning"
    about = "entry"
    invalid = (
        document(
            """
            **CONFIG_EXAMPLE_PORT**
                Port on which the example listens.

            **CONFIG_EXAMPLE_PORT**
                Port of the example, from 1024 on.
            """,
            options=_PORT,
        ),
    )
    valid = StaleUsageEntry.valid

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield entries after the first of the same name."""
        for kept in subject.project.usage_documents:
            first = {entry.name: entry for entry in kept.entries if entry.first}
            for entry in kept.entries:
                if not entry.first and entry.name in first:
                    yield Finding(
                        object=entry.name,
                        message=f"{entry.name} has an earlier entry; this one is never shown",
                        location=entry.location,
                        hint="merge it into the first "
                        f"(line {first[entry.name].location.line}) and delete it",
                    )


class UndocumentedPlugin(Rule):
    """Find plugins without a docstring.

    ## What it does
    Reports a plugin module that does not say what it installs.

    ## Why is this bad
    The docstring introduces the page of the plugin. Without it, the page starts with a list of
    options.

    ## What it cannot see
    Whether the docstring is accurate.
    """

    code = "PD113"
    name = "undocumented-plugin"
    severity = "warning"
    about = "plugin"
    invalid = (
        tree(
            {
                "example/plugins/example_100.py": "def initConfig(controller):\n    pass\n\n\n"
                "def initSequences(controller):\n    pass\n"
            },
            shown="def initConfig(controller):\n    pass\n",
        ),
    )
    valid = (
        tree(
            {
                "example/plugins/example_100.py": '"""Install and configure the example."""\n\n\n'
                "def initConfig(controller):\n    pass\n\n\n"
                "def initSequences(controller):\n    pass\n"
            },
            shown='"""Install and configure the example."""\n\n\n'
            "def initConfig(controller):\n    pass\n",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield plugins without a docstring."""
        for plugin in subject.project.plugins:
            if not (plugin.docstring or "").strip():
                yield Finding(
                    object=plugin.module,
                    message=f"{plugin.module} has no docstring",
                    location=plugin.location,
                    hint="start the module with a docstring that describes what it installs",
                )


class UndocumentedGroup(Rule):
    """Find option groups without a title.

    ## What it does
    Reports a group whose `DESCRIPTION` is missing or blank.

    ## Why is this bad
    The description is the heading of the group in `--help` and on its page.

    ## What it cannot see
    A computed title counts as one.
    """

    code = "PD114"
    name = "undocumented-group"
    severity = "warning"
    about = "group"
    invalid = (config('controller.addGroup({"GROUP_NAME": "EXAMPLE"}, [])'),)
    valid = (
        config(
            'controller.addGroup({"GROUP_NAME": "EXAMPLE", "DESCRIPTION": "Example options"}, [])'
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield groups without a title."""
        for group in subject.questions.groups:
            if is_blank(group.description):
                yield Finding(
                    object=group.name,
                    message=f"group {group.name} has no title",
                    location=group.location,
                    hint='add a title in its "DESCRIPTION"',
                )
