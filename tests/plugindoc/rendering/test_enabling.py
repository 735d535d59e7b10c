"""Which value of an option enables what."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import Compare, Condition, Not, Opaque, all_of, any_of
from plugindoc.model.locations import Location
from plugindoc.model.project import Option
from plugindoc.model.values import Items, Known
from plugindoc.rendering.enabling import enabling_values

LVM = Compare("X", "contains", "lvm")
OTHER = Compare("Y", "==", "y")


def option(*choices: str) -> Option:
    listed = Items(tuple(Known(choice) for choice in choices))
    return Option(name="X", plugin="p_100", group="G", location=Location("p.py", 1), choices=listed)


@pytest.mark.parametrize(
    ("condition", "choices", "values"),
    [
        (LVM, ("lvm", "nfs"), ("lvm",)),
        (all_of([OTHER, LVM]), ("lvm", "nfs"), ("lvm",)),
        (any_of([OTHER, LVM]), ("lvm", "nfs"), ("lvm",)),
        (Compare("X", "in", ["nfs", "lvm"]), ("lvm", "nfs", "vmdk"), ("lvm", "nfs")),
        (Compare("X", "!=", "n"), ("y", "n"), ("y",)),
        (Not(LVM), ("lvm", "nfs"), ("nfs",)),
        (Compare("X", "==", "ha"), (), ("ha",)),
        (Compare("X", "!=", ""), (), ()),
        (Compare("X", "truthy"), (), ()),
        (Opaque("f(X)", ("X",)), ("y", "n"), ()),
        (OTHER, ("y", "n"), ()),
    ],
)
def test_the_values_that_go_furthest(
    condition: Condition, choices: tuple[str, ...], values: tuple[str, ...]
) -> None:
    assert values == enabling_values(condition, option(*choices))
