"""An option as a card: what it is, what it takes, when it applies, who uses it."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.model.anchors import identity, option_anchor
from plugindoc.model.conditions import Always, Never
from plugindoc.model.project import Option, OptionGroup, Sequence, Step
from plugindoc.model.values import (
    Alternatives,
    Known,
    Reference,
    Value,
    is_known,
    known_text,
    members,
    truth,
    words,
)
from plugindoc.rendering.answer_files import answer_line
from plugindoc.rendering.blocks import (
    Badge,
    Block,
    Bullets,
    Card,
    Field,
    Fields,
    PageLink,
    Paragraph,
    Part,
)
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.changes import history_fields
from plugindoc.rendering.enabling import enabled
from plugindoc.rendering.failing import lasting_card
from plugindoc.rendering.guards import condition_blocks
from plugindoc.rendering.steps import title_part
from plugindoc.rendering.texts import (
    condition_parts,
    paragraphs,
    printable,
    run_parts,
    text_parts,
    value_parts,
)
from plugindoc.rendering.uses import doubt_paragraph, passed_to, use_bullets
from plugindoc.validation import MATCHING

__all__ = [
    "badges",
    "is_required",
    "is_secret",
    "matches_choices",
    "option_card",
    "option_flag",
    "option_text_blocks",
    "option_type",
    "told_choices",
]

_YES_AND_NO = ({"y", "n"}, {"yes", "no"}, {"true", "false"})


@lasting_card("option")
def option_card(catalogue: Catalogue, option: Option) -> Card:
    """Return the card of one declaration of an option."""
    old, flag = catalogue.old_names(option), printable(option_flag(option))
    return Card(
        kind="option",
        name=catalogue.unique_name(option),
        title=(Part(printable(option.name)),),
        anchors=(catalogue.anchor(option), *map(option_anchor, old)),
        blocks=tuple(_blocks(catalogue, option)),
        badges=tuple(badges(catalogue, option)),
        aliases=tuple(catalogue.full_name(name) for name in (*old, *filter(None, (flag,)))),
        source=catalogue.source_link(option.location),
    )


def is_secret(option: Option) -> bool:
    """Return whether the installer hides the option's value."""
    return truth(option.mask_input) is True


def badges(catalogue: Catalogue, option: Option) -> Iterator[Badge]:
    """Yield the notable properties of an option."""
    if is_secret(option):
        yield Badge("secret", "warning", "Hidden as you type, and masked in logs")
    if truth(option.need_confirm) is True:
        yield Badge("asked twice", "neutral", "You are asked to confirm it")
    if truth(option.use_default) is True:
        yield Badge("never asked", "neutral", "No prompt and no flag: set it in an answer file")
    elif truth(option.condition) is True:
        yield Badge("asked on demand", "neutral", "Asked only if a condition depends on its answer")
    if catalogue.old_names(option):
        yield Badge("renamed", "neutral", "Answer files can still use an old name")
    if isinstance(catalogue.questions.shown_when(option), Never):
        yield Badge("never applies", "danger", "No answers enable this option")
    doubt = catalogue.never_read.get(option.name)
    if doubt is not None and doubt.certain:
        yield Badge("never read", "warning", "Nothing reads this option's value")
    if not option_text_blocks(catalogue, option):
        yield Badge("undocumented", "danger", "The plugin does not describe this option")


def option_type(catalogue: Catalogue, option: Option) -> str:
    """Return in words what values an option takes."""
    choices = [words(member) for member in members(option.choices)]
    references = [m for m in members(option.validators) if isinstance(m, Reference)]
    if set(choices) in _YES_AND_NO:
        return "yes or no"
    for reference in references:
        function = catalogue.questions.function(reference.name)
        if function is not None and function.accepts:
            return function.accepts
    return f"one of {len(choices)}" if told_choices(option) else "text"


def option_flag(option: Option) -> str:
    """Return the flag of the command line that sets an option; "" if it has none."""
    flag = known_text(option.flag)
    return f"--{flag}" if flag and truth(option.use_default) is not True else ""


