"""Changes of options: there or not, and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from plugindoc.changes.change import Change, Impact, Kind
from plugindoc.changes.kinds.samples import declared, sample, two_groups
from plugindoc.changes.matching import Pair, former_names
from plugindoc.changes.wording import from_to, hides, listed, plain, quoted, same_value
from plugindoc.model.conditions import evaluate
from plugindoc.model.locations import Location
from plugindoc.model.project import Option
from plugindoc.model.questions import Questions
from plugindoc.model.values import (
    Dynamic,
    Known,
    Reference,
    Value,
    is_known,
    known_text,
    members,
    truth,
)
from plugindoc.validation import MATCHING, outcome_of

__all__ = ["KINDS", "unfit_default"]

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
        lacks = unfit_default(option, pair.new) if applies is not False else ""
        heirs = [name for name in former_names(option) if pair.old.options_named(name)]
        shown = "" if hides(option) else f"; its default is {quoted(option.default)}"
        if heirs:
            shown = f"; it takes the answer to {listed(heirs)} where it has none of its own"
        yield Change(
            kind="added",
            thing="option",
            name=option.name,
            impact="breaking" if lacks else "notable",
            new_location=option.location,
            message=f"{option.name} is new{f' and {lacks}' if lacks else shown}.",
            hint=f"Answer {option.name}." if lacks else "",
        )


def unfit_default(option: Option, questions: Questions) -> str:
    """Return why an answer file has to answer an option; "" where its default will do."""
    if _is_absent(option.default):
        return "has no default"
    known = option.default.value if isinstance(option.default, Known) else None
    refused = known is not None and outcome_of(option, known, questions.like).accepted is False
    return "its default is refused" if refused else ""


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
    merged: dict[str, list[Option]] = defaultdict(list)
    for match in pair.options:
        if (both := match.both) and match.how == "declared":
            merged[both[1].name].append(both[0])
    for match in pair.options:
        if not (both := match.both) or match.how == "same":
            continue
        old, new = both
        impact, message, hint = _likely(old, new, match.reason)
        if match.how == "declared":
            every = merged[new.name]
            impact, message, hint = _joined(
                old, new, pair.old.options_named(new.name)
            ) or _declared(old, new, every)
        yield Change(
            kind="renamed",
            thing="option",
            name=new.name,
            old_name=old.name,
            impact=impact,
            old_location=old.location,
            new_location=_field(new, "deprecates"),
            message=message,
            hint=hint,
            rename="declared" if match.how == "declared" else "likely",
        )


def _likely(old: Option, new: Option, reason: str) -> _Judged:
    message = f"{old.name} was removed; {new.name} is likely its new name ({reason})."
    return "breaking", message, f"Write {new.name} in answer files: {old.name} is ignored."


def _declared(old: Option, new: Option, every: list[Option]) -> _Judged:
    """Judge one of the options that have become a new one.

    Packstack refuses a file in which their answers differ, and a file that it wrote has them all.
    """
    said = f"{old.name} is now called {new.name}"
    hint = f"Write {new.name} in answer files."
    if len(every) == 1:
        return "notable", f"{said}; the old name is still accepted.", hint
    others = [each.name for each in every if each is not old]
    told = (
        f"{said}, as {'is' if len(others) == 1 else 'are'} {listed(others)}; the old names are "
        "still accepted if their answers are the same."
    )
    return ("notable" if _same_default(every) else "breaking"), told, hint


def _joined(old: Option, new: Option, before: Sequence[Option]) -> _Judged | None:
    """Judge an option that has become a part of one that was there `before`."""
    if not before:
        return None
    impact: Impact = "notable" if _same_default([old, *before]) else "breaking"
    message = f"{old.name} was merged into {new.name}, whose own answer comes first."
    return impact, message, f"Answer {new.name}: the answer to {old.name} is ignored beside it."


def _same_default(options: Sequence[Option]) -> bool:
    """Tell whether a file that the installer wrote has the same answer to some options."""
    defaults = {repr(plain(each.default)) for each in options}
    are_made = any(isinstance(told.value, Dynamic) for each in options for told in each.outcomes)
    return len(defaults) == 1 and not are_made and all(is_known(each.default) for each in options)


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


_FIELD_OF: Final = {
    "secrecy": "mask_input",
    "asking": "use_default",
    "confirmation": "need_confirm",
    "looseness": "loose_validation",
}


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


def _are_patterns(option: Option) -> bool:
    """Tell whether an option's choices are regular expressions."""
    validators = (m.name for m in members(option.validators) if isinstance(m, Reference))
    return any(name.rpartition(".")[2] in MATCHING for name in validators)


