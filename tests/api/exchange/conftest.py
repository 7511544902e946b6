"""A world with a platform above it, as for its events."""

from tests.api.upstream.conftest import city, city_of, ear

__all__ = ["city", "city_of", "ear"]
