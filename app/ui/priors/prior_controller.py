"""The controller of the priors dialog."""

from __future__ import annotations

from PySide6.QtCore import Slot

from app.config.prior_locations import find_published_prior
from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.ui.priors.priors_dialog import PriorsDialog
from app.ui.window_context import Controller, WindowContext
from app.viewmodels.priors.priors_text import (
    BUNDLED_PRIOR_NAME,
    preset_prior_missing_message,
    prior_missing_message,
    prior_replaced_message,
)


class PriorController(Controller):
    """The controller of the priors dialog and of messages about priors that are not installed.

    Attributes:
        page: The priors dialog.
    """

    def __init__(self, context: WindowContext) -> None:
        super().__init__(context)
        priors, parameters = context.view_models.priors, context.view_models.parameters
        self._parameters = parameters
        self.page = PriorsDialog(context.window, priors, context.theme, dialogs=context.dialogs)
        self._on_parameters_changed()
        self.page.use_requested.connect(self._on_use_requested)
        parameters.prior_lost.connect(self._on_prior_lost)
        parameters.preset_prior_missing.connect(self._on_preset_prior_missing)
        parameters.state_changed.connect(self._on_parameters_changed)

    @Slot()
    def show_page(self) -> None:
        """Open the priors dialog, or bring the dialog to the front."""
        self.page.show()
        self.page.activateWindow()

    def offer_missing_prior(self, name: str, message: UserMessage | None = None) -> None:
        """Show an error about a prior that is not installed, with buttons to obtain the prior.

        Args:
            name: Name of the prior.
            message: The error to show; None for a standard one.
        """
        self._message_bar.show_error(message or prior_missing_message(name))
        self.add_obtain_actions(name)

    def add_obtain_actions(self, name: str) -> None:
        """Add buttons that obtain a prior to the message that is shown.

        Import is offered for every prior, download for published priors only.
        """
        if find_published_prior(name) is not None:
            self._message_bar.add_button(tr("Download…"), lambda: self._ask_download(name))
        self._message_bar.add_button(tr("Import…"), self._ask_import)

    def _ask_download(self, name: str) -> None:
        self.page.select_prior(name)
        self.show_page()
        self.page.ask_download()

    def _ask_import(self) -> None:
        self.show_page()
        self.page.ask_import()

    @Slot(str)
    def _on_use_requested(self, name: str) -> None:
        self._parameters.set_prior(None if name == BUNDLED_PRIOR_NAME else name)

    @Slot(str)
    def _on_prior_lost(self, name: str) -> None:
        self.offer_missing_prior(name, prior_replaced_message(name, self._used_prior))

    @Slot(str)
    def _on_preset_prior_missing(self, name: str) -> None:
        self.offer_missing_prior(name, preset_prior_missing_message(name, self._used_prior))

    @Slot()
    def _on_parameters_changed(self) -> None:
        self.page.show_used_prior(self._used_prior)

    @property
    def _used_prior(self) -> str:
        return self._parameters.state.settings.prior or BUNDLED_PRIOR_NAME
