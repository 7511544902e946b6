"""The same day as in the stories."""

from tests.stories.conftest import day

__all__ = ["day"]
