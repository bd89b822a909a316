"""Issues as libraries keep them, METS and ALTO files, made of our own fiction."""

from html import escape

METS = (
    '<?xml version="1.0" encoding="UTF-8"?><mets:mets xmlns:mets="http://www.loc.gov/METS/" '
    'xmlns:mods="http://www.loc.gov/mods/v3" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"{attributes}>{inner}</mets:mets>'
)
ALTO = (
    '<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v3#">'
    '<Layout><Page ID="{page}" {more}><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>'
)


def alto(page: str, more: str = "", **blocks: str) -> bytes:
    """A page whose blocks have these names and lines; Chinese letters stand without gaps."""
    made = "".join(
        f'<TextBlock ID="{name}">{"".join(map(_line, text.splitlines()))}</TextBlock>'
        for name, text in blocks.items()
    )
    return ALTO.format(page=page, more=more, blocks=made).encode()


def _line(text: str) -> str:
    words = "<SP/>".join(f'<String CONTENT="{escape(word)}"/>' for word in text.split())
    return f"<TextLine>{words}</TextLine>"


def mets(*inner: str, attributes: str = "") -> bytes:
    """A METS file of these sections."""
    return METS.format(attributes=f" {attributes}", inner="".join(inner)).encode()


def mods(name: str, inner: str) -> str:
    """A description in MODS."""
    return f'<mets:dmdSec ID="{name}"><mods:mods>{inner}</mods:mods></mets:dmdSec>'


def files(**places: str) -> str:
    """The list of files, by their names in the maps."""
    listed = "".join(
        f'<mets:file ID="{name}" MIMETYPE="{"image/jp2" if place.endswith("jp2") else "text/xml"}">'
        f'<mets:FLocat LOCTYPE="URL" xlink:href="{escape(place)}"/></mets:file>'
        for name, place in places.items()
    )
    return f"<mets:fileSec><mets:fileGrp>{listed}</mets:fileGrp></mets:fileSec>"


def physical(*pages: tuple[str, str]) -> str:
    """The map of pages: what a page's element says, and its file."""
    divs = "".join(
        f'<mets:div TYPE="PAGE" {said}><mets:fptr FILEID="{file}"/></mets:div>'
        for said, file in pages
    )
    return (
        f'<mets:structMap TYPE="PHYSICAL"><mets:div TYPE="ISSUE">{divs}</mets:div></mets:structMap>'
    )


def logical(*divs: str) -> str:
    """The map of articles."""
    inner = div("Newspaper", div("ISSUE", div("CONTENT", *divs)))
    return f'<mets:structMap TYPE="LOGICAL">{inner}</mets:structMap>'


def div(kind: str, *inner: str, more: str = "") -> str:
    """A part of a map."""
    return f'<mets:div TYPE="{kind}" {more}>{"".join(inner)}</mets:div>'


def area(file: str, *blocks: str) -> str:
    """Where on a page something stands."""
    areas = "".join(
        f'<mets:area FILEID="{file}" BETYPE="IDREF" BEGIN="{block}"/>' for block in blocks
    )
    return f"<mets:fptr><mets:seq>{areas}</mets:seq></mets:fptr>"


COURIER = {
    "alto/0001.xml": alto(
        "P1",
        b1="RIVERTON COURIER",
        b2="NEW FERRY OPENS",
        b3="Ferries crossed the river on Tuesday\nfor the first time since the flood. The old",
        b4="Mayor on deck.",
        b5="landing had been rebuilt by the town\nand the railway",
        b6="HENS FOR SALE",
    ),
    "alto/0002.xml": alto(
        "P2",
        b1="NEW FERRY",
        b2="company together. A bell rang.",
        b3="What it costs",
        b4="A crossing costs two cents.",
        b5="SCHOOL CLOSES",
        b6="The school on Mill Street closes early.",
    ),
}
"""Two pages with an article that runs over both, a picture, an advertisement, a second article."""

COURIER_METS = mets(
    mods(
        "PAPER",
        "<mods:titleInfo><mods:nonSort>The</mods:nonSort><mods:title>Riverton Courier</mods:title>"
        "</mods:titleInfo><mods:originInfo><mods:dateIssued>1871/1930</mods:dateIssued></mods:originInfo>",
    ),
    mods("DAY", "<mods:originInfo><mods:dateIssued>1915-06-01</mods:dateIssued></mods:originInfo>"),
    files(A1="file://./alto/0001.xml", A2="alto/0002.xml", I1="images/0001.jp2"),
    physical(('ORDER="2" ORDERLABEL="Page A2"', "A2"), ('ORDER="1" ORDERLABEL="Page A1"', "A1")),
    '<mets:structMap TYPE="LOGICAL">',
    div(
        "Newspaper",
        div(
            "ISSUE",
            div("TITLE_SECTION", div("HEADING", area("A1", "b1"))),
            div(
                "CONTENT",
                div(
                    "ARTICLE",
                    div("HEADING", div("TITLE", area("A1", "b2"))),
                    div(
                        "BODY",
                        div("PARAGRAPH", area("A1", "b3")),
                        div("ILLUSTRATION", div("CAPTION", area("A1", "b4"))),
                        div("PARAGRAPH", area("A1", "b5")),
                        div("HEADING", area("A2", "b1")),
                        div("PARAGRAPH", area("A2", "b2")),
                        div("HEADING", area("A2", "b3")),
                        div("PARAGRAPH", area("A2", "b4")),
                    ),
                    more='ID="ART1" LABEL="New ferry opens"',
                ),
                div("ADVERTISEMENT", div("TEXTBLOCK", area("A1", "b6")), more='ID="AD1"'),
                div(
                    "SECTION",
                    div(
                        "ARTICLE",
                        div("BODY", area("A2", "b5", "b6")),
                        more='ID="ART2" LABEL="School closes early"',
                    ),
                ),
            ),
            more='DMDID="DAY"',
        ),
        more='DMDID="PAPER"',
    ),
    "</mets:structMap>",
)
