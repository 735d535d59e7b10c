"""Changes of what an option declares: its default, choices, flag, texts and switches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import msgspec

from plugindoc.changes.change import Change, Kind
from plugindoc.changes.kinds.effects import Effect, where_changed
from plugindoc.changes.kinds.samples import declared, sample
from plugindoc.changes.matching import Pair
from plugindoc.changes.wording import from_to, hides, plain, quoted
from plugindoc.model.project import Option
from plugindoc.model.values import (
    Known,
    Reference,
    Value,
    is_absent,
    is_known,
    known_text,
    members,
    truth,
)
from plugindoc.model.wording import listed
from plugindoc.validation import MATCHING

__all__ = ["KINDS"]

_EffectOfSwitch: TypeAlias = Callable[[Value | None, Value | None], Effect | None]


def _default(old: Option, new: Option) -> Effect:
    words = f"has another default{from_to(old.default, new.default, secret=hides(old, new))}"
    was, now = plain(old.default), plain(new.default)
    if is_absent(old.default):
        return Effect(
            "notable", f"has a default now{'' if hides(new) else ': ' + quoted(new.default)}"
        )
    if is_absent(new.default):
        return Effect("breaking", "no longer has a default", f"Answer {new.name}.")
    if not (is_known(old.default) and is_known(new.default)):
        return Effect("notable", words, f"Answer {new.name} if you rely on the old default.")
    if was == now:
        return Effect("cosmetic", "has the same default, with another type")
    choices = _choice_texts(new.choices)
    if choices and was not in choices:
        return Effect("breaking", words, "The old default is no longer a choice.")
    return Effect("breaking", words, f"Answer {new.name} to keep the old default.")


def _are_patterns(option: Option) -> bool:
    """Return whether an option's choices are regular expressions."""
    validators = (m.name for m in members(option.validators) if isinstance(m, Reference))
    return any(name.rpartition(".")[2] in MATCHING for name in validators)


def _choices(old: Option, new: Option) -> Effect | None:
    was, now = _choice_texts(old.choices), _choice_texts(new.choices)
    if was is None or now is None:
        return Effect("notable", f"may have other choices{from_to(old.choices, new.choices)}")
    if not was and not now:
        return None
    if _are_patterns(old) and _are_patterns(new):
        words = f"has to match {listed(now)} instead of {listed(was)}"
        return Effect("breaking", words, f"Check the answer to {new.name}.")
    if not was:
        return Effect("breaking", f"accepts only {listed(now)}", f"Check the answer to {new.name}.")
    if not now:
        return Effect("notable", "accepts any value now")
    gone, come = [c for c in was if c not in now], [c for c in now if c not in was]
    if gone:
        more = f" but accepts {listed(map(quoted, come))} now" if come else ""
        words = f"no longer accepts {listed(map(quoted, gone))}{more}"
        return Effect("breaking", words, f"Choose one of {listed(map(quoted, now))}.")
    if come:
        return Effect("notable", f"also accepts {listed(map(quoted, come))}")
    if was == now:
        return Effect("cosmetic", "has the same choices, with another type")
    return Effect("cosmetic", "lists its choices in another order")


def _choices_changed(pair: Pair) -> Iterator[Change]:
    """Yield changed choices, with what the plugin says about those that have another name now."""
    for change in where_changed("choices", _choices)(pair):
        old, new = next(both for both in pair.kept_options if both[1].name == change.name)
        newer = pair.new.value_changes.get(change.name, {})
        left = _choice_texts(new.choices) or ()
        gone = [
            each for each in _choice_texts(old.choices) or () if each in newer and each not in left
        ]
        hint = f"Write {listed(f'{newer[each]} for {each}' for each in gone)}."
        yield msgspec.structs.replace(change, hint=hint) if gone else change


def _choice_texts(value: Value | None) -> list[str] | None:
    """Return the choices that a field holds, none if there are none; None if not known."""
    if value is None or (isinstance(value, Known) and not value.value):
        return []
    found = plain(value)
    return [each for each in found if each] if isinstance(found, list) else None


def _flags(pair: Pair) -> Iterator[Change]:
    """Yield changed flags, with the option that an old flag sets now."""
    owners = {known_text(each.flag): each.name for each in pair.new.options}
    for change in where_changed("flag", _flag)(pair):
        was = known_text(change.old) if not isinstance(change.old, str) else None
        taken = owners.get(was) if was else None
        hint = f"{change.hint.rstrip('.')}: --{was} sets {taken} now." if taken else change.hint
        yield msgspec.structs.replace(change, hint=hint)


