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
    """Find plugins that are not loaded because of their file name.

    ## What it does
    Looks for Python files next to the plugins that define `initConfig` but whose name does not
    match the pattern for plugins: `name_NNN.py` with exactly three digits, or the pattern in the
    settings of the protocol.

    ## Why is this bad
    Packstack silently ignores the file, or stops if the name contains no number.

    ## What it cannot see
    Files in other folders. A name that starts with an underscore is considered intentional.
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
                    order = "; the three digits determine the load order" if is_usual else ""
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
    Reports a plugin whose three digits are already used by an earlier plugin.

    ## Why is this bad
    Which plugin is loaded first depends on the file system, so the order of groups and sequences
    differs between machines.

    ## What it cannot see
    Whether the order matters for these two plugins.
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
                    message=f"{plugin.module} has the same number {order:03} as {first.module}",
                    location=plugin.location,
                    hint="rename one of them",
                )


class OptionNamePattern(Rule):
    """Find option names that do not follow the naming convention.

    ## What it does
    Reports a `CONF_NAME` that is not `CONFIG_` followed by capital letters, digits and underscores.

    ## Why is this bad
    People and tools recognise options by this format.

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
                    hint="rename it, and add the old name to DEPRECATES",
                )


class FlagFormat(Rule):
    """Find flags that do not follow the naming convention.

    ## What it does
    Reports a `CMD_OPTION` that contains anything but lowercase letters, digits and single dashes.
    The fix rewrites it. It is unsafe because users may have the flag in their scripts.

    ## Why is this bad
    Inconsistent flags are easily mistyped, and a flag that is declared with two dashes ends up with
    four.

    ## What it cannot see
    Flags that are computed. PD214 reports underscores.
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
    """Find options that are overwritten because their name looks like that of a host.

    ## What it does
    Reports an option with `_HOST` in its name that does not name a host to install: the name
    continues after it (`…_HOSTNAME`, `…_HOST_TYPE`), the option has choices, or its default is not
    an address.

    ## Why is this bad
    In Packstack, `--allinone` and `--install-hosts` set *every* option with `_HOST` in its name to
    the address of the controller. If the installer's code only checks the end of the name, so does
    the rule; if the installer has no such flags, nothing is reported. If the code is not in the
    tree, set `host-options` in the settings of the protocol.

    ## What it cannot see
    Hosts that the installer does not manage and whose option ends in `_HOST`.
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
                    message=f"{each.name} contains _HOST: --allinone and --install-hosts "
                    "overwrite it",
                    location=place(each, "name"),
                    hint="rename it, and add the old name to DEPRECATES",
                )


def _is_no_server(each: Option) -> bool:
    if not re.search(r"_HOSTS?$", each.name) or any(choices(each)):
        return True
    default = each.default.value if isinstance(each.default, Known) else None
    return isinstance(default, str) and not _HOST_LIKE.search(default)
