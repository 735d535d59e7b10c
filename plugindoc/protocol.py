"""The plugin API as data: names and behaviour of an installer's plugin protocol.

Packstack's is the default. ``[tool.plugindoc.protocol]`` changes single entries for another
installer; the shape of that table is this struct.
"""

from __future__ import annotations

from typing import Final

import msgspec

from plugindoc.model.patterns import pattern_trouble
from plugindoc.model.project import HostOptions

__all__ = [
    "PACKSTACK",
    "ConfigAccess",
    "ControllerMethods",
    "GroupKeys",
    "Hooks",
    "OptionKeys",
    "Protocol",
    "StepHelpers",
    "StepKeys",
    "Table",
    "UsageSource",
]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of the settings: keys in kebab-case, unknown ones refused."""


class Hooks(Table, frozen=True):
    """What a plugin defines.

    `name` is the constant that holds its title, `value_changes` the one that maps old answers to
    new ones: ``{"CONFIG_X": {"old": "new"}}``.
    """

    declare: str = "initConfig"
    sequences: str = "initSequences"
    name: str = "PLUGIN_NAME"
    value_changes: str = "VALUE_CHANGES"


class OptionKeys(Table, frozen=True):
    """The keys of an option's dict; "" for a key that the installer does not have."""

    name: str = "CONF_NAME"
    flag: str = "CMD_OPTION"
    usage: str = "USAGE"
    prompt: str = "PROMPT"
    choices: str = "OPTION_LIST"
    validators: str = "VALIDATORS"
    processors: str = "PROCESSORS"
    default: str = "DEFAULT_VALUE"
    mask_input: str = "MASK_INPUT"
    loose_validation: str = "LOOSE_VALIDATION"
    use_default: str = "USE_DEFAULT"
    need_confirm: str = "NEED_CONFIRM"
    condition: str = "CONDITION"
    deprecates: str = "DEPRECATES"
    message: str = "MESSAGE"
    message_values: str = "MESSAGE_VALUES"


class GroupKeys(Table, frozen=True):
    """The keys of a group's dict; "" for a key that the installer does not have."""

    name: str = "GROUP_NAME"
    description: str = "DESCRIPTION"
    pre_condition: str = "PRE_CONDITION"
    pre_condition_match: str = "PRE_CONDITION_MATCH"
    post_condition: str = "POST_CONDITION"
    post_condition_match: str = "POST_CONDITION_MATCH"


class StepKeys(Table, frozen=True):
    """The keys of a step's dict."""

    title: str = "title"
    functions: str = "functions"


class ControllerMethods(Table, frozen=True):
    """What the controller offers, each under the names that it has."""

    add_group: tuple[str, ...] = ("addGroup",)
    insert_group_before: tuple[str, ...] = ("insertGroupBeforeGroup",)
    add_sequence: tuple[str, ...] = ("addSequence",)
    insert_sequence: tuple[str, ...] = ("insertSequence",)
    insert_sequence_before: tuple[str, ...] = ("insertSequenceBeforeSequence",)
    get_option: tuple[str, ...] = ("getParamByName",)
    get_option_key: tuple[str, ...] = ("getParamKeyValue",)
    get_group: tuple[str, ...] = ("getGroupByName",)
    get_groups: tuple[str, ...] = ("getAllGroups",)
    option_key: tuple[str, ...] = ("getKey",)
    set_option_key: tuple[str, ...] = ("setKey",)


class ConfigAccess(Table, frozen=True):
    """Where the configuration and the messages are: members of the controller.

    `controllers` are the names of classes whose instance is the controller, wherever it is made.
    """

    attributes: tuple[str, ...] = ("CONF",)
    messages: tuple[str, ...] = ("MESSAGES",)
    controllers: tuple[str, ...] = ("Controller",)


