"""How a build ends that cannot go on: one line about what to change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from sphinx.errors import SphinxError
from sphinx.util import logging

from plugindoc.model.names import nearest
from plugindoc.model.printing import printable

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

__all__ = ["in_one_line", "warn_unknown_settings"]

logger = logging.getLogger(__name__)

_FAILED: Final = 2
_P = ParamSpec("_P")
_R = TypeVar("_R")


def in_one_line(
    handler: Callable[Concatenate[Sphinx, _P], _R],
) -> Callable[Concatenate[Sphinx, _P], _R]:
    """Make an event handler's SphinxError end the build with only its message.

    Sphinx 9 puts such a message below forty lines about itself, and asks for a report of a fault.
    Raises SystemExit, with the status that Sphinx has for failures.
    """

    @wraps(handler)
    def handle(app: Sphinx, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return handler(app, *args, **kwargs)
        except SphinxError as error:
            logger.error("%s", printable(str(error)))  # noqa: TRY400 - users get no traceback
            raise SystemExit(_FAILED) from error

    return handle


def warn_unknown_settings(_app: Sphinx, config: Config) -> None:
    """Warn about names in ``conf.py`` that look like settings and are none (``config-inited``)."""
    known = [name for name in config.values if name.startswith("plugindoc_")]
    # Sphinx keeps only the setting of conf.py there.
    for name in sorted(config._raw_config):  # noqa: SLF001
        if name.startswith("plugindoc_") and name not in known:
            guess = nearest(name, known)
            logger.warning(
                "conf.py: %s is no setting of plugindoc%s",
                name,
                f"; did you mean {guess}?" if guess else "",
                type="plugindoc",
                subtype="config",
            )
