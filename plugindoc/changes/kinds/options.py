"""Changes of options: there or not, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from plugindoc.changes.change import Change, Impact, Kind
from plugindoc.changes.kinds.samples import declared, sample, two_groups
from plugindoc.changes.matching import Pair
from plugindoc.changes.wording import from_to, hides, listed, plain, quoted, same_value
from plugindoc.model.conditions import evaluate
from plugindoc.model.locations import Location
from plugindoc.model.project import Option
from plugindoc.model.values import Known, Reference, Value, is_known, known_text, members, truth

__all__ = ["KINDS"]

_Judged = tuple[Impact, str, str]
"""The impact of a change, what the sentence says behind the option's name, and the hint."""


def _field(option: Option, field: str) -> Location:
    if field == "usage" and option.usage_location is not None:
        return option.usage_location
    return option.fields.get(field, option.location)


def _added(pair: Pair) -> Iterator[Change]:
    come = {m.new.name: m.new for m in pair.options if m.new is not None and m.old is None}
    defaults = {
        name: option.default.value
        for name, option in come.items()
        if isinstance(option.default, Known)
    }
    for option in come.values():
        if pair.is_lost(option.location, "new"):
            continue
        applies = evaluate(pair.new.shown_when_in_full(option), defaults)
        must = _is_absent(option.default) and applies is not False
        yield Change(
            kind="added",
            thing="option",
            name=option.name,
            impact="breaking" if must else "notable",
            new_location=option.location,
            message=f"{option.name} is new"
            + (" and has no default" if must else f"; its default is {quoted(option.default)}")
            * (not hides(option) or must)
            + ".",
            hint=f"Answer {option.name}." if must else "",
        )


def _is_absent(value: Value | None) -> bool:
    return value is None or (isinstance(value, Known) and value.value is None)


def _removed(pair: Pair) -> Iterator[Change]:
    for match in pair.options:
        option = match.old
        if option is None or match.new is not None or pair.is_lost(option.location, "old"):
            continue
        yield Change(
            kind="removed",
            thing="option",
            name=option.name,
            impact="breaking",
            old_location=option.location,
            message=f"{option.name} was removed; no option replaces it.",
            hint=f"Remove {option.name} from answer files: it is ignored.",
        )


def _renamed(pair: Pair) -> Iterator[Change]:
    for match in pair.options:
        if not (both := match.both) or match.how == "same":
            continue
        old, new = both
        is_declared = match.how == "declared"
        yield Change(
            kind="renamed",
            thing="option",
            name=new.name,
            old_name=old.name,
            impact="notable" if is_declared else "breaking",
            old_location=old.location,
            new_location=_field(new, "deprecates"),
            message=f"{old.name} is now called {new.name}; the old name is still accepted."
            if is_declared
            else f"{old.name} was removed; {new.name} is likely its new name ({match.reason}).",
            hint=f"Write {new.name} in answer files"
            + ("." if is_declared else f": {old.name} is ignored."),
            rename="declared" if is_declared else "likely",
        )


def _moved(pair: Pair) -> Iterator[Change]:
    for old, new in pair.kept_options:
        plugin = pair.new_modules.get(old.plugin, old.plugin)
        group = pair.new_groups.get(old.group, old.group)
        if (plugin, group) != (new.plugin, new.group):
            was, now = f"{old.plugin}/{old.group}", f"{new.plugin}/{new.group}"
            yield _change(
                "moved", old, new, ("cosmetic", f"moved from {was} to {now}", ""), was, now
            )


def _change(
    kind: str,
    old: Option,
    new: Option,
    judged: _Judged,
    was: Value | str | None = None,
    now: Value | str | None = None,
) -> Change:
    impact, words, hint = judged
    field = _FIELD_OF.get(kind, kind)
    return Change(
        kind=kind,
        thing="option",
        name=new.name,
        old_name=old.name if old.name != new.name else "",
        impact=impact,
        old=was,
        new=now,
        old_location=_field(old, field),
        new_location=_field(new, field),
        message=f"{new.name} {words}.",
        hint=hint,
    )


