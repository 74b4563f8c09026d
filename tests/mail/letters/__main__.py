"""Prints how many letters of each class are understood: python -m tests.mail.letters."""

import sys
from collections import Counter

from tests.mail.letters import letters, understood
from tickets.mail import parse


def main() -> int:
    """Count, name what is wrong, and return how many are."""
    tried, wrong = Counter[str](), Counter[str]()
    for letter in letters():
        tried[letter.kind] += 1
        if understood(parse(letter.raw), list(letter.means)) != letter.means:
            wrong[letter.kind] += 1
            print(f"wrong: {letter}")
    for kind in tried:
        print(f"{kind:32}{tried[kind]:4} tried{tried[kind] - wrong[kind]:5} right{wrong[kind]:4} wrong")
    print(f"{'all':32}{tried.total():4} tried{tried.total() - wrong.total():5} right{wrong.total():4} wrong")
    return wrong.total()


if __name__ == "__main__":
    sys.exit(min(main(), 1))
