"""The former name of `plugindoc.model.project`, for programs that import from it."""

from plugindoc.model import project
from plugindoc.model.project import *  # noqa: F403 - whatever the module exports

__all__ = project.__all__
