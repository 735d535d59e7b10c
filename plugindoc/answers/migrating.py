"""An old answer file brought to a new release: renamed, mapped, commented out, completed.

Lines that need no change stay as they are, with the user's comments, order and line ends.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.answers.checking import is_secret
from plugindoc.answers.parsing import Answer, AnswerFile, parse
from plugindoc.answers.settling import has_default
from plugindoc.changes.history import gone_options
from plugindoc.changes.matching import Pair
from plugindoc.model.conditions import evaluate
from plugindoc.model.project import Option, Project
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known, Reference, members
from plugindoc.validation import unfit_default

__all__ = [
    "Migration",
    "NoAnswersError",
    "Note",
    "NoteKind",
    "difference",
    "migrate",
    "secret_names",
]

NoteKind: TypeAlias = Literal["renamed", "value", "removed", "added", "undecided"]

_CHOOSING: Final = frozenset({"validate_options", "validate_multi_options"})


class NoAnswersError(ValueError):
    """A text is something else than an answer file; the message is one line for the user."""


class Note(msgspec.Struct, frozen=True):
    """Something that was done to a line of the old file, or is left to a person (``undecided``).

    `line` is that of the old file, 0 for what is new. The message shows no value of a secret.
    """

    kind: NoteKind
    name: str
    line: int
    message: str


class Migration(msgspec.Struct, frozen=True):
    """A migrated file, and what was done."""

    text: str
    notes: tuple[Note, ...]

    @property
    def is_decided(self) -> bool:
        """Whether nothing is left to a person."""
        return all(note.kind != "undecided" for note in self.notes)


def migrate(text: str, path: str, old: Project | None, new: Project) -> Migration:
    """Return an answer file for the `new` release.

    Without the `old` one, it is not known which options are new: none are added. What the new one's
    history says of options that are gone is used then. Raises NoAnswersError.
    """
    return _Migrating(text, path, old, new).run()


def secret_names(*projects: Project) -> Callable[[str], bool]:
    """Return a function for whether a name's value is, or may be, a secret."""
    plain: set[str] = set()
    hidden: set[str] = set()
    for project in projects:
        for option in Questions(project).options:
            (hidden if is_secret(option) else plain).add(option.name)
    return lambda name: name.upper() in hidden or name.upper() not in plain


def difference(old: str, new: str, path: str, is_secret: Callable[[str], bool]) -> Iterator[str]:
    """Yield a unified difference of two answer files in which no secret is shown."""
    before, after = (
        [_masked(line, is_secret) for line in each.splitlines()] for each in (old, new)
    )
    yield from difflib.unified_diff(before, after, path, f"{path}.migrated", lineterm="")


_ANSWER: Final = re.compile(r"(?P<head>[\s#;]*(?P<name>[A-Za-z]\w*)\s*[=:])(?P<value>.*)")


def _masked(line: str, is_secret: Callable[[str], bool]) -> str:
    """Return a line with stars for a value that may be a secret, and for what continues one."""
    found = _ANSWER.fullmatch(line)
    if found is None:
        is_plain = not line.strip() or line.lstrip().startswith(("#", ";", "["))
        return line if is_plain else "***"
    hides = found["value"].strip() and is_secret(found["name"])
    return f"{found['head']}***" if hides else line


_DROPPED: Final = re.compile(r"# (?P<name>\w+): (?:removed; nothing replaces it|removed in .*)")
"""The line that `_drop` writes above an answer to an option that is gone."""