_FIELD_OF: Final = {"secrecy": "mask_input", "asking": "use_default"}


def _of_field(
    kind: str, judge: Callable[[Option, Option], _Judged | None]
) -> Callable[[Pair], Iterator[Change]]:
    """Return what finds options whose field of that name changed."""
    field = _FIELD_OF.get(kind, kind)

    def find(pair: Pair) -> Iterator[Change]:
        for old, new in pair.kept_options:
            was, now = getattr(old, field), getattr(new, field)
            judged = None if same_value(was, now) else judge(old, new)
            if judged is not None:
                hidden = kind == "default" and hides(old, new)
                shown = (None, None) if hidden else (was, now)
                yield _change(kind, old, new, judged, *shown)

    return find


def _default(old: Option, new: Option) -> _Judged:
    words = f"has another default{from_to(old.default, new.default, secret=hides(old, new))}"
    was, now = plain(old.default), plain(new.default)
    if _is_absent(old.default):
        return "notable", f"has a default now{'' if hides(new) else ': ' + quoted(new.default)}", ""
    if _is_absent(new.default):
        return "breaking", "no longer has a default", f"Answer {new.name}."
    if not (is_known(old.default) and is_known(new.default)):
        return "notable", words, f"Answer {new.name} if you rely on the old default."
    if was == now:
        return "cosmetic", "has the same default, with another type", ""
    choices = _choice_texts(new.choices)
    if choices and was not in choices:
        return "breaking", words, "The old default is no longer a choice."
    return "breaking", words, f"Answer {new.name} to keep the old default."


def _choices(old: Option, new: Option) -> _Judged | None:
    was, now = _choice_texts(old.choices), _choice_texts(new.choices)
    if was is None or now is None:
        return "notable", f"may have other choices{from_to(old.choices, new.choices)}", ""
    if not was and not now:
        return None
    if not was:
        return "breaking", f"accepts only {listed(now)}", f"Check the answer to {new.name}."
    if not now:
        return "notable", "accepts any value now", ""
    gone, come = [c for c in was if c not in now], [c for c in now if c not in was]
    if gone:
        more = f" but accepts {listed(map(quoted, come))} now" if come else ""
        words = f"no longer accepts {listed(map(quoted, gone))}{more}"
        return "breaking", words, f"Choose one of {listed(map(quoted, now))}."
    if come:
        return "notable", f"also accepts {listed(map(quoted, come))}", ""
    return "cosmetic", "lists its choices in another order", ""


def _choices_changed(pair: Pair) -> Iterator[Change]:
    """Yield changed choices, with what the plugin says of those that have another name now."""
    for change in _of_field("choices", _choices)(pair):
        old, new = next(both for both in pair.kept_options if both[1].name == change.name)
        newer = pair.new.value_changes.get(change.name, {})
        left = _choice_texts(new.choices) or ()
        gone = [
            each for each in _choice_texts(old.choices) or () if each in newer and each not in left
        ]
        hint = f"Write {listed(f'{newer[each]} for {each}' for each in gone)}."
        yield msgspec.structs.replace(change, hint=hint) if gone else change


def _choice_texts(value: Value | None) -> list[str] | None:
    """Return the choices that a field holds, none where there are none; None if not known."""
    if value is None or (isinstance(value, Known) and not value.value):
        return []
    found = plain(value)
    return [each for each in found if each] if isinstance(found, list) else None


def _names(value: Value | None) -> list[str] | None:
    found = [m.name.rpartition(".")[2] for m in members(value) if isinstance(m, Reference)]
    return found if len(found) == len(members(value)) else None


