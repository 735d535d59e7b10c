"""When a mistake in plugindoc keeps it from showing something: that is lost, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from plugindoc.model.anchors import Thing, identity
from plugindoc.model.printing import in_one_line, printable
from plugindoc.rendering.blocks import Block, Card, Failure, Kind, Part, SourceLink
from plugindoc.rendering.catalogue import Catalogue

__all__ = ["failure", "lasting", "lasting_card"]

_P = ParamSpec("_P")
_T = TypeVar("_T", bound=Thing)
_LONGEST: Final = 200


def failure(error: Exception, source: SourceLink | None = None) -> Failure:
    """Return the substitute for a block that could not be shown."""
    said = in_one_line(f"{type(error).__name__}: {error}")[:_LONGEST]
    return Failure(
        f"An internal error in plugindoc prevents it from showing this ({said}).", source
    )


def lasting_card(
    kind: Kind,
) -> Callable[[Callable[[Catalogue, _T], Card]], Callable[[Catalogue, _T], Card]]:
    """Wrap a function that makes cards, so that a failure becomes a card."""

    def decorate(make: Callable[[Catalogue, _T], Card]) -> Callable[[Catalogue, _T], Card]:
        @wraps(make)
        def card(catalogue: Catalogue, thing: _T) -> Card:
            try:
                return make(catalogue, thing)
            except Exception as error:  # noqa: BLE001 - any mistake costs one card
                location = thing.location
                source = None if location is None else catalogue.source_link(location)
                return Card(
                    kind=kind,
                    name=catalogue.unique_name(thing),
                    title=(Part(printable(identity(thing))),),
                    anchors=(catalogue.anchor(thing),),
                    blocks=(failure(error, source),),
                    source=source,
                )

        return card

    return decorate


def lasting(
    make: Callable[Concatenate[Catalogue, _P], Iterable[Block]],
    catalogue: Catalogue,
    *args: _P.args,
    **kwargs: _P.kwargs,
) -> Iterator[Block]:
    """Yield the blocks that a function makes, up to where it fails."""
    try:
        yield from make(catalogue, *args, **kwargs)
    except Exception as error:  # noqa: BLE001 - any mistake costs one part of a page
        yield failure(error)
