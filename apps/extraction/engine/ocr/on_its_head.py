"""Which way up text is: numbers, and words of some letters, read as something else on their heads."""

# Letters that mean nothing on their heads, or are then seldom taken for others. Of 800 generated words, numbers and
# codes in two fonts of 18 to 32 pixels, read on their heads with a score of .9 and more, none has over three of them.
# The digits 2 to 5 and 7 are read on their heads as well (384702 as 3884702), and L, V, h and y as 7, A, y and h.
_TELLING = frozenset("aABcCDeEfFgGJkKPQrRtY")
_FEWEST_TELLING = 4
_TELLING_SHARE = 1 / 3  # of the characters; the labels of a chart have .36 and more
_ALIKE = str.maketrans("OoIlsSzZxwm", "00115522XWM")
_ON_ITS_HEAD = str.maketrans("0152689HNXMWnupdbq", "0152986HNXWMundpqb")
_ROTATABLE = frozenset("0152689HNXMWnupdbq")


def tells_its_way_up(text: str) -> bool:
    """Whether a text that was read well cannot have been on its head."""
    telling = sum(letter in _TELLING for letter in text)
    return telling >= max(_FEWEST_TELLING, _TELLING_SHARE * sum(map(str.isalnum, text)))


def are_each_other_on_their_heads(one: str, other: str) -> bool:
    """Whether two texts are one print read both ways, as `No 6891` and `I689 ON` are."""
    print_, turned = ("".join(letter for letter in text if letter.isalnum()).translate(_ALIKE) for text in (one, other))
    return bool(print_) and _ROTATABLE.issuperset(print_) and turned == print_.translate(_ON_ITS_HEAD)[::-1]
