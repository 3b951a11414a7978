"""What all tests share: profiles of generation, `--refresh`, and where the source documents are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).resolve().parent.parent

# Faults are seeded into the program here: what it makes of policies is for no shelf but a test's own.
os.environ["REDLINE_CACHE"] = "off"

# Time is no part of any law: a busy machine must not fail one.
_UNTIMED = (HealthCheck.too_slow,)
settings.register_profile(
    "quick", derandomize=True, max_examples=60, deadline=None, suppress_health_check=_UNTIMED
)
settings.register_profile(
    "long", max_examples=3000, deadline=None, print_blob=True, suppress_health_check=_UNTIMED
)
# Whether a test fails is all that is asked there: nothing is made shorter.
settings.register_profile(
    "mutants",
    settings.get_profile("quick"),
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)
# Thousands of changes are tried, each on all tests that reach it: fewer cases a test.
settings.register_profile("mutation", settings.get_profile("mutants"), max_examples=15)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--refresh`."""
    parser.addoption(
        "--refresh",
        action="store_true",
        help="write the expected output of the good and bad cases anew, and run no other test",
    )


def _is_law(item: pytest.Item) -> bool:
    places = item.nodeid.partition("::")[0].split("/")
    return any(place.removeprefix("test_").startswith("laws") for place in places)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the laws by their place; under `--refresh` keep only the tests that can refresh."""
    for item in items:
        if _is_law(item):
            item.add_marker("law")
    if config.getoption("--refresh"):
        golden = [item for item in items if "refresh" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in golden])
        items[:] = golden


@pytest.fixture(scope="session")
def refresh(pytestconfig: pytest.Config) -> bool:
    """Whether a case should write its expected output anew instead of comparing with it."""
    return bool(pytestconfig.getoption("--refresh"))


@pytest.fixture
def seeds_documents(request: pytest.FixtureRequest) -> Path:
    """The folder with real copies of the source documents; without it the test is skipped by name."""
    folder = Path(os.environ.get("REDLINE_DOCUMENTS") or ROOT.parent / "shared" / "seeds")
    if not folder.is_dir():
        pytest.skip(f"{request.node.name}: no copies of the source documents here (set REDLINE_DOCUMENTS)")
    return folder
