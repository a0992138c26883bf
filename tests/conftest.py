"""What all tests share: `pytest --update` renews the stored results in tests/golden."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", default=False, help="write tests/golden anew")
