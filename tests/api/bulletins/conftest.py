"""Cases to write a bulletin of: those that the tests of acts make."""

from tests.api.cases.conftest import cases as cases
