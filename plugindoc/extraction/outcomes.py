"""The results of processors and validators for an answer: their code is followed with it.

A function whose code is not in the tree is known only if it is one of Packstack's own, which
`validation` knows. Everything else is not known, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any, Final

import msgspec

from plugindoc.evaluation.config import Configuration
from plugindoc.evaluation.interpreter import Interpreter
from plugindoc.evaluation.limits import Exhausted, Stop, mistake
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.state.branching import Raised
from plugindoc.evaluation.state.values import ABSENT, Arguments, Bound, Function, Unknown, Value
from plugindoc.evaluation.transfer.calls import call_function
from plugindoc.extraction.controller import Controller
from plugindoc.extraction.declarations import Declarations
from plugindoc.extraction.freeze import freeze
from plugindoc.extraction.library import LIBRARY
from plugindoc.model import values as model
from plugindoc.model.conditions import describe
from plugindoc.model.outcomes import FOREIGN, Outcome
from plugindoc.model.project import Option, OptionGroup, Plugin
from plugindoc.validation import complaint, known, processed

__all__ = ["Outcomes"]

_STEPS: Final = 20_000
_MOST_CHOICES: Final = 20
_MOST_KEPT: Final = 10_000
_MOST_KEPT_EACH: Final = 10
_MISSING: Final = object()
_UNKNOWN: Final = object()


class _Prober(Interpreter):
    """A machine that notices whether an error may be raised that nothing in the code catches."""

    doubtful = False

    def may_raise(self) -> None:
        """Record that something here may raise an error."""
        self.doubtful = self.doubtful or not self.try_frames
        super().may_raise()


class _Returned(msgspec.Struct, frozen=True):
    value: model.Value


class _Refused(msgspec.Struct, frozen=True):
    why: str


class _Unclear(msgspec.Struct, frozen=True):
    why: str


_Result = _Returned | _Refused | _Unclear


class Outcomes:
    """Follows the processors, validators and second hooks of one installer.

    `steps` is how many steps the hooks have taken.
    """

    def __init__(self, declarations: Declarations) -> None:
        self._declarations = declarations
        self._machine = _Prober(declarations.machine.program, dict(LIBRARY))
        declarations.machine.program.runner = declarations.machine.run_module
        self.steps = 0
        self._kept_calls: dict[Hashable, _Result] = {}
        self._kept_hooks: dict[str, list[tuple[dict[str, object], Outcome]]] = {}
        self._options: dict[int, Option] = {}
        self._kept: dict[Hashable, list[tuple[dict[str, object], Outcome]]] = {}

    def fill(self, plugins: tuple[Plugin, ...]) -> tuple[Plugin, ...]:
        """Return plugins whose options have the outcomes of the answers that matter.

        Those are the default, each choice, two of them, nothing, and an arbitrary text.
        """
        return tuple(
            msgspec.structs.replace(plugin, groups=tuple(map(self._filled, plugin.groups)))
            for plugin in plugins
        )

    def _filled(self, group: OptionGroup) -> OptionGroup:
        options = tuple(
            msgspec.structs.replace(
                option, outcomes=tuple(self.of(option, answer) for answer in _telling(option))
            )
            if _has_functions(option)
            else option
            for option in group.options
        )
        return msgspec.structs.replace(group, options=options)

    def of(
        self, option: Option, answer: object, config: Mapping[str, object] | None = None
    ) -> Outcome:
        """Return what becomes of an answer; `config` is what is known of the configuration."""
        given = config or {}
        self._options.setdefault(id(option), option)  # whose identity must stay its own
        identity = (id(option), type(answer), answer)
        if isinstance(answer, list | dict):
            return self._follow(option, answer, given, set())
        for read, outcome in self._kept.get(identity, ()):
            if all(given.get(key, _MISSING) == value for key, value in read.items()):
                return outcome
        keys: set[str] = set()
        found = self._follow(option, answer, given, keys)
        kept = self._kept.setdefault(identity, [])
        if len(self._kept) < _MOST_KEPT and len(kept) < _MOST_KEPT_EACH:
            kept.append(({key: given.get(key, _MISSING) for key in keys}, found))
        return found

    def hook(self, module: str, config: Mapping[str, object], unknown: Collection[str]) -> Outcome:
        """Return whether a plugin's second hook succeeds with a configuration.

        `unknown` are keys that it has with values that are not known. All other keys that `config`
        lacks are missing. The outcome is refused if the hook surely raises an error. Its value is
        what the hook has written, as far as that is known; None if it is not followed.
        """

        def state(key: str) -> object:
            return _UNKNOWN if key in unknown else config.get(key, _MISSING)

        kept = self._kept_hooks.setdefault(module, [])
        for read, outcome in kept:
            if all(state(key) == value for key, value in read.items()):
                return outcome
        keys: set[str] = set()
        found = self._follow_hook(module, config, unknown, keys)
        if len(kept) < _MOST_KEPT_EACH:
            kept.append(({key: state(key) for key in keys}, found))
        return found

    def _follow_hook(
        self,
        module: str,
        config: Mapping[str, object],
        unknown: Collection[str],
        read: set[str],
    ) -> Outcome:
        declarations = self._declarations
        found = (one for one in declarations.plugins if one.found.module == module)
        plugin = next(found, None)
        name = declarations.protocol.hooks.sequences
        code = None if plugin is None else plugin.hooks.get(name)
        if plugin is None or code is None:
            return Outcome(answer=None, accepted=None, by=module, why="it has no such hook")
        machine = self._machine
        controller = Controller(declarations.protocol, lambda *_: None)
        controller.options = declarations.controller.options
        written = controller.configuration.written.content
        written.update({key: self._made(value, code) for key, value in config.items()})
        for key in unknown:
            written[key] = Unknown(code.node, plugin.module.parsed, "the answer is not known")
        with machine.trial(plugin.module, afresh=True):
            machine.events = []
            try:
                call_function(machine, code, Arguments([controller], {}), code.node)
            except Stop:
                result = self._raised(machine.raised)
            except (Exhausted, RecursionError):
                result = _Unclear("it takes too long to follow")
            else:
                value = _written(machine, controller)
                if not machine.raised:
                    return Outcome(answer=None, value=value)
                why = "whether it raises an error depends on the run"
                return Outcome(answer=None, value=value, accepted=None, by=module, why=why)
            finally:
                read.update(_keys_read(machine))
                self.steps += machine.allowed - machine.steps
        accepted = False if isinstance(result, _Refused) else None
        why = "" if isinstance(result, _Returned) else result.why
        return Outcome(answer=None, accepted=accepted, by=module, why=why)

    def like(self, function: model.Reference) -> str:
        """Return which of Packstack's validators a function is, by its short name; "" for others.

        A function whose code is here is one if it has the name and, as far as both are known, gives
        the same result for every probe.
        """
        here = self._declarations.callable(function) is not None
        name = known(function.target, here=here)
        if not name or not here:
            return name
        for probe in (*_PROBES, *_MORE_PROBES):
            expected = complaint(name, probe, _CHOICES)
            if expected is None:
                continue
            found = self._call(function, (probe, _CHOICES), {}, set())
            differs = bool(expected) is not isinstance(found, _Refused)
            if differs and not isinstance(found, _Unclear):
                return ""
        return name

    def _follow(
        self, option: Option, answer: object, config: Mapping[str, object], read: set[str]
    ) -> Outcome:
        data: Any = answer
        for function in _functions(option.processors):
            result = self._call(function, (data, option.name), config, read)
            if not isinstance(result, _Returned):
                return _ended(answer, function, result)
            if not isinstance(result.value, model.Known):
                return Outcome(
                    answer=answer,
                    value=result.value,
                    accepted=None,
                    by=model.words(function),
                    why=_reason(result.value),
                )
            data = result.value.value
        kept = type(data) is type(answer) and data == answer
        changed = None if kept else model.Known(data)
        listed = option.choices.value if isinstance(option.choices, model.Known) else None
        choices = listed if isinstance(listed, list) else [] if option.choices is None else listed
        unclear: Outcome | None = None
        for function in _functions(option.validators):
            result = self._call(function, (data, choices), config, read)
            if isinstance(result, _Returned):
                continue
            ended = _ended(answer, function, result, changed)
            if isinstance(result, _Refused):
                return ended
            unclear = unclear or ended
        return unclear or Outcome(answer=answer, value=changed)

    def _call(
        self,
        function: model.Value,
        given: tuple[Any, Any],
        config: Mapping[str, object],
        read: set[str],
    ) -> _Result:
        if not isinstance(function, model.Reference):
            reason = getattr(function, "reason", "")
            return _Unclear(f"which function this is is not known{reason and f': {reason}'}")
        code = self._declarations.callable(function)
        if code is None:
            return _known(function, given)
        value, second = given
        identity = (function.target, function.location, type(value), value, str(second))
        if not isinstance(value, list | dict) and identity in self._kept_calls:
            return self._kept_calls[identity]
        keys: set[str] = set()
        found = self._run(code, given, config, keys)
        read |= keys
        if not keys and not isinstance(value, list | dict) and len(self._kept_calls) < _MOST_KEPT:
            self._kept_calls[identity] = found
        return found

    def _run(
        self,
        function: Function | Bound,
        given: tuple[Any, Any],
        config: Mapping[str, object],
        read: set[str],
    ) -> _Result:
        machine = self._machine
        code = function if isinstance(function, Function) else function.function
        if not isinstance(code, Function):
            return _Unclear("its code is not in this tree")
        with machine.trial(code.home, _STEPS):
            machine.doubtful, machine.events = False, []
            answers = Configuration()
            answers.answered = True
            answers.written.content.update(config)
            first, second = given
            values: list[Value] = [self._made(first, code), self._made(second, code)]
            if isinstance(second, str):
                values.append(answers)
            try:
                found = machine.call_with(function, Arguments(values, {}), code.node)
            except Stop:
                return self._raised(machine.raised)
            except (Exhausted, RecursionError, MemoryError):
                return _Unclear("it takes too long to follow")
            except Exception as error:  # noqa: BLE001 - one function must not end the reading of all
                return _Unclear(mistake(error))
            else:
                return self._returned(found)
            finally:
                read.update(_keys_read(machine))

    def _made(self, value: Any, code: Function) -> Value:  # noqa: ANN401 - an answer
        if isinstance(value, list):
            return self._machine.new("list", list(value), code.node)
        made: Value = value
        return made

    def _raised(self, raised: list[Raised]) -> _Result:
        sure = [one for one in raised if not one.path]
        if not sure:
            return _Unclear("whether it raises depends on the run")
        text = sure[0].text
        return _Refused("" if text is None else model.words(freeze(self._machine, text)))

    def _returned(self, found: Value) -> _Result:
        machine = self._machine
        doubts = [condition for one in machine.raised for condition in one.path] or machine.path
        if doubts:
            return _Unclear(f"depends on {describe(doubts[0])}")
        value = freeze(machine, found)
        if machine.doubtful and isinstance(value, model.Known):
            return _Unclear("it calls what is not in this tree")
        return _Returned(value)


def _reason(value: model.Value) -> str:
    """Return why a processor's result is not known."""
    if isinstance(value, model.Dynamic):
        return value.reason
    if isinstance(value, model.Alternatives):
        told = (_reason(branch.value) for branch in value.branches)
        return next((reason for reason in told if reason), "it depends on other answers")
    return "" if isinstance(value, model.Known) else "parts of the result are not known"