def _choices(old: Option, new: Option) -> _Judged | None:
    was, now = _choice_texts(old.choices), _choice_texts(new.choices)
    if was is None or now is None:
        return "notable", f"may have other choices{from_to(old.choices, new.choices)}", ""
    if not was and not now:
        return None
    if _are_patterns(old) and _are_patterns(new):
        words = f"has to match {listed(now)} instead of {listed(was)}"
        return "breaking", words, f"Check the answer to {new.name}."
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
    if was == now:
        return "cosmetic", "has the same choices, with another type", ""
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


def _flags(pair: Pair) -> Iterator[Change]:
    """Yield changed flags, with the option that an old flag sets now."""
    owners = {known_text(each.flag): each.name for each in pair.new.options}
    for change in _of_field("flag", _flag)(pair):
        was = known_text(change.old) if not isinstance(change.old, str) else None
        taken = owners.get(was) if was else None
        hint = f"{change.hint.rstrip('.')}: --{was} sets {taken} now." if taken else change.hint
        yield msgspec.structs.replace(change, hint=hint)


def _flag(old: Option, new: Option) -> _Judged:
    was, now = (
        f"--{text}" if (text := known_text(value)) else quoted(value)
        for value in (old.flag, new.flag)
    )
    if _is_absent(old.flag):
        return "notable", f"has the flag {now} now", ""
    if not (is_known(old.flag) and (_is_absent(new.flag) or is_known(new.flag))):
        return "notable", f"may have another flag{from_to(old.flag, new.flag)}", ""
    if _is_absent(new.flag):
        return "breaking", f"no longer has the flag {was}", "Set it in an answer file."
    return "breaking", f"has the flag {now} instead of {was}", f"Write {now} in scripts."


def _prompt(_old: Option, new: Option) -> _Judged:
    if _is_absent(new.prompt) or known_text(new.prompt) == "":
        return "cosmetic", "no longer has a prompt", ""
    return "cosmetic", f"is asked for as “{quoted(new.prompt)}”", ""


def _usage(old: Option, new: Option) -> _Judged:
    if _is_absent(new.usage):
        return "cosmetic", "no longer has a help text", ""
    return (
        "cosmetic",
        "has a help text now" if _is_absent(old.usage) else "has another help text",
        "",
    )


def _switched(
    on: _Judged, off: _Judged, maybe: str
) -> Callable[[Value | None, Value | None], _Judged | None]:
    """Return what judges a field that is true or false; it may be absent, which is false."""

    def judge(old: Value | None, new: Value | None) -> _Judged | None:
        was, now = truth(old), truth(new)
        if was == now:
            return None
        if now is True:
            return on
        return off if was is True else ("notable", maybe, "")

    return judge


_MASKED: Final = _switched(
    ("notable", "is masked in prompts and logs", ""),
    ("notable", "is no longer masked in prompts and logs", ""),
    "may be masked in other cases",
)
_CONFIRMED: Final = _switched(
    ("cosmetic", "has to be entered twice when it is asked for", ""),
    ("cosmetic", "no longer has to be entered twice", ""),
    "may have to be entered twice",
)
_LOOSE: Final = _switched(
    ("notable", "keeps an answer that its validators refuse if the user insists", ""),
    ("notable", "no longer keeps an answer that its validators refuse", ""),
    "may keep an answer that its validators refuse",
)
_UNASKED: Final = _switched(
    (
        "breaking",
        "is no longer asked for and has no flag: only an answer file can set it",
        "Set it in an answer file.",
    ),
    ("notable", "is asked for now", ""),
    "may be asked for",
)


