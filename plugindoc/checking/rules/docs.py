"""PD801, PD803: what is published must stay true and reachable."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.rules.base import Rule, tree
from plugindoc.checking.subject import Subject

__all__ = ["AnchorLostWithoutRedirect", "GeneratedPageStale"]

_PLUGIN = {
    "example/plugins/example_100.py": '"""Example."""\n\n\n'
    "def initConfig(controller):\n    pass\n\n\n"
    "def initSequences(controller):\n    pass\n"
}
_EXPORT = '[tool.plugindoc.site]\nexport = "model.json"\n'
_REDIRECTED = "options#CONFIG_EXAMPLE -> plugins/example_100#plugin-example_100\n"
_ANCHORS = '[tool.plugindoc.site]\nanchors = "anchors.txt"\n'


class GeneratedPageStale(Rule):
    """Find committed files that no longer say what the plugins say.

    ## What it does
    Holds the committed export (`export` in `[tool.plugindoc.site]`) against what the plugins
    declare now.

    ## Why is this bad
    Whoever reads the file reads what held once.

    ## What it cannot see
    Files that nobody named in the settings. The pages of a site are made anew with each build and
    cannot be stale.
    """

    code = "PD801"
    name = "generated-page-stale"
    severity = "error"
    about = "file"
    invalid = (tree(_PLUGIN, {"pyproject.toml": _EXPORT, "model.json": "{}\n"}, shown=_EXPORT),)
    valid = (tree(_PLUGIN, shown='[tool.plugindoc.site]\nexport = "model.json"  # just written\n'),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield stale files, as they were found."""
        for page in subject.stale_pages:
            yield Finding(
                object=page.location.path,
                message=f"{page.location.path} is stale: the plugins say something else now",
                location=page.location,
                hint=f"to write it anew: {page.command}",
            )


class AnchorLostWithoutRedirect(Rule):
    """Find links that would break.

    ## What it does
    Holds the committed list of published anchors (`anchors` in `[tool.plugindoc.site]`) against
    what the plugins declare. It is the list that a site keeps with `plugindoc_anchors`. An anchor
    whose thing is gone needs a redirect: a line `old -> new`.

    ## Why is this bad
    Bookmarks, other sites and answer files' comments link there.

    ## What it cannot see
    Anchors of pages that people wrote, and those of the other sources of the same site.
    """

    code = "PD803"
    name = "anchor-lost-without-redirect"
    severity = "error"
    about = "file"
    invalid = (
        tree(
            _PLUGIN,
            {"pyproject.toml": _ANCHORS, "anchors.txt": "options#CONFIG_EXAMPLE\n"},
            shown="options#CONFIG_EXAMPLE\n",
        ),
    )
    valid = (
        tree(
            _PLUGIN,
            {
                "pyproject.toml": _ANCHORS,
                "anchors.txt": _REDIRECTED,
            },
            shown=_REDIRECTED,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield anchors that lead nowhere."""
        for lost in subject.lost_anchors:
            target = lost.nearest or "NEW"
            yield Finding(
                object=lost.name,
                message=f"the published anchor {lost.name} is gone",
                location=lost.location,
                hint=f"redirect it: end its line with -> PAGE#{target}",
            )