def _telling(option: Option) -> Iterator[object]:
    """Yield the answers whose outcomes are most telling about an option, each once."""
    listed = option.choices.value if isinstance(option.choices, model.Known) else ()
    choices = listed[:_MOST_CHOICES] if isinstance(listed, list) else []
    default = [option.default.value] if isinstance(option.default, model.Known) else []
    several = [f"{choices[0]},{choices[1]}"] if len(choices) > 1 else []
    seen: list[object] = []
    for answer in (*default, *choices, *several, "", FOREIGN):
        if answer is not None and not any(
            answer == one and type(answer) is type(one) for one in seen
        ):
            seen.append(answer)
            yield answer


def _has_functions(option: Option) -> bool:
    return any(True for value in (option.processors, option.validators) for _ in _functions(value))


def _functions(value: model.Value | None) -> tuple[model.Value, ...]:
    """Return the functions of a list; the list itself if its members are not known."""
    if value is None or model.truth(value) is False:
        return ()
    return model.members(value) or (value,)


def _ended(
    answer: object, function: model.Value, result: _Result, value: model.Value | None = None
) -> Outcome:
    return Outcome(
        answer=answer,
        value=value,
        accepted=False if isinstance(result, _Refused) else None,
        by=model.words(function),
        why="" if isinstance(result, _Returned) else result.why,
    )


