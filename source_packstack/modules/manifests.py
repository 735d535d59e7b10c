"""Manifests: assembled from templates, one file for each host and phase."""

from __future__ import annotations

from pathlib import Path

from source_packstack.installer.errors import PluginError
from source_packstack.installer.runs import current_run

__all__ = ["PUPPET_FOLDER", "appendManifestFile", "getManifestTemplate", "manifest_host"]

PUPPET_FOLDER = Path(__file__).resolve().parent.parent / "puppet"


def getManifestTemplate(template_name: str) -> str:
    """Return the text of `puppet/templates/NAME.pp`.

    Raises PluginError if there is no such template.
    """
    path = PUPPET_FOLDER / "templates" / f"{template_name}.pp"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PluginError(
            f"there is no manifest template {template_name} ({path}: {error.strerror})"
        ) from error


def appendManifestFile(manifest_name: str, data: str, marker: str) -> None:
    """Add a part to the manifest `HOST_MARKER.pp`, unless it already contains the part.

    The marker names the phase. Phases run one after another, in the order in which their markers
    were first used; within a phase, all hosts apply their manifests at the same time.
    """
    part = data.strip("\n")
    parts = current_run().plan.manifests.setdefault(marker, {}).setdefault(manifest_name, [])
    if part not in parts:
        parts.append(part)


def manifest_host(manifest_name: str) -> str:
    """Return the host of a manifest."""
    return manifest_name.rpartition("_")[0]