def is_required(catalogue: Catalogue, option: Option) -> bool:
    """Return whether a validator refuses the empty default, and no processor fills it in."""
    if option.default != Known("") or members(option.processors):
        return False
    names = (words(validator) for validator in members(option.validators))
    return any(catalogue.questions.like(name) == "validate_not_empty" for name in names)


def told_choices(option: Option) -> tuple[Value, ...]:
    """Return an option's choices; none if the empty text is all that is listed."""
    choices = members(option.choices)
    return () if all(choice == Known("") for choice in choices) else choices


def matches_choices(catalogue: Catalogue, option: Option) -> bool:
    """Return whether the choices are regular expressions that an answer has to match."""
    names = (words(validator) for validator in members(option.validators))
    return any(catalogue.questions.like(name) in MATCHING for name in names)


def option_text_blocks(catalogue: Catalogue, option: Option) -> tuple[Block, ...]:
    """Return the option's text; none if there is none."""
    entry = catalogue.questions.usage_entry(option)
    if entry is not None:
        runs = (run_parts(part, catalogue.link_to) for part in entry.paragraphs)
        return tuple(Paragraph(parts) for parts in runs if parts)
    text = printable(words(option.usage))
    return tuple(Paragraph(text_parts(part, catalogue.link_to)) for part in paragraphs(text))


def _blocks(catalogue: Catalogue, option: Option) -> Iterator[Block]:
    text = option_text_blocks(catalogue, option)
    yield from text or (Paragraph((Part("The plugin does not describe this option.", "muted"),)),)
    yield Fields(tuple(_fields(catalogue, option)))
    yield Paragraph((Part(answer_line(option), "literal"),), role="answer")


def _fields(catalogue: Catalogue, option: Option) -> Iterator[Field]:
    """Yield the fields of an option, those that are looked up most often first."""
    link_to = catalogue.link_to
    yield Field("Default", tuple(_default(catalogue, option)))
    yield from _conditions(catalogue, option)
    if choices := told_choices(option):
        label = "Must match" if matches_choices(catalogue, option) else "Choices"
        yield _line(label, tuple(_choices(catalogue, option, choices)))
    elif option.choices is not None and not is_known(option.choices):
        yield _line("Choices", value_parts(option.choices, link_to))
    else:
        yield _line("Type", text_parts(option_type(catalogue, option), link_to))
    yield from _enables(catalogue, option)
    yield from _asking(catalogue, option)
    yield from _functions(catalogue, "Validators", option.validators)
    yield from _functions(catalogue, "Processors", option.processors)
    if truth(option.loose_validation) is True:
        yield _line("Invalid values", (Part("accepted after confirmation"),))
    if old := catalogue.old_names(option):
        yield _line("Former names", _comma(tuple((Part(printable(n), "literal"),) for n in old)))
    yield from history_fields(catalogue, option)
    if option.name in catalogue.role_titles:
        page = PageLink(catalogue.role_page(option.name))
        words = Paragraph((Part("what runs on them", "plain", page),))
        yield Field("Hosts", (words,), on_pages_only=True)
    revealed = {identity(thing) for thing in catalogue.questions.reveals(option.name)}
    places = [
        place
        for place in catalogue.places(option.name)
        if place.kind != "condition" or place.name not in revealed
    ]
    if places:
        yield Field("Used by", (use_bullets(catalogue, places),), searchable=False)
    yield from passed_to(catalogue, option.name)
    if (doubt := catalogue.never_read.get(option.name)) is not None:
        yield Field("Read by", (doubt_paragraph(doubt),))
    for key, value in option.extra.items():
        yield _line(printable(key), value_parts(value, link_to))


def _asking(catalogue: Catalogue, option: Option) -> Iterator[Field]:
    """Yield how an option is asked; what is never asked has neither flag nor prompt."""
    if truth(option.use_default) is not True:
        flag = option_flag(option)
        if flag:
            yield _line("Flag", (Part(printable(flag), "literal"),))
        elif option.flag is not None and not is_known(option.flag):
            yield _line("Flag", value_parts(option.flag, catalogue.link_to))
        if option.prompt is not None and words(option.prompt):
            yield _line("Prompt", text_parts(words(option.prompt), catalogue.link_to))
    if option.message is not None and words(option.message):
        said = text_parts(words(option.message), catalogue.link_to)
        values = tuple(value_parts(m, catalogue.link_to) for m in members(option.message_values))
        after = (Part("after "), *_comma(values), Part(": ")) if values else ()
        yield _line("Message", (*after, *said))