class _Migrating:
    def __init__(self, text: str, path: str, old: Project | None, new: Project) -> None:
        self.notes: list[Note] = []
        self.new = Questions(new)
        self.pair = None if old is None else Pair(old, new)
        self.known = {option.name.upper(): option for option in reversed(self.new.options)}
        self.lines = text.split("\n")
        if self.pair is not None:
            before = {option.name.upper() for option in self.pair.old.options}
            given = {answer.name.upper() for answer in parse(text, path).answers}
            self._restore(self.known.keys() - before - given)
        self.file: AnswerFile = parse("\n".join(self.lines), path)
        if self.file.faults and not self.file.answers:
            message = f"{path}: not an answer file: no NAME=VALUE"
            raise NoAnswersError(message)
        self.given = {answer.name.upper() for answer in self.file.answers}
        self.gone = {
            each.name.upper(): each
            for each in gone_options(
                new.history, frozenset(option.name for option in self.new.options)
            )
        }
        self.values: dict[str, object] = {}
        self._starts = [answer.location.line for answer in self.file.answers]
        self._starts += [fault.location.line for fault in self.file.faults]

    def run(self) -> Migration:
        for fault in self.file.faults:
            self._note("undecided", "", fault.location.line, fault.message)
        seen: set[str] = set()
        for answer in self.file.answers:
            name = answer.name.upper()
            if name in seen:
                told = f"{answer.name} is answered twice; delete one"
                self._note("undecided", answer.name, answer.location.line, told)
                continue
            seen.add(name)
            self._answer(answer)
        self._complete()
        return Migration("\n".join(self.lines), tuple(self.notes))

    def _restore(self, names: Collection[str]) -> None:
        """Restore the answers to options that exist again, which `_drop` commented out."""
        for number, line in enumerate(self.lines[:-1]):
            dropped = _DROPPED.fullmatch(line.rstrip("\r"))
            if dropped is None or dropped["name"].upper() not in names:
                continue
            answer = self.lines[number + 1].removeprefix("# ")
            if not re.match(rf"\s*{re.escape(dropped['name'])}\s*[=:]", answer):
                continue
            end = "\r" if line.endswith("\r") else ""
            self.lines[number] = f"# {dropped['name']}: exists again{end}"
            self.lines[number + 1] = answer
            told = f"{dropped['name']} exists again; your answer was restored"
            self._note("added", dropped["name"], number + 2, told)
            following = number + 2
            while following < len(self.lines) and re.match(r"# \s+\S", self.lines[following]):
                self.lines[following] = self.lines[following].removeprefix("# ")
                following += 1

    def _note(self, kind: NoteKind, name: str, line: int, message: str) -> None:
        self.notes.append(Note(kind, name, line, message))

    def _answer(self, answer: Answer) -> None:
        name = answer.name.upper()
        meant = self._meant(name)
        option = self.known.get(name)
        if option is not None and meant is None:
            self._value(answer, option, answer.name)
            return
        successor = meant or self.new.deprecated_names.get(name)
        if successor is None:
            self._unknown(answer)
        elif successor.name.upper() in self.given:
            why = f"{successor.name} is also answered"
            if self._differs(answer, successor):
                self._drop(answer, "undecided", f"{why}, with another value")
            else:
                self._drop(answer, "removed", why)
        else:
            line = answer.location.line
            self.lines[line - 1] = self.lines[line - 1].replace(answer.name, successor.name, 1)
            told = f"{answer.name} is now called {successor.name}"
            self._note("renamed", answer.name, line, told)
            self.given.add(successor.name.upper())
            self._value(answer, successor, successor.name)

    def _meant(self, name: str) -> Option | None:
        """Return the option of the new release that a former name of the old one means."""
        old = None if self.pair is None else self.pair.old.deprecated_names.get(name)
        if old is None or self.pair is None:
            return None
        now = next(
            (m.new for m in self.pair.options if m.how != "likely" and m.old and m.old == old), None
        )
        return None if now is None or now.name.upper() == name else now

    def _differs(self, answer: Answer, successor: Option) -> bool:
        """Return whether one of two answers is lost that had a meaning each in the old release."""
        was_own = self.pair is not None and self.pair.old.options_named(answer.name.upper())
        others = [one.value for one in self.file.answers if one.name.upper() == successor.name]
        kept = self.values.get(successor.name, others[0] if others else None)
        return bool(was_own and answer.value and answer.value != kept)

    def _unknown(self, answer: Answer) -> None:
        """Comment out an option that is gone; leave alone what neither release knows."""
        name = answer.name.upper()
        successor = self._likely(name)
        if successor:
            why = f"removed; its new name is probably {successor}"
            self._drop(answer, "undecided", why)
        elif self.pair is not None and self.pair.old.options_named(name):
            self._drop(answer, "removed", "removed; nothing replaces it")
        elif name in self.gone:
            self._drop(answer, "removed", f"removed in {self.gone[name].release}")
        else:
            told = f"{answer.name} is not an option of either release; it was kept"
            self._note("undecided", answer.name, answer.location.line, told)

    def _likely(self, name: str) -> str:
        if self.pair is not None:
            for match in self.pair.options:
                if match.how == "likely" and (both := match.both) and both[0].name == name:
                    return both[1].name
            return ""
        gone = self.gone.get(name)
        return gone.successor if gone is not None else ""

    def _drop(self, answer: Answer, kind: NoteKind, why: str) -> None:
        first = answer.location.line
        for number in range(first, self._end(first)):
            self.lines[number - 1] = f"# {self.lines[number - 1]}"
        end = "\r" if self.lines[first - 1].endswith("\r") else ""
        self.lines[first - 1] = f"# {answer.name}: {why}{end}\n{self.lines[first - 1]}"
        self._note(kind, answer.name, first, f"{answer.name} is commented out: {why}")

    def _end(self, first: int) -> int:
        """Return the number of the line after an answer, which may continue on indented lines."""
        depth = _depth(self.lines[first - 1])
        number = first + 1
        while (
            number <= len(self.lines)
            and number not in self._starts
            and (line := self.lines[number - 1]).strip()
            and not line.strip().startswith(("#", ";"))
            and _depth(line) > depth
        ):
            number += 1
        return number

    def _value(self, answer: Answer, option: Option, name: str) -> None:
        wanted = _mapped(answer.value, self.new.value_changes.get(option.name, {}), option)
        line = answer.location.line
        shown = (lambda _: "the value") if is_secret(option) else repr
        if wanted != answer.value and "\n" not in answer.value:
            before, found, after = self.lines[line - 1].rpartition(answer.value)
            if found:
                self.lines[line - 1] = f"{before}{wanted}{after}"
                told = f"{name}: {shown(answer.value)} is now {shown(wanted)}"
                self._note("value", name, line, told)
        choices = _choices(option)
        refused = [
            part for part in _parts(wanted, option) if choices and part and part not in choices
        ]
        if refused and self._took(answer, refused):
            told = f"{name}: {shown(', '.join(refused))} is no longer a choice; choose another"
            self._note("undecided", name, line, told)
        self.values[option.name] = wanted

    def _took(self, answer: Answer, refused: Sequence[str]) -> bool:
        """Return whether the old release took what the new one refuses; what it refused stays."""
        if self.pair is None:
            return True
        names = {new: old for old, new in self.pair.new_names.items()}
        name = answer.name.upper()
        for option in self.pair.old.options_named(names.get(name, name)):
            choices = _choices(option)
            if choices and not set(refused) <= set(choices):
                return False
        return True

    def _complete(self) -> None:
        """Add the new options that apply, at the end, with their defaults."""
        if self.pair is None:
            return
        defaults = {
            option.name: option.default.value
            for option in reversed(self.new.options)
            if isinstance(option.default, Known)
        }
        settled = {**defaults, **self.values}
        added: list[str] = []
        for match in self.pair.options:
            option = match.new
            if option is None or match.old is not None or option.name.upper() in self.given:
                continue
            if evaluate(self.new.shown_when_in_full(option), settled) is not True:
                continue
            added += self._added(option)
        if added:
            self._append(added)

    def _added(self, option: Option) -> list[str]:
        lacks = unfit_default(option, self.new.like)
        if lacks:
            told = f"{option.name} is new and {lacks}; add an answer"
            self._note("undecided", option.name, 0, told)
            without = "without a default" if not has_default(option) else lacks
            lines = [f"# {option.name}: new, {without}; add an answer", f"# {option.name}="]
            return [] if lines[1] in map(str.strip, self.lines) else lines
        if not isinstance(option.default, Known):
            return []  # the installer computes it
        value = str(option.default.value)
        if "\n" in value:
            return []
        self._note("added", option.name, 0, f"{option.name} is new; its default was added")
        return [f"# {option.name}: new", f"{option.name}={value}"]

    def _append(self, added: Sequence[str]) -> None:
        end = "\r" if len(self.lines) > 1 and self.lines[0].endswith("\r") else ""
        tail = [] if self.lines[-1] else [self.lines.pop()]
        self.lines += [f"{line}{end}" for line in added]
        self.lines += tail or [""]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_list(option: Option) -> bool:
    return any(
        isinstance(each, Reference) and "multi" in each.name for each in members(option.validators)
    )


def _parts(value: str, option: Option) -> list[str]:
    return [part.strip() for part in value.split(",")] if _is_list(option) else [value]


def _mapped(value: str, changes: Mapping[str, str], option: Option) -> str:
    """Return a value, or each one of a list, as the plugin renames it."""
    parts = _parts(value, option)
    mapped = [_newest(part, changes, _choices(option)) for part in parts]
    return value if mapped == parts else ",".join(dict.fromkeys(mapped))


def _newest(value: str, changes: Mapping[str, str], choices: Sequence[str]) -> str:
    """Follow a value through all that replaced it, to what is taken now; itself in a circle."""
    seen = [value]
    while (newer := changes.get(seen[-1])) is not None and seen[-1] not in choices:
        if newer in seen:
            return value
        seen.append(newer)
    return seen[-1]


def _choices(option: Option) -> list[str]:
    """Return the only values that an option takes, or that each part of its value can be."""
    names = [
        each.name.rpartition(".")[2]
        for each in members(option.validators)
        if isinstance(each, Reference)
    ]
    listed = option.choices.value if isinstance(option.choices, Known) else None
    if not _CHOOSING.intersection(names) or not isinstance(listed, list):
        return []
    return [str(choice) for choice in listed]
