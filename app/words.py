"""Numbers in words, the same in the window and on the command line."""


def percent(share: float) -> str:
    """A share with two decimals; 100 % only where nothing is missing."""
    hundredths = int(share * 10_000) if share < 1 else 10_000
    return f"{hundredths / 100:.2f} %"
