"""What plugins declare and do: frozen structs without behaviour.

A field of a declaration holds a `Value`, or None if the plugin leaves it out. Everything that is
conditional in the source has its condition as `guard`.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.model.changes import ReleaseChanges
from plugindoc.model.conditions import ALWAYS, Condition
from plugindoc.model.locations import Location
from plugindoc.model.modules import Parameter, PuppetClass
from plugindoc.model.outcomes import Outcome
from plugindoc.model.values import Reference, Value

__all__ = [
    "SCHEMA_VERSION",
    "Actions",
    "Argument",
    "Behaviour",
    "Command",
    "Constraint",
    "Failure",
    "Function",
    "HostOptions",
    "Include",
    "IncludeRole",
    "Insertion",
    "Message",
    "Need",
    "Option",
    "OptionGroup",
    "Plugin",
    "Problem",
    "ProblemKind",
    "Project",
    "Resource",
    "Run",
    "Sequence",
    "Step",
    "Template",
    "TemplateKind",
    "TemplateUse",
    "UsageDocument",
    "UsageEntry",
    "Use",
]

SCHEMA_VERSION: Final = 1
"""Rises when a reader of the JSON export has to change."""


class _Thing(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """What all things share: frozen, in no circles, and absent fields stay out of the JSON."""


class Use(_Thing, frozen=True):
    """One place that reads or writes a configuration key.

    `key` is an option's or fact's name; if `pattern` is true it holds ``*`` for each part that
    is not known (``CONFIG_*_HOST``). `default` is what a read falls back to. `via` names the
    helper functions through which the step gets there, outermost first.
    """

    key: str
    access: Literal["read", "write"]
    location: Location
    pattern: bool = False
    default: Value | None = None
    via: tuple[str, ...] = ()
    guard: Condition = ALWAYS


class Command(_Thing, frozen=True):
    """A shell line that a step runs; `host` is None on the installer's own machine."""

    line: Value
    location: Location
    host: Value | None = None
    via: tuple[str, ...] = ()
    guard: Condition = ALWAYS


class TemplateUse(_Thing, frozen=True):
    """A template that a step names.

    `name` is as the step writes it, `template` the identity of that template, or
    "" if none is found. `hosts` is what is known of the machines it goes to (often the option
    that holds their names, as written in the source).
    """

    name: Value
    location: Location
    template: str = ""
    manifest: Value | None = None
    hosts: Value | None = None
    via: tuple[str, ...] = ()
    guard: Condition = ALWAYS


class Resource(_Thing, frozen=True):
    """A file that a step copies to a host."""

    source: Value
    location: Location
    destination: Value | None = None
    host: Value | None = None
    via: tuple[str, ...] = ()
    guard: Condition = ALWAYS


class Message(_Thing, frozen=True):
    """A message for the user that a step leaves for the end of the run."""

    text: Value
    location: Location
    via: tuple[str, ...] = ()
    guard: Condition = ALWAYS


class Failure(_Thing, frozen=True):
    """An error that a step can raise."""

    error: str
    text: Value | None
    location: Location
    via: tuple[str, ...] = ()
    guard: Condition = ALWAYS


class Actions(_Thing, frozen=True):
    """What a function does, through its helpers: everything in source order.

    `hosts` are the expressions or option names for the machines on which it works. `incomplete`
    says what could not be followed (a helper that is not found, a depth limit).
    """

    uses: tuple[Use, ...] = ()
    hosts: tuple[Value, ...] = ()
    commands: tuple[Command, ...] = ()
    templates: tuple[TemplateUse, ...] = ()
    resources: tuple[Resource, ...] = ()
    messages: tuple[Message, ...] = ()
    failures: tuple[Failure, ...] = ()
    incomplete: tuple[Problem, ...] = ()


class Option(_Thing, frozen=True):
    """An installer option: one of the dicts that a plugin registers with a group.

    `fields` has the location of each field's value, by the field's name here. `extra` holds keys
    that the protocol does not know. `usage_location` is the place of the text, in the plugin or
    in the usage document. `outcomes` are the results of its processors and validators for the
    answers that matter: the default, each choice, two of them, nothing, and an arbitrary text.
    """

    name: str
    plugin: str
    group: str
    location: Location
    flag: Value | None = None
    usage: Value | None = None
    usage_location: Location | None = None
    prompt: Value | None = None
    default: Value | None = None
    choices: Value | None = None
    validators: Value | None = None
    processors: Value | None = None
    mask_input: Value | None = None
    loose_validation: Value | None = None
    use_default: Value | None = None
    need_confirm: Value | None = None
    condition: Value | None = None
    deprecates: Value | None = None
    message: Value | None = None
    message_values: Value | None = None
    outcomes: tuple[Outcome, ...] = ()
    extra: dict[str, Value] = {}
    fields: dict[str, Location] = {}
    guard: Condition = ALWAYS


