"""Hieradata, through which answers and derived keys reach Puppet."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from source_packstack.installer.errors import AnswersError, InstallerError
from source_packstack.installer.parameters import Config
from source_packstack.installer.runs import Run, current_run, without_secrets, write_private
from source_packstack.modules.manifests import PUPPET_FOLDER, manifest_host

__all__ = [
    "HOST_FOLDER",
    "add_host_data",
    "add_resource",
    "mask_host_data",
    "read_site_data",
    "write_host_files",
]

HOST_FOLDER = "/var/lib/source-packstack"

_HIERA = {
    "version": 5,
    "defaults": {"datadir": f"{HOST_FOLDER}/data", "data_hash": "yaml_data"},
    "hierarchy": [
        {"name": "The site's own data", "path": "site.yaml"},
        {"name": "This host", "path": "host.yaml"},
        {"name": "All hosts", "path": "common.yaml"},
    ],
}
# Hosts do not need to know how the installer connects to them.
_INSTALLER_ONLY = (
    "CONFIG_DEFAULT_PASSWORD",
    "CONFIG_PREFLIGHT_",
    "CONFIG_SITE_",
    "CONFIG_SSH_",
    "CONFIG_SSL_DAYS",
    "CONFIG_SSL_FOLDER",
)


def add_host_data(host: str, data: Mapping[str, Any]) -> None:
    """Add hieradata for one host only."""
    current_run().plan.host_data.setdefault(host, {}).update(data)


def add_resource(host: str, path: Path) -> str:
    """Register a local file to be copied to a host; return its path on the host."""
    if not path.is_file():
        raise InstallerError(f"{path}: no such file; it cannot be copied to {host}")
    current_run().plan.resources.setdefault(host, []).append(path)
    return f"{HOST_FOLDER}/resources/{path.name}"


def read_site_data(path: str) -> dict[str, Any]:
    """Read a site's own hieradata, a YAML mapping; raise AnswersError if it is not one."""
    if not path:
        return {}
    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: not UTF-8
        reason = " ".join(str(error).split())
        raise AnswersError(f"CONFIG_SITE_DATA: {path} cannot be read: {reason}") from error
    if not isinstance(data, dict):
        raise AnswersError(f"CONFIG_SITE_DATA: {path} must map names to values")
    return data


def write_host_files(host: str, config: Config) -> Path:
    """Write all files of a host to the folder of the run; return the root of the tree.

    The tree becomes `/var/lib/source-packstack` on the host.
    """
    run = current_run()
    tree = run.host_folder(host) / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    for folder in ("data", "manifests"):
        (tree / folder).mkdir(parents=True, mode=0o700)
    shutil.copytree(PUPPET_FOLDER / "modules", tree / "modules")
    common = {name: value for name, value in config.items() if not name.startswith(_INSTALLER_ONLY)}
    _write_yaml(tree / "hiera.yaml", _HIERA)
    _write_yaml(tree / "data" / "common.yaml", _literal(common))
    if own := run.plan.host_data.get(host):
        _write_yaml(tree / "data" / "host.yaml", _literal(own))
    # The site's own file may use Hiera's interpolation; answers may not.
    if site := read_site_data(config["CONFIG_SITE_DATA"]):
        _write_yaml(tree / "data" / "site.yaml", site)
    for manifests in run.plan.manifests.values():
        for name, parts in manifests.items():
            if manifest_host(name) == host:
                write_private(tree / "manifests" / name, "\n\n".join(parts) + "\n")
    ports = sorted({service.port for service in run.plan.services if service.host == host})
    write_private(tree / "ports", "".join(f"{port}\n" for port in ports))
    write_private(tree / "apt.conf", 'DPkg::Lock::Timeout "300";\n')
    return tree


def mask_host_data(run: Run, secrets: Iterable[str]) -> None:
    """Mask secrets in a run's hieradata when no host needs it any more."""
    texts = {text for secret in secrets if secret for text in (secret, quote(secret, safe=""))}
    texts |= {_escaped(text) for text in texts}
    for path in run.folder.glob("hosts/*/tree/data/*.yaml") if texts else ():
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        masked = _map_texts(data, lambda text: without_secrets(text, texts))
        if masked != data:
            _write_yaml(path, masked)


def _escaped(text: str) -> str:
    return text.replace("%{", "%{literal('%')}{")


def _literal(value: Any) -> Any:  # noqa: ANN401 -- any YAML value
    """Return a value that Hiera does not interpolate: `%{` is text."""
    return _map_texts(value, _escaped)


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 -- any YAML value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _map_texts(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_map_texts(item, change) for item in value]
    return value


def _write_yaml(path: Path, data: Mapping[str, Any]) -> None:
    write_private(path, yaml.safe_dump(dict(data), default_flow_style=False, allow_unicode=True))
