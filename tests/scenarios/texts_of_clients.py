# SPDX-License-Identifier: Apache-2.0
"""What clients print, as a scenario may quote it with a few words of it."""

_COLAB_MISSING = (
    "/usr/local/lib/python3.11/dist-packages/huggingface_hub/utils/_auth.py:94: UserWarning: \n"
    "The secret `HF_TOKEN` does not exist in your Colab secrets.\n"
    "To authenticate with the Hugging Face Hub, create a token in your settings tab (https://huggingface.co/settings/tokens),"
    " set it as secret in your Google Colab and restart your session.\n"
    "You will be able to reuse this secret in all of your notebooks.\n"
    "Please note that authentication is recommended but still optional to access public models or datasets.\n"
    "  warnings.warn(\n")
_COLAB_REFUSED = (
    "/usr/local/lib/python3.11/dist-packages/huggingface_hub/utils/_auth.py:86: UserWarning: \n"
    "Access to the secret `HF_TOKEN` has not been granted on this notebook.\n"
    "You will not be requested again.\n"
    "Please restart the session if you want to be prompted again.\n"
    "  warnings.warn(\n")
_COLAB_TIMEOUT = (
    "/usr/local/lib/python3.11/dist-packages/huggingface_hub/utils/_auth.py:104: UserWarning: \n"
    "Error while fetching `HF_TOKEN` secret value from your vault: 'Requesting secret HF_TOKEN timed out. Secrets can only be"
    " fetched when running from the Colab UI.'.\n"
    "You are not authenticated with the Hugging Face Hub in this notebook.\n"
    "If the error persists, please let us know by opening an issue on GitHub"
    " (https://github.com/huggingface/huggingface_hub/issues/new).\n"
    "  warnings.warn(\n")
_ANONYMOUS = ("Warning: You are sending unauthenticated requests to the HF Hub. Please set a HF_TOKEN to enable higher rate"
              " limits and faster downloads.\n")
_IGNORED = "Warning: Authenticated through an invalid token. Treating the request as unauthenticated.\n"
_OFFLINE = ("huggingface_hub.errors.OfflineModeIsEnabled: Cannot reach https://huggingface.co/api/models/org/public: offline mode"
            " is enabled. To disable it, please unset the `HF_HUB_OFFLINE` environment variable.\n")


class _Warnings:
    """The whole text for a few words of it."""

    _TEXTS = (("does not exist", _COLAB_MISSING), ("not been granted", _COLAB_REFUSED), ("timed out", _COLAB_TIMEOUT),
              ("only be fetched", _COLAB_TIMEOUT), ("through an invalid token", _IGNORED),
              ("unauthenticated", _ANONYMOUS), ("OfflineModeIsEnabled", _OFFLINE))

    def find(self, words):
        return next((text for part, text in self._TEXTS if part.lower() in words.lower()), "")

    @property
    def colab_missing(self):
        return _COLAB_MISSING

    @property
    def offline(self):
        return _OFFLINE


WARNINGS = _Warnings()
