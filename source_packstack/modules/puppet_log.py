"""Puppet's report about a run on a host: its structured log, and its changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from source_packstack.installer.processes import without_controls
from source_packstack.installer.runs import Change

__all__ = ["Entry", "PuppetLog"]

_FAILURES: Final = frozenset({"err", "alert", "emerg", "crit"})
_EVALUATING = re.compile(r"Starting to evaluate the resource \((\d{1,9}) of (\d{1,9})\)")
_EVALUATED = re.compile(r"Evaluated in [\d.]+ seconds")
# The resource at the end of a source such as /Stage[main]/Memcached/Package[memcached]/ensure.
_RESOURCE = re.compile(r"/([A-Z][\w:]*\[(?:(?!/[A-Z][\w:]*\[).)*\])(?:/\w+)?$", re.DOTALL)
_MOST_CHARACTERS = 2_000  # shown for one error

_ADVICE: Final = {
    r"Unable to locate package|no installation candidate|Couldn't find any package": (
        "check the APT sources of {host}: none of its mirrors has this package"
    ),
    r"No space left on device": "free some space on {host}",
    r"Could not get lock|is another process using it": (
        "wait until the other package manager on {host} has finished"
    ),
    r"Could not resolve|Temporary failure (?:in name resolution|resolving)": (
        "check the DNS settings of {host}"
    ),
    r"Connection refused|Connection timed out|Failed to fetch|No route to host": (
        "check that {host} reaches the address above"
    ),
    r"Syntax error|Evaluation Error|Unknown (?:resource type|variable|function)": (
        "correct the manifest or the hieradata at the place above"
    ),
}
_DEFAULT_ADVICE = "read the log from its first error on"


@dataclass(frozen=True)
class Entry:
    """An entry of Puppet's log; `file` and `line` are the location in a manifest, if known."""

    level: str
    source: str
    message: str
    file: str = ""
    line: int = 0

    @property
    def resource(self) -> str:
        """The resource of the entry, such as `Package[memcached]`, or an empty text."""
        match = _RESOURCE.search(self.source)
        return match[1] if match else ""

    def text(self) -> str:
        """Return the entry as Puppet prints it in a terminal."""
        level = "Error" if self.level in _FAILURES else self.level.capitalize()
        source = f"{self.source}: " if self.source not in ("", "Puppet") else ""
        return f"{level}: {source}{self.message}"


@dataclass
class PuppetLog:
    """Collects what `puppet apply` reports about one manifest, line by line.

    Lines are entries of Puppet's JSON log, changes from its report, or plain text of other
    programs. All texts are `masked` first, and have no control characters. `progress` is the
    number of the current resource and the number of all resources.
    """

    host: str
    masked: Callable[[str], str] = str
    lines: list[str] = field(default_factory=list)
    errors: list[Entry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    progress: tuple[int, int] = (0, 0)

    def take(self, line: str) -> str:
        """Process a line; return the host's current activity, or an empty text."""
        data = _read(line)
        if "change" in data:
            self.changes.append(self._change(data["change"]))
            return ""
        if "message" not in data:
            self.lines.append(self._clean(line))
            return self.lines[-1]
        return self._take_entry(self._entry(data))

    def _clean(self, text: object) -> str:
        return without_controls(self.masked(str(text)))

    def _entry(self, data: Mapping[str, Any]) -> Entry:
        line = data.get("line")
        return Entry(
            level=self._clean(data.get("level", "")),
            source=self._clean(data.get("source") or ""),
            message="\n".join(map(self._clean, self.masked(str(data["message"])).split("\n"))),
            file=self._clean(data.get("file") or ""),
            line=line if isinstance(line, int) else 0,
        )

    def _change(self, data: object) -> Change:
        given = data if isinstance(data, dict) else {}
        texts = {str(key): self._clean(value) for key, value in given.items()}
        resource, name, before, after, seconds = (
            texts.get(key, "") for key in ("resource", "property", "before", "after", "seconds")
        )
        return Change(self.host, resource, name, before, after, _number(seconds))

    def _take_entry(self, entry: Entry) -> str:
        if match := _EVALUATING.fullmatch(entry.message):
            self.progress = int(match[1]), int(match[2])
            return entry.resource
        if _EVALUATED.fullmatch(entry.message):
            return ""
        self.lines.append(entry.text())
        if entry.level in _FAILURES and entry.source != "Facter":
            self.errors.append(entry)
        return entry.message.partition("\n")[0]

    def problems(self) -> list[str]:
        """Return the distinct errors with their resources, locations and advice.

        Errors that are repeated later with more detail are omitted.
        """
        messages = [_shortened(entry.message) for entry in self.errors]
        return [
            self._problem(entry, message)
            for index, (entry, message) in enumerate(zip(self.errors, messages, strict=True))
            if not any(
                other.startswith(message) or other.endswith(message)
                for other in messages[index + 1 :]
            )
        ]

    def last_words(self, status: int) -> str:
        """Return the last output before a failure that Puppet did not log as an error."""
        said = self.lines[-1][:_MOST_CHARACTERS] if self.lines else "no output"
        return f"Puppet ended with exit code {status}: {said}"

    def _problem(self, entry: Entry, message: str) -> str:
        place = f" ({entry.file}, line {entry.line})" if entry.file and entry.line else ""
        place = "" if f"line: {entry.line}" in message else place
        what = f"{entry.resource}: " if entry.resource else ""
        fitting = (text for pattern, text in _ADVICE.items() if re.search(pattern, message))
        advice = next(fitting, _DEFAULT_ADVICE)
        return f"{what}{message}{place}\nTry this: {advice.format(host=self.host)}."


def _read(line: str) -> dict[str, Any]:
    """Return the JSON object in a line, or an empty dictionary."""
    if not line.startswith("{"):
        return {}
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _shortened(message: str) -> str:
    """Reduce a failed command's output to the errors of apt and dpkg."""
    first, *more = message.strip().splitlines() or [""]
    words = [line for line in more if line.startswith(("E: ", "dpkg: "))] or more[-1:]
    return "\n".join([first, *words])[:_MOST_CHARACTERS]