def _known(function: model.Reference, given: tuple[Any, Any]) -> _Result:
    """Return what is known of one of Packstack's own functions, whose code is not here."""
    first, second = given
    if isinstance(second, str):
        found = processed(function.target, first)
        return _Unclear("its code is not in this tree") if found is None else _Returned(found)
    choices = [str(choice) for choice in second] if isinstance(second, list) else []
    why = complaint(known(function.target), first, choices)
    if why is None:
        return _Unclear("its code is not in this tree")
    return _Refused(why) if why else _Returned(model.Known(None))


_CHOICES: Final = ["a", "b"]
_PROBES: Final = ("", "a", "b", "a,b", "a, c", "1", "-1", "1.5", "0", "80", "65535", "192.0.2.1")
_MORE_PROBES: Final = ("2001:db8::1", "192.0.2.1/24", "192.0.2.1:/x", "x:/y", "a b", "y", "n", "/")
"""Distinguishes one of Packstack's validators from another function of the same name."""


def _keys_read(machine: Machine) -> Iterator[str]:
    """Yield the keys of the configuration that were asked for."""
    for event in machine.events or ():
        if event.kind == "read":
            yield str(event.key)


def _written(machine: Machine, controller: Controller) -> model.Value | None:
    """Return the keys that a hook has written with their values; None if a key is not known."""
    events = [event for event in machine.events or () if event.kind == "write"]
    if not all(isinstance(event.key, str) for event in events):
        return None
    content = machine.heap.read(controller.configuration.written)
    places = {str(event.key): (event.node, event.module) for event in events}
    return model.Entries(
        tuple(
            (model.Known(key), freeze(machine, machine.narrow(content.get(key, ABSENT)), place))
            for key, place in places.items()
        )
    )
