"""XML that strangers wrote: parsed without entities, named without namespaces."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from vectorstore.forms import Unreadable


def root(data: bytes) -> Element:
    """The element that holds the rest.

    Raises Unreadable where a file isn't XML, is cut off, or has entities of its own, which may
    blow up or fetch files.
    """
    try:
        found: Element = fromstring(data)
    except DefusedXmlException as error:
        raise Unreadable("it defines entities, which may do harm; save it without them") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("it is broken or cut-off XML; export or download it again") from error
    return found


def name(element: Element) -> str:
    """What an element is called, whatever its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """What stands right in an element under one of these names."""
    return (child for child in element if name(child) in names)


def within(element: Element, *names: str) -> Iterator[Element]:
    """What stands anywhere in an element under one of these names, in the file's order."""
    return (inner for inner in element.iter() if name(inner) in names)


def measure(element: Element, *names: str) -> tuple[float, ...] | None:
    """Attributes as numbers; None where one is missing or none."""
    try:
        return tuple(float(element.attrib[name]) for name in names)
    except (KeyError, ValueError):
        return None


def index(element: Element) -> int:
    """Its place among its siblings, as ``index`` counts it; 0 where it says none."""
    try:
        return int(element.get("index", "0"))
    except ValueError:
        return 0
