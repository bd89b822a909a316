"""Pages as images that browsers show: small enough to keep by the thousand, large enough to read."""

import io

from PIL import Image

from vectorstore.forms import Keep

DOTS = 150
"""How finely a page is drawn, in dots per inch."""
LONGEST_SIDE = 1_600
"""Dots of an image's longer side, at most."""
_QUALITY = 60


def kept(picture: Image.Image, keep: Keep | None) -> str | None:
    """Have a page's picture kept as an image; gives its name, or None where none is to be kept."""
    if keep is None:
        return None
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2)
    file = io.BytesIO()
    small.save(file, "WEBP", quality=_QUALITY, method=2)
    return keep(file.getvalue())
