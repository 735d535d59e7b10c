"""Configuration of plugindoc's own documentation, which documents the bundled installer."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "plugindoc"
author = "The plugindoc authors"
copyright = author  # noqa: A001 - Sphinx's name for it
version = release = "0.1"
html_title = "plugindoc"

extensions = ["plugindoc", "sphinx_copybutton", "project_reference"]
exclude_patterns = ["_ext"]
myst_heading_anchors = 3
copybutton_prompt_text = "$ "  # copied are commands, without their prompts and output
copybutton_line_continuation_character = "\\"
copybutton_here_doc_delimiter = "END"
copybutton_copy_empty_lines = False

plugindoc_sources = {"packstack": "../source_packstack"}
plugindoc_pages = "installer"

html_theme = "furo"
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#0f5c6e",
        "color-brand-content": "#0b6478",
    },
    "dark_css_variables": {
        "color-brand-primary": "#6cc5d9",
        "color-brand-content": "#6cc5d9",
    },
}