def _line(label: str, parts: tuple[Part, ...]) -> Field:
    return Field(label, (Paragraph(parts),))


def _comma(members_: tuple[tuple[Part, ...], ...]) -> tuple[Part, ...]:
    found: list[Part] = []
    for member in members_:
        found.extend((Part(", "), *member) if found else member)
    return tuple(found)


def _default(catalogue: Catalogue, option: Option) -> Iterator[Block]:
    link_to, value = catalogue.link_to, option.default
    if is_required(catalogue, option):
        yield Paragraph((Part("none: an answer is required"),))
    elif value is None or value == Known(None):
        yield Paragraph((Part("none", "muted"),))
    elif isinstance(value, Alternatives):
        yield Bullets(
            tuple(
                (
                    Paragraph(
                        (
                            *value_parts(branch.value, link_to),
                            Part(" where "),
                            *condition_parts(branch.guard, link_to),
                        )
                    ),
                )
                for branch in value.branches
            )
        )
    else:
        computed = () if is_known(value) else (Part(" computed when the installer runs", "muted"),)
        yield Paragraph((*value_parts(value, link_to), *computed))


def _choices(catalogue: Catalogue, option: Option, choices: tuple[Value, ...]) -> Iterator[Part]:
    default = known_text(option.default) or ""
    several = default.split(",") if Known(default) not in choices else ()
    for number, choice in enumerate(choices):
        if number:
            yield Part(" · ")
        is_default = option.default == choice or known_text(choice) in several
        for part in value_parts(choice, catalogue.link_to):
            yield Part(
                part.text, "strong" if is_default and part.style == "literal" else part.style
            )
        if is_default:
            yield Part(" (default)", "muted")


def _conditions(catalogue: Catalogue, option: Option) -> Iterator[Field]:
    shown = catalogue.questions.shown_when(option)
    if not isinstance(shown, Always):
        blocks: list[Block] = [*condition_blocks(shown, catalogue.link_to)]
        full = catalogue.questions.shown_when_in_full(option)
        if full != shown:
            lead = Part("including the conditions of those options: ", "muted")
            parts = (lead, *condition_parts(full, catalogue.link_to))
            blocks.append(Paragraph(parts, role="muted"))
        yield Field("Shown when", tuple(blocks))
    asking = catalogue.questions.named_by(option.name)
    if asking and not isinstance(catalogue.questions.group_of(option).condition, Always):
        titles = _comma(tuple((_revealed(catalogue, group),) for group in asking))
        reason = (Part("if its own group is not, because their conditions depend on it: "), *titles)
        yield _line("Also asked", reason)


def _enables(catalogue: Catalogue, option: Option) -> Iterator[Field]:
    """Yield what the option's answers enable, a line for each set of answers."""
    items = []
    for one in enabled(catalogue.questions, option):
        answers = _comma(tuple((Part(printable(value), "literal"),) for value in one.values))
        if not answers and one.words:
            answers = (Part(printable(one.words)),)
        things = _comma(tuple((_revealed(catalogue, thing),) for thing in one.things))
        items.append((Paragraph((*answers, Part(" → ") if answers else Part(""), *things)),))
    if items:
        yield Field("Enables", (Bullets(tuple(items)),) if len(items) > 1 else items[0])


def _revealed(catalogue: Catalogue, thing: OptionGroup | Sequence | Step) -> Part:
    if isinstance(thing, OptionGroup):
        title = printable(words(thing.description) or thing.name)
        return Part(title, "plain", catalogue.link(thing.name, "group"))
    return title_part(catalogue, thing)


def _functions(catalogue: Catalogue, label: str, value: Value | None) -> Iterator[Field]:
    listed = members(value)
    if listed:
        yield _line(label, _comma(tuple(value_parts(m, catalogue.link_to) for m in listed)))
    elif value is not None and not is_known(value):
        yield _line(label, value_parts(value, catalogue.link_to))