class Need(_Thing, frozen=True):
    """A key that has to be in the configuration if the guard holds: code fails without it."""

    key: str
    guard: Condition = ALWAYS


class OptionGroup(_Thing, frozen=True):
    """An option group, with its options in the order in which they are asked.

    `condition` is the pre-condition held against its match, `post` the post-condition likewise.
    `needs` are the keys without which the pre-condition's function fails.
    `replaced` holds the options that a later one of the same name replaced.
    """

    name: str
    plugin: str
    location: Location
    description: Value | None = None
    pre_condition: Value | None = None
    pre_condition_match: Value | None = None
    post_condition: Value | None = None
    post_condition_match: Value | None = None
    condition: Condition = ALWAYS
    post: Condition = ALWAYS
    needs: tuple[Need, ...] = ()
    guard: Condition = ALWAYS
    options: tuple[Option, ...] = ()
    replaced: tuple[Option, ...] = ()
    extra: dict[str, Value] = {}
    fields: dict[str, Location] = {}


class Step(_Thing, frozen=True):
    """One step of a sequence.

    `function` is what runs (the first of `functions`, in Packstack's protocol).
    """

    title: Value
    plugin: str
    sequence: str
    location: Location
    function: Reference | None = None
    functions: Value | None = None
    docstring: str = ""
    guard: Condition = ALWAYS
    actions: Actions = Actions()


class Insertion(_Thing, frozen=True):
    """Where a sequence asks to be put: at an index, or before a named sequence."""

    index: Value | None = None
    before: Value | None = None


class Sequence(_Thing, frozen=True):
    """A sequence of steps; `position` (from 1) is its place in the overall run order.

    `replaced` holds steps that a later one of the same title replaced.
    """

    title: str
    plugin: str
    location: Location
    position: int = 0
    condition_value: Value | None = None
    condition_match: Value | None = None
    condition: Condition = ALWAYS
    guard: Condition = ALWAYS
    insertion: Insertion | None = None
    steps: tuple[Step, ...] = ()
    replaced: tuple[Step, ...] = ()


class Constraint(_Thing, frozen=True):
    """A combination of answers that the installer refuses: it raises `error` with `text`."""

    error: str
    text: Value | None
    condition: Condition
    plugin: str
    location: Location


ProblemKind: TypeAlias = Literal[
    "unreadable",
    "parse-error",
    "malformed",
    "not-understood",
    "unknown-declaration",
    "unknown-value",
    "limit",
    "link",
    "missing",
    "mistake",
]


class Problem(_Thing, frozen=True):
    """Something that could not be read or resolved, in one line for the user.

    ``malformed`` is a key in a template that the installer cannot fill in; ``not-understood`` is
    code of a whole file that the reader's grammar does not know, and that may be right; ``mistake``
    is an error of plugindoc itself, which made a statement unknown.

    `object` is the identity of what it concerns, if that is known.
    """

    kind: ProblemKind
    message: str
    location: Location
    object: str = ""


