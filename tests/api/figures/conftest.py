"""Cases to count: those that the tests of acts make."""

from tests.api.cases.conftest import cases as cases
