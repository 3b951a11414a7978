"""What the runner must refuse: a test that fails without any fault.  It is not collected by name."""


def test_that_always_fails() -> None:
    """It proves nothing of a fault."""
    assert len("") == 1