class Plugin(_Thing, frozen=True):
    """A plugin module.

    `order` is the load order's number. `actions` is what its hooks do beyond declaring: mostly
    options that ``initSequences`` reads and rewrites before any step runs. `hooks` has the location
    of each hook, by the protocol's name for it; `functions` that of each function of the module
    itself, by its name. `value_changes` maps old answers of options to new ones.
    """

    module: str
    order: int
    location: Location
    name: Value | None = None
    value_changes: Value | None = None
    docstring: str | None = None
    docstring_location: Location | None = None
    hooks: dict[str, Location] = {}
    functions: dict[str, Location] = {}
    groups: tuple[OptionGroup, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    actions: Actions = Actions()


class Function(_Thing, frozen=True):
    """A validator or processor, in the installer or in a plugin.

    `name` is that of the references to it. `like` is the short name of the validator of Packstack
    that it is, "" for others; `accepts` says in words what that one accepts.
    """

    name: str
    role: Literal["validator", "processor"]
    target: str = ""
    location: Location | None = None
    docstring: str = ""
    accepts: str = ""
    like: str = ""
    actions: Actions = Actions()


TemplateKind: TypeAlias = Literal[
    "manifest", "class", "define", "function", "text", "erb", "epp", "hieradata"
]


class Argument(_Thing, frozen=True):
    """A value that a class or defined type is given, by the name of its parameter.

    `name` is ``*`` for values whose parameters are not known, such as a hash that a function
    returns. `keys` are the configuration keys that the value is made of, `parameters` those
    parameters of the class around it.
    """

    name: str
    location: Location
    keys: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


IncludeRole: TypeAlias = Literal["class", "function", "file"]


class Include(_Thing, frozen=True):
    """A class, define or text template that a template brings in.

    `name` is as written, ``*`` for each part that is not known; `template` its identity, "" if
    it is not here. `role` is what is brought in; `arguments` are what a class or defined type is
    given.
    """

    name: str
    location: Location
    template: str = ""
    guard: Condition = ALWAYS
    role: IncludeRole = "class"
    arguments: tuple[Argument, ...] = ()


class Template(_Thing, frozen=True):
    """A manifest, class or text template that reads configuration keys.

    `name` is its identity: the path in its root, without suffix for manifests (``controller``,
    ``packstack/nova/api``). `class_name` is what others include (``packstack::nova::api``).
    `parameters` are those of a class or defined type, `deprecated` is why it should no longer be
    used, or "".
    """

    name: str
    type: TemplateKind
    location: Location
    class_name: str = ""
    summary: str = ""
    parameters: tuple[Parameter, ...] = ()
    deprecated: str = ""
    uses: tuple[Use, ...] = ()
    includes: tuple[Include, ...] = ()


class Run(_Thing, frozen=True):
    """A run of a usage text in one style; `target` is a link's http, https or mailto address."""

    text: str
    style: Literal["plain", "literal", "emphasis", "strong", "link"] = "plain"
    target: str = ""


class UsageEntry(_Thing, frozen=True):
    """An option's text in a usage document.

    `paragraphs` is the whole text; `shown` what the installer's own loader shows of it, which can
    be cut at inline markup. `first` is false where an earlier entry has the same name.
    """

    name: str
    location: Location
    paragraphs: tuple[tuple[Run, ...], ...]
    shown: str
    first: bool = True
    section: str = ""


class UsageDocument(_Thing, frozen=True):
    """A document that keeps the options' texts."""

    path: str
    entries: tuple[UsageEntry, ...] = ()


HostOptions: TypeAlias = Literal["containing", "ending", "none"]


class Behaviour(_Thing, frozen=True):
    """Behaviour that differs between installers; None if its code is not here.

    `underscore_flags` tells whether flags with underscores can be given; `host_options` which
    options ``--allinone`` and ``--install-hosts`` set: those with ``_HOST`` anywhere in their
    names, those that end in ``_HOST`` or ``_HOSTS``, or none. `one_function` tells whether a step
    with several functions is refused, where Packstack runs the first; `optional_prompt` whether an
    option without a prompt is asked by its name.
    """

    underscore_flags: bool | None = None
    host_options: HostOptions | None = None
    one_function: bool | None = None
    optional_prompt: bool | None = None


class Project(_Thing, frozen=True):
    """An installer, as read from its source.

    `root` is the folder that all locations are relative to; it is left out of the export, which
    does not depend on where a tree lies. `sources` are the folders, relative to it, that hold
    plugins. `installer` is what the installer itself does with configuration keys, outside plugins.
    `mentions` are names that are texts in code without a known use, each with its first place: what
    may still be used. `history` is what each release changed, oldest first, where it was asked for.
    `classes` are the Puppet classes and defined types outside of the tree that its manifests use,
    with the parameters that they give values to; their locations are relative to a folder of
    modules. `needs` are packages outside of the tree that hold the installer to which its plugins
    add; none for a whole installer. `bases` are the names of those that were read beside it: paths
    that begin with ``/`` and a name are there.
    """

    schema_version: int
    name: str
    plugins: tuple[Plugin, ...] = ()
    templates: tuple[Template, ...] = ()
    functions: tuple[Function, ...] = ()
    usage_documents: tuple[UsageDocument, ...] = ()
    problems: tuple[Problem, ...] = ()
    installer: Actions = Actions()
    mentions: dict[str, Location] = {}
    history: tuple[ReleaseChanges, ...] = ()
    classes: tuple[PuppetClass, ...] = ()
    sources: tuple[str, ...] = ()
    protocol: str = "packstack"
    needs: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    behaviour: Behaviour = Behaviour()
    root: str = ""

    @property
    def is_open(self) -> bool:
        """Whether what is not in the tree may well be in the installer that it adds to."""
        return bool(self.needs) and not self.bases