def _looseness(old: Option, new: Option) -> _Judged | None:
    has_any = truth(old.validators) is not False and truth(new.validators) is not False
    return _LOOSE(old.loose_validation, new.loose_validation) if has_any else None


def _asking(old: Option, new: Option) -> _Judged | None:
    judged = _UNASKED(old.use_default, new.use_default)
    if judged is not None and _is_absent(old.flag):
        return "notable", *judged[1:]
    return judged


def _message(old: Option, new: Option) -> _Judged:
    if _is_absent(new.message):
        return "cosmetic", "no longer shows a message", ""
    return "cosmetic", f"shows {'a' if _is_absent(old.message) else 'another'} message now", ""


_SECOND = {"CONF_NAME": '"CONFIG_EXAMPLE_LISTEN"', "CMD_OPTION": '"example-listen"'}
_OTHERS = {"USAGE": '"Address and port."', "PROMPT": '"Where the example listens"'}
_CHOICES = '["8080", "8081"]'
_PORT = "[validators.validate_port]"
_DEPRECATES = {"DEPRECATES": '["CONFIG_EXAMPLE_PORT"]'}

KINDS: Final = (
    Kind(
        thing="option",
        name="added",
        summary="an option is new",
        text="Breaking where it has no default, or one that its own validators refuse, and applies "
        "to an answer file of the old release: that file does not answer it. Notable otherwise.",
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
        "still accepted. Where it takes the place of several, their answers have to be the same, "
        "and where it was there before, its own answer comes first: breaking if the defaults "
        "differ. Breaking where it only looks so, since the answer "
        "under the old name is ignored then. It looks so where exactly one option that is gone and "
        "one that is new have the same flag, the same text, or the same place and a similar name.",
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
        name="flag",
        summary="an option has another flag",
        text="A command line with the old flag stops working, or sets another option that has the "
        "flag now: only answer files accept the old names of options. Notable where the option had "
        "no flag.",
        find=_flags,
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
        name="message",
        summary="an option has another message",
        text="Some answers to the option show the message at the end of an installation.",
        find=_of_field("message", _message),
        samples=(sample(declared({}), declared({"MESSAGE": '"Open the port."'}), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="secrecy",
        summary="an option's value is masked now, or no longer masked",
        text="Affects what the prompt echoes and what logs show.",
        find=_of_field("secrecy", lambda old, new: _MASKED(old.mask_input, new.mask_input)),
        samples=(sample(declared({}), declared({"MASK_INPUT": "True"}), "notable"),),
    ),
    Kind(
        thing="option",
        name="asking",
        summary="an option is asked for now, or no longer asked for",
        text="`USE_DEFAULT` removes an option from the questions and from the command line. "
        "Breaking where the option had a flag: a command line with it stops working.",
        find=_of_field("asking", _asking),
        samples=(
            sample(declared({}), declared({"USE_DEFAULT": "True"}), "breaking"),
            sample(declared({"USE_DEFAULT": "True"}), declared({}), "notable"),
        ),
    ),
    Kind(
        thing="option",
        name="confirmation",
        summary="an option has to be entered twice, or no longer",
        text="`NEED_CONFIRM` affects only what is asked for, not answer files.",
        find=_of_field(
            "confirmation", lambda old, new: _CONFIRMED(old.need_confirm, new.need_confirm)
        ),
        samples=(sample(declared({}), declared({"NEED_CONFIRM": "True"}), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="looseness",
        summary="a user may insist on an answer that an option's validators refuse, or no longer",
        text="`LOOSE_VALIDATION` affects answers to questions and flags. In an answer file, an "
        "answer that is refused always ends the installation.",
        find=_of_field("looseness", _looseness),
        samples=(
            sample(
                declared({"VALIDATORS": _PORT, "LOOSE_VALIDATION": "True"}),
                declared({"VALIDATORS": _PORT}),
                "notable",
            ),
        ),
    ),
)
