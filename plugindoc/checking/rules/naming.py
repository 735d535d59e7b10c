"""PD601 to PD605: names and order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from plugindoc.checking.diagnostics import Edit, Finding, Fix
from plugindoc.checking.inspection import asked, choices, place
from plugindoc.checking.rules.base import Rule, option, tree
from plugindoc.checking.subject import Subject
from plugindoc.model.locations import Location
from plugindoc.model.project import Option, Plugin
from plugindoc.model.values import Known, known_text
from plugindoc.opening import is_utf8
from plugindoc.protocol import PACKSTACK

__all__ = [
    "BadPluginFilename",
    "DuplicateOrderNumber",
    "FlagFormat",
    "MisleadingHostName",
    "OptionNamePattern",
]

_PLUGIN: Final = (
    '"""Example."""\n\n\ndef initConfig(controller):\n    pass\n\n\n'
    "def initSequences(controller):\n    pass\n"
)
_GOOD = option(
    """
    {
        "CONF_NAME": "CONFIG_EXAMPLE_HOST",
        "CMD_OPTION": "example-host",
        "USAGE": "Server on which to install the example.",
        "PROMPT": "Enter the server of the example",
        "DEFAULT_VALUE": utils.get_localhost_ip(),
    },
    """
)


class BadPluginFilename(Rule):
    """Find plugins that are not loaded because of their file's name.

    ## What it does
    Looks beside the plugins for Python files that define `initConfig` and whose name does not
    match the pattern of plugins: `name_NNN.py` with exactly three digits, or what the settings of
    the protocol say.

    ## Why is this bad
    Packstack passes over them in silence, or stops if the name has no number at all.

    ## What it cannot see
    Files in other folders. A name that starts with an underscore is taken to be meant.
    """

    code = "PD601"
    name = "bad-plugin-filename"
    severity = "error"
    about = "file"
    reads_files = True
    invalid = (
        tree(
            {
                "example/plugins/example_100.py": _PLUGIN,
                "example/plugins/other_20.py": _PLUGIN,
            },
            shown="plugins/other_20.py\n",
        ),
    )
    valid = (tree({"example/plugins/example_100.py": _PLUGIN}, shown="plugins/example_100.py\n"),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield files that look like plugins and are none."""
        root = subject.sources.root
        if root is None or not subject.hooks:
            return
        hook = re.compile(rf"^def {re.escape(subject.hooks[0])}\b", re.MULTILINE)
        pattern = subject.protocol.plugin_pattern
        is_usual = pattern == PACKSTACK.plugin_pattern
        loaded = {plugin.location.path for plugin in subject.project.plugins}
        for folder in subject.project.sources:
            for file in _python_files(root / folder):
                path = f"{folder}/{file}" if folder not in ("", ".") else file
                if path in loaded or path in subject.problem_paths:
                    continue
                if hook.search(subject.sources.text(path)):
                    form = "is not NAME_NNN.py" if is_usual else f"does not match {pattern}"
                    order = "; the three digits are its place in the load order" if is_usual else ""
                    yield Finding(
                        object=path,
                        message=f"{file} is never loaded: its name {form}",
                        location=Location(path, 1),
                        hint=f"rename it{order}",
                    )


def _python_files(folder: Path) -> list[str]:
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError:
        return []
    return sorted(
        name for name in names if name.endswith(".py") and name[0] != "_" and is_utf8(name)
    )


