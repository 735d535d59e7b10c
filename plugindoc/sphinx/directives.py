"""The directives: each asks the model for something and turns the answer into nodes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from plugindoc.rendering.blocks import mentions
from plugindoc.rendering.requests import (
    OVERVIEWS,
    NotFoundError,
    OptionFilter,
    Request,
    View,
)
from plugindoc.sphinx.domain import KINDS, PluginDomain
from plugindoc.sphinx.languages import in_language
from plugindoc.sphinx.placing import Placer
from plugindoc.sphinx.sources import UnknownSourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docutils.nodes import Node

    from plugindoc.rendering.blocks import Failure, Kind

__all__ = ["DIRECTIVES"]

logger = logging.getLogger(__name__)


def _kind(argument: str) -> str:
    return directives.choice(argument, KINDS)


class _Asking(SphinxDirective):
    """What all directives share: ask, remember what was asked, show the answer."""

    def ask(self, request: Request) -> list[Node]:
        """Return the nodes of the answer; an unknown name is a warning at the directive's line."""
        from plugindoc.rendering.failing import failure  # noqa: PLC0415 - see `generated`
        from plugindoc.rendering.replies import answer, digest  # noqa: PLC0415 - as above

        try:
            catalogue = self.domain.catalogue(request.source)
            blocks = answer(catalogue, request)
        except (NotFoundError, UnknownSourceError) as error:
            return self.complain(str(error))
        except SphinxError:
            raise
        except Exception as error:  # noqa: BLE001 - any mistake costs one directive
            blocks = (failure(error),)
        self.warn_of(mentions(blocks).failures, request.source)
        self.domain.note_request(request, digest(blocks))
        owns = self.domain.sources.owns(self.env.docname)
        blocks = in_language(self.env, self.env.docname, catalogue, blocks)
        placer = Placer(self.state.document, self.domain, prefix=catalogue.prefix, owns=owns)
        return placer.place(blocks)

    def warn_of(self, failures: Iterable[Failure], source: str) -> None:
        """Warn about what could not be shown, at its own place, else at the directive's."""
        for failed in failures:
            location = self.get_location()
            if failed.source is not None:
                root = self.domain.catalogue(source).project.root
                location = f"{Path(root, failed.source.path)}:{failed.source.line}"
            logger.warning(failed.message, location=location, type="plugindoc", subtype="failed")

    def complain(self, message: str) -> list[Node]:
        """Warn at the directive's own line, and show the warning in the page."""
        logger.warning(message, location=self.get_location(), type="plugindoc", subtype="not-found")
        return [nodes.warning("", nodes.paragraph("", message))]

    @property
    def domain(self) -> PluginDomain:
        """The domain that knows the sources."""
        return cast("PluginDomain", self.env.domains["plugin"])

    @property
    def source(self) -> str:
        """The source that is asked: the option's, else the default one."""
        return str(self.options.get("source") or self.domain.sources.default)

    def named(self) -> tuple[str, str]:
        """Return source and name of the argument, which may be ``source:NAME``."""
        name = " ".join(self.arguments[0].split())
        before, _, after = name.partition(":")
        if "source" not in self.options and after and before in self.domain.sources.names:
            return before, after
        return self.source, name


class Auto(_Asking):
    """``plugin:auto NAME``: the card of anything; with ``:page:`` the sections of its page."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "source": directives.unchanged_required,
        "kind": _kind,
        "page": directives.flag,
    }

    def run(self) -> list[Node]:
        """Show it."""
        source, name = self.named()
        view: View = "page" if "page" in self.options else "auto"
        kind = cast("Kind | None", self.options.get("kind"))
        return self.ask(Request(view, source, name, kind))


class Source(_Asking):
    """``plugin:source NAME``: the code of something by its name."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        "source": directives.unchanged_required,
        "kind": _kind,
    }

    def run(self) -> list[Node]:
        """Show it."""
        source, name = self.named()
        kind = cast("Kind | None", self.options.get("kind"))
        return self.ask(Request("source", source, name, kind))