def _validators(old: Option, new: Option) -> _Judged | None:
    was, now = _names(old.validators), _names(new.validators)
    if was is None or now is None:
        return (
            "notable",
            f"may be validated differently{from_to(old.validators, new.validators)}",
            "",
        )
    if was == now:
        return None
    gone, come = [n for n in was if n not in now], [n for n in now if n not in was]
    if come and not gone:
        words = f"also has to pass {listed(come)}"
        return "breaking", words, f"Check the answer to {new.name}."
    if gone and not come:
        return "notable", f"no longer has to pass {listed(gone)}", ""
    if not gone:
        return "cosmetic", "is validated in another order", ""
    words = f"has to pass {listed(come)} instead of {listed(gone)}"
    return "notable", words, f"Check the answer to {new.name}."


def _processors(old: Option, new: Option) -> _Judged | None:
    was, now = _names(old.processors), _names(new.processors)
    if was == now and was is not None:
        return None
    before, after = (
        listed(found) or "nothing" if found is not None else "⟨…⟩" for found in (was, now)
    )
    return "notable", f"is processed by {after} instead of {before}", ""


def _flag(old: Option, new: Option) -> _Judged:
    was, now = (
        f"--{text}" if (text := known_text(value)) else quoted(value)
        for value in (old.flag, new.flag)
    )
    return "breaking", f"has the flag {now} instead of {was}", f"Write {now} in scripts."


def _prompt(_old: Option, new: Option) -> _Judged:
    return "cosmetic", f"is asked for as “{quoted(new.prompt)}”", ""


def _usage(old: Option, new: Option) -> _Judged:
    if _is_absent(new.usage):
        return "cosmetic", "no longer has a help text", ""
    return (
        "cosmetic",
        "has a help text now" if _is_absent(old.usage) else "has another help text",
        "",
    )


def _secrecy(old: Option, new: Option) -> _Judged | None:
    was, now = truth(old.mask_input), truth(new.mask_input)
    if was == now:
        return None
    if now is True:
        return "notable", "is masked in prompts and logs", ""
    if was is True:
        return "notable", "is no longer masked in prompts and logs", ""
    return "notable", "may be masked in other cases", ""


def _asking(old: Option, new: Option) -> _Judged | None:
    was, now = truth(old.use_default), truth(new.use_default)
    if was == now:
        return None
    if now is True:
        words = "is no longer asked for and has no flag: only an answer file can set it"
        return "notable", words, "Set it in an answer file."
    return "notable", "is asked for now" if now is False else "may be asked for", ""


_SECOND = {"CONF_NAME": '"CONFIG_EXAMPLE_LISTEN"', "CMD_OPTION": '"example-listen"'}
_OTHERS = {"USAGE": '"Address and port."', "PROMPT": '"Where the example listens"'}
_CHOICES = '["8080", "8081"]'
_DEPRECATES = {"DEPRECATES": '["CONFIG_EXAMPLE_PORT"]'}