class StepHelpers(Table, frozen=True):
    """Functions and classes that steps use, by the last part of their name.

    `shell` is the class whose instances take shell lines (`shell_append`) and run them
    (`shell_execute`); `execute` runs a line at once on the installer's own machine. `add_data`
    gives hieradata of its own to a host, as a dict in its last argument. `templates_folder` holds
    the manifests that steps name, below the folder around the plugins; their names are relative to
    it. `lookups` are the functions with which templates look a key up; ``*`` matches any letters.
    """

    read_template: tuple[str, ...] = ("getManifestTemplate", "getManifestTemplates")
    add_manifest: tuple[str, ...] = ("appendManifestFile", "createManifest")
    shell: tuple[str, ...] = ("ScriptRunner",)
    shell_append: tuple[str, ...] = ("append",)
    shell_execute: tuple[str, ...] = ("execute",)
    execute: tuple[str, ...] = ("execute", "execCmd")
    add_resource: tuple[str, ...] = ("deliver_ssl_file",)
    add_data: tuple[str, ...] = ("add_host_data",)
    hosts: tuple[str, ...] = (
        "filtered_hosts",
        "gethostlist",
        "split_hosts",
        "host_iter",
        "hosts",
    )
    templates_folder: str = "puppet/templates"
    lookups: tuple[str, ...] = ("lookup", "hiera", "hiera_*")


class UsageSource(Table, frozen=True):
    """A document that keeps the options' texts, and the function that fills them in.

    `documents` are patterns of its path, relative to the tree's root or, for those that begin with
    ``share/``, to a folder above it: one of its repository, or of the Python that it is installed
    in. `section` is the title of the part that is read. `whole_text` says that the installer shows
    whole texts, where Packstack cuts them at inline markup.
    """

    loaders: tuple[str, ...] = ("update_params_usage",)
    documents: tuple[str, ...] = (
        "docs/source/packstack.rst",
        "docs/packstack.rst",
        "doc/source/packstack.rst",
        "*.data/data/share/packstack/packstack.rst",
        "share/packstack/packstack.rst",
    )
    section: str = "OPTIONS"
    whole_text: bool = False


class Protocol(Table, frozen=True):
    """How plugins of an installer look, and what the installer does with them.

    Behaviour: `first_function_only`, whether only the first function of a step runs;
    `condition_lists`, whether a sequence's condition and match are lists that must all hold;
    `single_validator`, whether an option has one validation function instead of a list.
    `steps_by_title`, whether a later step replaces an earlier one of its title;
    `keeps_unasked`, whether options that are not asked have their answer or default nevertheless,
    unprocessed and unchecked, and `CONDITION` ones are asked as conditions only;
    `refuses_unknown`, whether an answer file with a name that is no option is refused.

    `underscore_flags`, whether flags with underscores can be given, and `host_options`, which
    options ``--allinone`` and ``--install-hosts`` set (those ``containing`` ``_HOST``, those
    ``ending`` in ``_HOST`` or ``_HOSTS``, or ``none``), are read from the installer's code if they
    are left out, and are Packstack's (false, ``containing``) if that is not in the tree.
    """

    name: str = "packstack"
    plugin_pattern: str = r"^(.+_\d\d\d)\.py$"
    order_pattern: str = r".+_(\d\d\d)"
    plugins_folder: str = "plugins"
    import_folders: tuple[str, ...] = ("plugins", "modules", "installer")
    hooks: Hooks = Hooks()
    option_keys: OptionKeys = OptionKeys()
    group_keys: GroupKeys = GroupKeys()
    step_keys: StepKeys = StepKeys()
    methods: ControllerMethods = ControllerMethods()
    config: ConfigAccess = ConfigAccess()
    steps: StepHelpers = StepHelpers()
    usage: UsageSource = UsageSource()
    first_function_only: bool = True
    condition_lists: bool = False
    single_validator: bool = False
    underscore_flags: bool | None = None
    host_options: HostOptions | None = None
    steps_by_title: bool = True
    keeps_unasked: bool = False
    refuses_unknown: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be used, with the setting's name: ValueError."""
        for key, pattern in (
            ("plugin-pattern", self.plugin_pattern),
            ("order-pattern", self.order_pattern),
        ):
            trouble = pattern_trouble(pattern)
            if trouble:
                message = f"{key}: {trouble}"
                raise ValueError(message)
        names = {
            "plugins-folder": (self.plugins_folder,),
            "import-folders": self.import_folders,
            "steps.templates-folder": (self.steps.templates_folder,),
            "usage.documents": self.usage.documents,
        }
        for key, values in names.items():
            for value in values:
                parts = value.split("/")
                if not all(parts) or ".." in parts or (key == "plugins-folder" and parts[1:]):
                    message = f"{key}: {value!r} is no path inside the tree"
                    raise ValueError(message)


PACKSTACK: Final = Protocol()
