"""Options and option groups, as declared by plugins; declarations are checked on load."""

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
    """All answers, and the keys that steps add, by name."""

    def __missing__(self, name: str) -> object:
        """Raise an error that explains the wrong name, unlike that of a plain dictionary."""
        raise InstallerError(f"a plugin reads {name}, but no plugin declares it or sets it before")


Declared = Mapping[str, Any]  # a dictionary of the protocol, as a plugin writes it
Validator = Callable[..., None]
Processor = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Parameter:
    """An option; the comments name the keys of the plugin protocol."""

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
        """Read an option's dictionary; raise PluginError if it does not follow the protocol."""
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
        """Return the value that the plugin declared for a key of the protocol, or None."""
        if key not in _PARAMETER_KEYS:
            raise AttributeError(key)
        return self.declared.get(key)

    @property
    def has_choices(self) -> bool:
        """Whether only the `choices` are valid; some validators use them as patterns."""
        names = (getattr(check, "__name__", "") for check in self.validators)
        return "validate_options" in names

    @property
    def has_flag(self) -> bool:
        """Whether the command line offers this option."""
        return bool(self.flag) and not self.file_only

    def process(self, value: object, config: Config) -> object:
        """Return the answer after all processors were applied in order."""
        for processor in self.processors:
            value = processor(value, self.name, config)
        return value

    def validate(self, value: object) -> None:
        """Run the validators in order; raise the first ParamValidationError."""
        for validator in self.validators:
            validator(value, list(self.choices))


@dataclass
class Group:
    """An option group: options that share a condition."""

    name: str
    description: str
    pre_condition: Any
    pre_condition_match: Any
    post_condition: Any
    post_condition_match: Any
    parameters: dict[str, Parameter] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, declared: Declared, parameters: Sequence[Declared]) -> Group:
        """Read a group's dictionary; a repeated option replaces the earlier one at its position."""
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
        """Return whether the group's options are asked, given the answers so far."""
        return _holds(self.pre_condition, self.pre_condition_match, config)

    def fits(self, config: Config) -> bool:
        """Return whether the group's answers are consistent, if it applies and has a check."""
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
    """Compare a condition with its match; no condition is True, and a text names an option."""
    value: object
    if callable(condition):
        value = condition(config)
    elif isinstance(condition, str) and condition:
        value = config[condition]
    else:
        value = True
    return bool(value == match)


def _name(declared: Declared, keys: Sequence[str]) -> str:
    """Return the name, which is under the first of the keys; refuse keys that are not listed."""
    name = declared.get(keys[0])
    if not isinstance(name, str) or not name:
        raise PluginError(f"an option or a group has no {keys[0]}: {dict(declared)!r}")
    unknown = sorted(set(declared) - set(keys))
    if unknown:
        raise PluginError(f"{name} is declared with unknown keys: {', '.join(unknown)}")
    return name