KINDS: Final = (
    Kind(
        thing="option",
        name="added",
        summary="an option is new",
        text="Breaking where it has no default and applies to an answer file of the old release: "
        "that file does not answer it. Notable otherwise.",
        find=_added,
        samples=(
            sample(declared({}), declared({}, {**_SECOND, **_OTHERS}), "notable"),
            sample(
                declared({}), declared({}, {**_SECOND, **_OTHERS, "DEFAULT_VALUE": ""}), "breaking"
            ),
        ),
    ),
    Kind(
        thing="option",
        name="removed",
        summary="an option is gone and nothing is declared to replace it",
        text="The installer ignores its answer. Where another option does its work, name it in the "
        "`DEPRECATES` of that one.",
        find=_removed,
        samples=(sample(declared({}), declared(), "breaking"),),
    ),
    Kind(
        thing="option",
        name="renamed",
        summary="an option has another name",
        text="Notable where the new option names the old one in its `DEPRECATES`: the old name is "
        "still accepted. Breaking where it only looks so, since the answer under the old name is "
        "ignored then. It looks so where exactly one option that is gone and one that is new have "
        "the same flag, the same text, or the same place and a similar name.",
        find=_renamed,
        samples=(
            sample(declared({}), declared({**_SECOND, **_OTHERS, **_DEPRECATES}), "notable"),
            sample(declared({}), declared({"CONF_NAME": '"CONFIG_EXAMPLE_LISTEN"'}), "breaking"),
        ),
    ),
    Kind(
        thing="option",
        name="moved",
        summary="an option is declared by another plugin, or in another group",
        text="Answer files have no groups, so they keep working. If the option is asked under "
        "other answers, that is reported as a change of its condition.",
        find=_moved,
        samples=(sample(two_groups(0), two_groups(1), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="default",
        summary="an option has another default",
        text="Breaking where both are known: users who leave the option out get another value. "
        "Notable where either is computed, because it may be the same. The default of a secret is "
        "never shown.",
        find=_of_field("default", _default),
        samples=(
            sample(declared({}), declared({"DEFAULT_VALUE": '"8081"'}), "breaking"),
            sample(declared({}), declared({"DEFAULT_VALUE": "8080"}), "cosmetic"),
            sample(declared({}), declared({"DEFAULT_VALUE": '"80%s" % uuid.uuid4()'}), "notable"),
        ),
    ),
    Kind(
        thing="option",
        name="choices",
        summary="an option has other choices",
        text="Breaking where a choice was removed, or where an option that accepted any value has "
        "choices now. Notable where choices were added. A new order is cosmetic.",
        find=_choices_changed,
        samples=(
            sample(
                declared({"OPTION_LIST": _CHOICES}),
                declared({"OPTION_LIST": '["8080"]'}),
                "breaking",
            ),
            sample(
                declared({"OPTION_LIST": '["8080"]'}),
                declared({"OPTION_LIST": _CHOICES}),
                "notable",
            ),
        ),
    ),
    Kind(
        thing="option",
        name="validators",
        summary="an option is validated differently",
        text="Breaking where a validator was added to the old ones: it may refuse an answer "
        "that was accepted. Notable where a validator was replaced or removed.",
        find=_of_field("validators", _validators),
        samples=(
            sample(
                declared({}), declared({"VALIDATORS": "[validators.validate_port]"}), "breaking"
            ),
        ),
    ),
    Kind(
        thing="option",
        name="processors",
        summary="an option's answer is processed differently",
        text="Steps and templates get another value for the same answer.",
        find=_of_field("processors", _processors),
        samples=(
            sample(declared({}), declared({"PROCESSORS": "[processors.process_host]"}), "notable"),
        ),
    ),
    Kind(
        thing="option",
        name="flag",
        summary="an option has another flag",
        text="A command line with the old flag stops working: only answer files accept the old "
        "names of options.",
        find=_of_field("flag", _flag),
        samples=(sample(declared({}), declared({"CMD_OPTION": '"port"'}), "breaking"),),
    ),
    Kind(
        thing="option",
        name="prompt",
        summary="an option has another prompt",
        text="Answer files are not affected.",
        find=_of_field("prompt", _prompt),
        samples=(sample(declared({}), declared({"PROMPT": '"The port"'}), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="usage",
        summary="an option has another help text",
        text="Only the documentation changes; the installer behaves as before.",
        find=_of_field("usage", _usage),
        samples=(sample(declared({}), declared({"USAGE": '"The port."'}), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="secrecy",
        summary="an option's value is masked now, or no longer masked",
        text="Affects what the prompt echoes and what logs show.",
        find=_of_field("secrecy", _secrecy),
        samples=(sample(declared({}), declared({"MASK_INPUT": "True"}), "notable"),),
    ),
    Kind(
        thing="option",
        name="asking",
        summary="an option is asked for now, or no longer asked for",
        text="`USE_DEFAULT` removes an option from the questions and from the command line.",
        find=_of_field("asking", _asking),
        samples=(sample(declared({}), declared({"USE_DEFAULT": "True"}), "notable"),),
    ),
)