class Walkthrough(_Asking):
    """``plugin:walkthrough NAME``: a guided reading of a plugin."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "source": directives.unchanged_required,
        "page": directives.flag,
    }

    def run(self) -> list[Node]:
        """Show it."""
        source, name = self.named()
        view: View = "walkthrough-page" if "page" in self.options else "walkthrough"
        return self.ask(Request(view, source, name))


class Options(_Asking):
    """``plugin:options``: a list of options that readers can filter."""

    option_spec: ClassVar[dict[str, Any]] = {
        "source": directives.unchanged_required,
        "plugin": directives.unchanged_required,
        "group": directives.unchanged_required,
        "secret": directives.flag,
        "deprecated": directives.flag,
        "undocumented": directives.flag,
    }

    def run(self) -> list[Node]:
        """Show it."""
        chosen = OptionFilter(
            plugin=self.options.get("plugin", ""),
            group=self.options.get("group", ""),
            secret="secret" in self.options,
            deprecated="deprecated" in self.options,
            undocumented="undocumented" in self.options,
        )
        return self.ask(Request("options", self.source, filter=chosen))


class OverviewOf(_Asking):
    """``plugin:overview WHAT``: one of the overviews of a source; of plugins, those of a group."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        "source": directives.unchanged_required,
        "group": directives.unchanged_required,
    }

    def run(self) -> list[Node]:
        """Show it."""
        what = self.arguments[0]
        if what not in OVERVIEWS:
            return self.complain(f"no overview {what}; there are {', '.join(OVERVIEWS)}")
        return self.ask(Request(what, self.source, self.options.get("group", "")))


class Changes(_Asking):
    """``plugin:changes``: what changed after one release, up to another."""

    option_spec: ClassVar[dict[str, Any]] = {
        "source": directives.unchanged_required,
        "since": directives.unchanged_required,
        "until": directives.unchanged_required,
    }

    def run(self) -> list[Node]:
        """Show it."""
        releases = f"{self.options.get('since', '')}\n{self.options.get('until', '')}"
        return self.ask(Request("changes", self.source, releases))


class RunOrder(_Asking):
    """``plugin:run-order``: sequences and steps as they run."""

    option_spec: ClassVar[dict[str, Any]] = {"source": directives.unchanged_required}

    def run(self) -> list[Node]:
        """Show it."""
        return self.ask(Request("run-order", self.source))


class Hosts(_Asking):
    """``plugin:hosts [OPTION]``: what reaches the hosts that an option names; else all of those."""

    optional_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"source": directives.unchanged_required}

    def run(self) -> list[Node]:
        """Show it."""
        source, name = self.named() if self.arguments else (self.source, "")
        return self.ask(Request("hosts", source, name))


class Answers(_Asking):
    """``plugin:answers``: an excerpt of an answer file, checked when the page is built."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"source": directives.unchanged_required}

    @property
    def first_line(self) -> int:
        """The number of the content's first line; MyST counts its offset from the directive."""
        is_myst = type(self.state).__module__.startswith("myst_parser")
        return self.content_offset + 1 + (self.lineno if is_myst else 0)

    def run(self) -> list[Node]:
        """Show it, with a warning at each line that the installer would not take."""
        self.assert_has_content()
        text = "\n".join(self.content)
        found = self.ask(Request("answers", self.source, text))
        if self.source in self.domain.sources.names:
            from plugindoc.rendering.answer_excerpts import mistakes  # noqa: PLC0415 - as above

            for mistake in mistakes(self.domain.catalogue(self.source), text):
                line = self.first_line + mistake.line
                logger.warning(
                    mistake.message,
                    location=(self.env.docname, line),
                    type="plugindoc",
                    subtype="answers",
                )
        return found


DIRECTIVES = {
    "answers": Answers,
    "auto": Auto,
    "changes": Changes,
    "hosts": Hosts,
    "options": Options,
    "overview": OverviewOf,
    "run-order": RunOrder,
    "source": Source,
    "walkthrough": Walkthrough,
}
"""The directives of the domain, by name."""
