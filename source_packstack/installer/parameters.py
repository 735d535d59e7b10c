"""Options and option groups, as plugins declare them, checked when they load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from source_packstack.installer.errors import InstallerError, PluginError

__all__ = [
    "PASSWORD_FROM_STDIN",
    "PASSWORD_PLACEHOLDER",
    "Config",
    "Declared",
    "Group",
    "Parameter",
]

PASSWORD_PLACEHOLDER = "PW_PLACEHOLDER"  # noqa: S105 -- the protocol's word for "generate one"
PASSWORD_FROM_STDIN = "PW_FROM_STDIN"  # noqa: S105 -- stands for one that is read, and not kept


class Config(dict[str, Any]):
    """All answers and the facts that steps add, by name."""

    def __missing__(self, name: str) -> object:
        """Say which name is wrong, where a plain dictionary would only show the key."""
        raise InstallerError(f"a plugin reads {name}, but no plugin declares it or sets it before")


Declared = Mapping[str, Any]  # a dictionary of the protocol, as a plugin writes it
Validator = Callable[..., None]
Processor = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Parameter:
    """One option; the names of its keys in a plugin stand beside the fields."""

    name: str  # CONF_NAME
    flag: str  # CMD_OPTION
    usage: str  # USAGE
    prompt: str  # PROMPT
    default: Any  # DEFAULT_VALUE
    choices: tuple[str, ...]  # OPTION_LIST
    validators: tuple[Validator, ...]  # VALIDATORS
    processors: tuple[Processor, ...]  # PROCESSORS
    masked: bool  # MASK_INPUT
    loose: bool  # LOOSE_VALIDATION
    file_only: bool  # USE_DEFAULT
    confirm: bool  # NEED_CONFIRM
    only_as_condition: bool  # CONDITION
    deprecates: tuple[str, ...]  # DEPRECATES
    message: str  # MESSAGE
    message_values: tuple[Any, ...]  # MESSAGE_VALUES
    declared: Declared

    @classmethod
    def from_dict(cls, declared: Declared) -> Parameter:
        """Read one option's dictionary; raise PluginError for what the protocol does not know."""
        name = _name(declared, _PARAMETER_KEYS)
        return cls(
            name=name,
            flag=declared.get("CMD_OPTION") or "",
            usage=declared.get("USAGE") or "",
            prompt=declared.get("PROMPT") or name,
            default=declared.get("DEFAULT_VALUE", ""),
            choices=tuple(declared.get("OPTION_LIST") or ()),
            validators=tuple(declared.get("VALIDATORS") or ()),
            processors=tuple(declared.get("PROCESSORS") or ()),
            masked=bool(declared.get("MASK_INPUT")),
            loose=bool(declared.get("LOOSE_VALIDATION")),
            file_only=bool(declared.get("USE_DEFAULT")),
            confirm=bool(declared.get("NEED_CONFIRM")),
            only_as_condition=bool(declared.get("CONDITION")),
            deprecates=tuple(declared.get("DEPRECATES") or ()),
            message=declared.get("MESSAGE") or "",
            message_values=tuple(declared.get("MESSAGE_VALUES") or ()),
            declared=declared,
        )

    def __getattr__(self, key: str) -> Any:  # noqa: ANN401 -- a plugin declares what it likes
        """Give what the plugin declared under a key of the protocol, or None."""
        if key not in _PARAMETER_KEYS:
            raise AttributeError(key)
        return self.declared.get(key)

    @property
    def has_choices(self) -> bool:
        """Whether nothing but the `choices` is right; to some validators they are patterns."""
        names = (getattr(check, "__name__", "") for check in self.validators)
        return "validate_options" in names

    @property
    def has_flag(self) -> bool:
        """Whether the command line offers this option."""
        return bool(self.flag) and not self.file_only

    def process(self, value: object, config: Config) -> object:
        """Give the value that the processors make of an answer, in their order."""
        for processor in self.processors:
            value = processor(value, self.name, config)
        return value

    def validate(self, value: object) -> None:
        """Run the validators in their order; raise the first one's ParamValidationError."""
        for validator in self.validators:
            validator(value, list(self.choices))


@dataclass
class Group:
    """An option group: asked together, under one condition."""

    name: str
    description: str
    pre_condition: Any
    pre_condition_match: Any
    post_condition: Any
    post_condition_match: Any
    parameters: dict[str, Parameter] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, declared: Declared, parameters: Sequence[Declared]) -> Group:
        """Read a group's dictionary; a repeated option replaces the earlier one in its place."""
        name = _name(declared, _GROUP_KEYS)
        group = cls(
            name=name,
            description=declared.get("DESCRIPTION") or name,
            pre_condition=declared.get("PRE_CONDITION"),
            pre_condition_match=declared.get("PRE_CONDITION_MATCH"),
            post_condition=declared.get("POST_CONDITION"),
            post_condition_match=declared.get("POST_CONDITION_MATCH"),
        )
        for item in parameters:
            parameter = Parameter.from_dict(item)
            group.parameters[parameter.name] = parameter
        return group

    def applies(self, config: Config) -> bool:
        """Tell whether the group's options are asked, given the answers so far."""
        return _holds(self.pre_condition, self.pre_condition_match, config)

    def fits(self, config: Config) -> bool:
        """Tell whether the group's answers go together, where it applies and has a check."""
        if not self.post_condition or not self.applies(config):
            return True
        return _holds(self.post_condition, self.post_condition_match, config)


_GROUP_KEYS = (
    *("GROUP_NAME", "DESCRIPTION", "PRE_CONDITION", "PRE_CONDITION_MATCH"),
    *("POST_CONDITION", "POST_CONDITION_MATCH"),
)
_PARAMETER_KEYS = (
    *("CONF_NAME", "CMD_OPTION", "USAGE", "PROMPT", "OPTION_LIST", "VALIDATORS", "PROCESSORS"),
    *("DEFAULT_VALUE", "MASK_INPUT", "LOOSE_VALIDATION", "USE_DEFAULT", "NEED_CONFIRM"),
    *("CONDITION", "DEPRECATES", "MESSAGE", "MESSAGE_VALUES"),
)


def _holds(condition: object, match: object, config: Config) -> bool:
    """Compare a condition with its match: no condition counts as True, a text is an option."""
    value: object
    if callable(condition):
        value = condition(config)
    elif isinstance(condition, str) and condition:
        value = config[condition]
    else:
        value = True
    return bool(value == match)


def _name(declared: Declared, keys: Sequence[str]) -> str:
    """Give the name, under the first of the keys; refuse a key that is none of them."""
    name = declared.get(keys[0])
    if not isinstance(name, str) or not name:
        raise PluginError(f"an option or a group has no {keys[0]}: {dict(declared)!r}")
    unknown = sorted(set(declared) - set(keys))
    if unknown:
        raise PluginError(f"{name} is declared with unknown keys: {', '.join(unknown)}")
    return name
