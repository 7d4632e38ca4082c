"""The environment of the processes that a built program starts."""

from __future__ import annotations

from app.__main__ import restore_environment

RESET = {"PYINSTALLER_RESET_ENVIRONMENT": "1"}


def test_other_programs_do_not_find_the_libraries_of_a_built_program():
    environment = {"HOME": "/home/me", "LD_LIBRARY_PATH": "/usr/lib/ddrm-restore/_internal"}
    restore_environment(environment)
    assert environment == {"HOME": "/home/me", **RESET}


def test_a_library_path_of_the_user_stays():
    environment = {"LD_LIBRARY_PATH": "/program:/opt/lib", "LD_LIBRARY_PATH_ORIG": "/opt/lib"}
    restore_environment(environment)
    assert environment == {"LD_LIBRARY_PATH": "/opt/lib", **RESET}


def test_systems_without_the_variable_are_left_alone():
    environment = {"HOME": "/home/me"}
    restore_environment(environment)
    assert environment == {"HOME": "/home/me"}
