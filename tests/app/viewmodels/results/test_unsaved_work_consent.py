"""The validity of the user's consent to discard unsaved work."""

from __future__ import annotations

import pytest

from app.viewmodels.results.unsaved_results import UnsavedWork
from app.viewmodels.results.unsaved_work_consent import SESSION_END_TIMEOUT_S, UnsavedWorkConsent


class Unsaved:
    """A test double of the view model of unsaved results."""

    def __init__(self) -> None:
        self.work = UnsavedWork(("a.jpg",))

    def find_unsaved_work(self) -> UnsavedWork:
        return self.work


@pytest.fixture
def unsaved():
    return Unsaved()


@pytest.fixture
def now():
    return [100.0]


@pytest.fixture
def consent(unsaved, now):
    return UnsavedWorkConsent(unsaved, lambda: now[0])


def test_nothing_is_lost_that_nobody_was_asked_about(consent):
    assert not consent.covers_unsaved_work


def test_consent_holds_while_the_desktop_may_still_close_the_window(consent, now):
    consent.discard_at_session_end()
    assert consent.covers_unsaved_work
    now[0] += SESSION_END_TIMEOUT_S
    assert consent.covers_unsaved_work
    now[0] += 0.1
    assert not consent.covers_unsaved_work


def test_consent_is_for_the_work_of_that_time_alone(consent, unsaved):
    consent.discard_at_session_end()
    unsaved.work = UnsavedWork(("a.jpg", "b.jpg"))
    assert not consent.covers_unsaved_work
