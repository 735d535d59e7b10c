"""``plugindoc serve``: a site that follows every save."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import click

from plugindoc.commands.failures import CannotRunError, base_option, could_not_run, package_at

__all__ = ["serve"]


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free port.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@click.option("--name", help="The installer's name in the site.  [default: its package's name]")
@base_option
def serve(
    path: Path,
    *,
    host: str,
    port: int,
    name: str | None,
    bases: tuple[str, ...],
    open_browser: bool,
) -> None:
    """Serve a site of the plugins at PATH and rebuild it when a plugin changes."""
    # It has no types, and other commands need no server.
    from sphinx_autobuild.__main__ import main  # type: ignore[import-untyped] # noqa: PLC0415

    from plugindoc.sphinx.site import Site, site_name  # noqa: PLC0415 - as above

    package = package_at(path)
    _refuse_address(host, port)
    with tempfile.TemporaryDirectory(prefix="plugindoc-") as folder:
        output = Path(folder, "site")
        site = Site(path=path, bases=bases, output=output, name=name or site_name(package))
        with could_not_run():
            site.write()
        arguments = ["--host", host, "--port", str(port), "--watch", str(path.resolve())]
        # What a build writes into the site's source is no reason to build again.
        arguments += ["--ignore", f"{site.source}/*", "--ignore", "*/__pycache__/*"]
        arguments += ["--open-browser"] if open_browser else []
        arguments += ["-n", "-d", str(site.environment), str(site.source), str(site.output)]
        main(arguments)


def _refuse_address(host: str, port: int) -> None:
    """Report in one line, before the first build, that nothing can be served there."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0]
        message = f"cannot listen on {host}, port {port}: {why}"
        raise CannotRunError(message) from error
