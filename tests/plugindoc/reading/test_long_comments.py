"""A long comment costs no more than it says, and moves nothing."""

from __future__ import annotations

from plugindoc.model.values import Known
from plugindoc.reading.comments import without_long_comments
from tests.plugindoc.conftest import Read

COMMENT = '    # it isn\'t "code"\n' * 20_000
TEXT = "# a line of a file\n" * 60
PLUGIN = f"""
def initConfig(controller):
{COMMENT}
    text = '''
{TEXT}'''
    controller.addGroup({{"GROUP_NAME": "G"}}, [{{"CONF_NAME": "CONFIG_A", "DEFAULT_VALUE": text}}])
"""


def test_a_long_comment_is_passed_over_and_a_text_like_one_is_kept(read: Read) -> None:
    option = read(PLUGIN).plugins[0].groups[0].options[0]
    assert Known(f"\n{TEXT}") == option.default
    assert PLUGIN.count("\n", 0, PLUGIN.index("controller.addGroup")) + 1 == option.location.line


def test_a_comment_behind_code_and_a_short_one_are_left_alone() -> None:
    source = "A = 1  # why\n" * 60 + "# short\n" * 49
    assert source == without_long_comments(source)


def test_what_is_blanked_is_as_long_as_it_was() -> None:
    blanked = without_long_comments(f"A = 1\n{COMMENT}B = '#'\n")
    assert (
        "A = 1\n" + (" " * (len('    # it isn\'t "code"')) + "\n") * 20_000 + "B = '#'\n" == blanked
    )


def test_empty_lines_do_not_end_a_long_comment() -> None:
    assert "A = 1\n" + "   \n\n" * 60 == without_long_comments("A = 1\n" + "# a\n\n" * 60)


def test_texts_that_are_never_closed_are_left_alone() -> None:
    source = '"""\n\\' * 20_000 + "\n" + "# a\n" * 60
    assert source == without_long_comments(source)