class DuplicateOrderNumber(Rule):
    """Find plugins that share a number.

    ## What it does
    Reports a plugin whose three digits an earlier one has.

    ## Why is this bad
    Which of them loads first depends on the file system: groups are asked and sequences run in
    another order on another machine.

    ## What it cannot see
    Whether the order matters for these two.
    """

    code = "PD602"
    name = "duplicate-order-number"
    severity = "warning"
    about = "plugin"
    invalid = (
        tree(
            {
                "example/plugins/example_100.py": _PLUGIN,
                "example/plugins/other_100.py": _PLUGIN,
            },
            shown="plugins/example_100.py\nplugins/other_100.py\n",
        ),
    )
    valid = (
        tree(
            {
                "example/plugins/example_100.py": _PLUGIN,
                "example/plugins/other_110.py": _PLUGIN,
            },
            shown="plugins/example_100.py\nplugins/other_110.py\n",
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield plugins whose number is taken."""
        taken: dict[int, list[Plugin]] = defaultdict(list)
        for plugin in subject.project.plugins:
            taken[plugin.order].append(plugin)
        for order, (first, *others) in sorted(taken.items()):
            for plugin in others:
                yield Finding(
                    object=plugin.module,
                    message=f"{plugin.module} has the number {order:03} of {first.module}",
                    location=plugin.location,
                    hint="rename one of them",
                )


class OptionNamePattern(Rule):
    """Find option names of another form.

    ## What it does
    Reports a `CONF_NAME` that is not `CONFIG_` and capitals, digits and underscores.

    ## Why is this bad
    Readers and tools tell options from other keys by that form.

    ## What it cannot see
    Names that are computed.
    """

    code = "PD603"
    name = "option-name-pattern"
    severity = "info"
    invalid = (
        option(
            '{"CONF_NAME": "EXAMPLE_Port", "CMD_OPTION": "example-port", "USAGE": "Port.",\n'
            ' "PROMPT": "Enter the port"},'
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield names that break the pattern."""
        for each in subject.questions.options:
            if not re.fullmatch(r"CONFIG(?:_[A-Z0-9]+)+", each.name):
                yield Finding(
                    object=each.name,
                    message=f"{each.name} is not of the form CONFIG_NAME",
                    location=place(each, "name"),
                    hint="rename it, and name the old one in DEPRECATES",
                )


class FlagFormat(Rule):
    """Find flags of another form.

    ## What it does
    Reports a `CMD_OPTION` that is not lower case, digits and single dashes. The fix rewrites it; it
    is unsafe, since users may have it in their scripts.

    ## Why is this bad
    Flags of several forms are mistyped, and two dashes in front make four.

    ## What it cannot see
    Flags that are computed. Underscores are PD214's.
    """

    code = "PD604"
    name = "flag-format"
    severity = "warning"
    unless = ("PD214",)
    invalid = (
        option(
            '{"CONF_NAME": "CONFIG_PORT", "CMD_OPTION": "--example-Port", "USAGE": "Port.",\n'
            ' "PROMPT": "Enter the port"},'
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield flags that break the form."""
        for each in subject.questions.options:
            flag = known_text(each.flag)
            if flag is None or not asked(each) or re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", flag):
                continue
            better = re.sub(r"[^a-z0-9]+", "-", flag.lower()).strip("-")
            span = place(each, "flag")
            quote = subject.sources.at(span)[:1]
            exact = quote in ("'", '"') and subject.sources.at(span) == f"{quote}{flag}{quote}"
            yield Finding(
                object=each.name,
                message=f"the flag {flag!r} of {each.name} is not of the form a-flag",
                location=span,
                hint=f"write {better!r}",
                fix=Fix((Edit(span, f"{quote}{better}{quote}"),), safe=False) if exact else None,
            )


_HOST_LIKE: Final = re.compile(r"^$|localhost|^[\w.-]*[.:][\w.:,-]*$")


class MisleadingHostName(Rule):
    """Find options that are overwritten because their name looks like a server's.

    ## What it does
    Reports an option with `_HOST` in its name that is no server to install: the name goes on behind
    it (`…_HOSTNAME`, `…_HOST_TYPE`), it has choices, or its default is no address.

    ## Why is this bad
    In Packstack, `--allinone` and `--install-hosts` set *every* option with `_HOST` in its name to
    the controller's address. Where the installer's code only looks at the end of names, so does the
    rule; where it has no such flags, the rule is silent. `host-options` in the settings of the
    protocol says it of an installer whose code is not in the tree.

    ## What it cannot see
    A server that is somebody else's, whose name ends in `_HOST`.
    """

    code = "PD605"
    name = "misleading-host-name"
    severity = "warning"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_HOSTNAME_STYLE",
                "CMD_OPTION": "example-hostname-style",
                "USAGE": "How the example names machines.",
                "PROMPT": "Enter the style of names",
                "DEFAULT_VALUE": "short",
            },
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that are no servers."""
        names = {"containing": r"_HOST", "ending": r"_HOSTS?$"}.get(subject.host_options)
        for each in subject.questions.options if names else ():
            if re.search(names or "", each.name) and _is_no_server(each):
                yield Finding(
                    object=each.name,
                    message=f"{each.name} holds _HOST: --allinone and --install-hosts overwrite it",
                    location=place(each, "name"),
                    hint="rename it, and name the old one in DEPRECATES",
                )


def _is_no_server(each: Option) -> bool:
    if not re.search(r"_HOSTS?$", each.name) or any(choices(each)):
        return True
    default = each.default.value if isinstance(each.default, Known) else None
    return isinstance(default, str) and not _HOST_LIKE.search(default)