def _flag(old: Option, new: Option) -> Effect:
    was, now = (
        f"--{text}" if (text := known_text(value)) else quoted(value)
        for value in (old.flag, new.flag)
    )
    if is_absent(old.flag):
        return Effect("notable", f"has the flag {now} now")
    if not (is_known(old.flag) and (is_absent(new.flag) or is_known(new.flag))):
        return Effect("notable", f"may have another flag{from_to(old.flag, new.flag)}")
    if is_absent(new.flag):
        return Effect("breaking", f"no longer has the flag {was}", "Set it in an answer file.")
    return Effect("breaking", f"has the flag {now} instead of {was}", f"Write {now} in scripts.")


def _prompt(_old: Option, new: Option) -> Effect:
    if is_absent(new.prompt) or known_text(new.prompt) == "":
        return Effect("cosmetic", "no longer has a prompt")
    return Effect("cosmetic", f"is asked for as “{quoted(new.prompt)}”")


def _usage(old: Option, new: Option) -> Effect:
    if is_absent(new.usage):
        return Effect("cosmetic", "no longer has a help text")
    words = "has a help text now" if is_absent(old.usage) else "has another help text"
    return Effect("cosmetic", words)


def _switched(on: Effect, off: Effect, maybe: str) -> _EffectOfSwitch:
    """Return a function for the effect of a field that is true or false, or absent (false)."""

    def effect(old: Value | None, new: Value | None) -> Effect | None:
        was, now = truth(old), truth(new)
        if was == now:
            return None
        if now is True:
            return on
        return off if was is True else Effect("notable", maybe)

    return effect


_MASKED: Final = _switched(
    Effect("notable", "is masked in prompts and logs"),
    Effect("notable", "is no longer masked in prompts and logs"),
    "may be masked in other cases",
)
_CONFIRMED: Final = _switched(
    Effect("cosmetic", "has to be entered twice when it is asked for"),
    Effect("cosmetic", "no longer has to be entered twice"),
    "may have to be entered twice",
)
_LOOSE: Final = _switched(
    Effect("notable", "keeps an answer that its validators refuse if the user insists"),
    Effect("notable", "no longer keeps an answer that its validators refuse"),
    "may keep an answer that its validators refuse",
)
_UNASKED: Final = _switched(
    Effect(
        "breaking",
        "is no longer asked for and has no flag: only an answer file can set it",
        "Set it in an answer file.",
    ),
    Effect("notable", "is asked for now"),
    "may be asked for",
)


def _looseness(old: Option, new: Option) -> Effect | None:
    has_any = truth(old.validators) is not False and truth(new.validators) is not False
    return _LOOSE(old.loose_validation, new.loose_validation) if has_any else None


def _asking(old: Option, new: Option) -> Effect | None:
    effect = _UNASKED(old.use_default, new.use_default)
    if effect is not None and is_absent(old.flag):
        return msgspec.structs.replace(effect, impact="notable")
    return effect


def _message(old: Option, new: Option) -> Effect:
    if is_absent(new.message):
        return Effect("cosmetic", "no longer shows a message")
    return Effect("cosmetic", f"shows {'a' if is_absent(old.message) else 'another'} message now")


_CHOICES = '["8080", "8081"]'
_PORT = "[validators.validate_port]"

KINDS: Final = (
    Kind(
        thing="option",
        name="default",
        summary="an option has another default",
        text="Breaking where both are known: users who leave the option out get another value. "
        "Notable where either is computed, because it may be the same. The default of a secret is "
        "never shown.",
        find=where_changed("default", _default),
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
        find=where_changed("prompt", _prompt),
        samples=(sample(declared({}), declared({"PROMPT": '"The port"'}), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="usage",
        summary="an option has another help text",
        text="Only the documentation changes; the installer behaves as before.",
        find=where_changed("usage", _usage),
        samples=(sample(declared({}), declared({"USAGE": '"The port."'}), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="message",
        summary="an option has another message",
        text="Some answers to the option show the message at the end of an installation.",
        find=where_changed("message", _message),
        samples=(sample(declared({}), declared({"MESSAGE": '"Open the port."'}), "cosmetic"),),
    ),
    Kind(
        thing="option",
        name="secrecy",
        summary="an option's value is masked now, or no longer masked",
        text="Affects what the prompt echoes and what logs show.",
        find=where_changed("secrecy", lambda old, new: _MASKED(old.mask_input, new.mask_input)),
        samples=(sample(declared({}), declared({"MASK_INPUT": "True"}), "notable"),),
    ),
    Kind(
        thing="option",
        name="asking",
        summary="an option is asked for now, or no longer asked for",
        text="`USE_DEFAULT` removes an option from the questions and from the command line. "
        "Breaking where the option had a flag: a command line with it stops working.",
        find=where_changed("asking", _asking),
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
        find=where_changed(
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
        find=where_changed("looseness", _looseness),
        samples=(
            sample(
                declared({"VALIDATORS": _PORT, "LOOSE_VALIDATION": "True"}),
                declared({"VALIDATORS": _PORT}),
                "notable",
            ),
        ),
    ),
)
