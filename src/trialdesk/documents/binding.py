"""From drawn pages to one file: fonts, structure tree, outline, metadata, colour profile and attachments (PDF/A-3b)."""

from __future__ import annotations

import zlib
from functools import cache
from html import escape

from trialdesk.documents import fonts
from trialdesk.documents.paper import HEIGHT, WIDTH, About, Paper
from trialdesk.documents.pdf_file import PdfFile, text_string

PRODUCER = "TrialDesk"


def bind(paper: Paper, about: About) -> bytes:
    """The finished file; the same pages and words give the same bytes."""
    pdf = PdfFile()
    pages = [pdf.reserve() for _ in paper.pages]
    tree, parent = pdf.reserve(), pdf.reserve()
    used = {key: paper.glyphs[name].embed(pdf) for key, name in _FONTS.items() if paper.glyphs[name].codes}
    named = "".join(f"/{key} {number} 0 R" for key, number in used.items())
    resources = pdf.add(f"<</Font<<{named}>>/ProcSet[/PDF/Text]>>")
    for index, (number, page) in enumerate(zip(pages, paper.pages, strict=True)):
        content = pdf.stream("\n".join(page.code).encode("ascii"), level=6)
        pdf.put(
            number,
            f"<</Type/Page/Parent {parent} 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources {resources} 0 R"
            f"/Contents {content} 0 R/StructParents {index}/Tabs/S>>",
        )
    kids = " ".join(f"{number} 0 R" for number in pages)
    pdf.put(parent, f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>")
    _structure(pdf, paper, tree, pages)
    outlines = _outline(pdf, paper, pages)
    metadata = pdf.plain_stream(_xmp(about), "/Type/Metadata/Subtype/XML")
    catalog = (
        f"<</Type/Catalog/Pages {parent} 0 R/Lang(zh-CN)/MarkInfo<</Marked true>>/StructTreeRoot {tree} 0 R"
        f"/Metadata {metadata} 0 R/ViewerPreferences<</DisplayDocTitle true>>"
        f"/OutputIntents[{_intent(pdf)} 0 R]{outlines}{_attached(pdf, about)}>>"
    )
    return pdf.write(pdf.add(catalog), _info(pdf, about))


_FONTS = {"R": fonts.REGULAR, "S": fonts.STRONG}


def _structure(pdf: PdfFile, paper: Paper, tree: int, pages: list[int]) -> None:
    numbers = [pdf.reserve() for _ in paper.elements]
    children: list[list[int]] = [[] for _ in paper.elements]
    for index, element in enumerate(paper.elements):
        if element.parent >= 0:
            children[element.parent].append(index)
    for index, element in enumerate(paper.elements):
        above = numbers[element.parent] if element.parent >= 0 else tree
        head = f"<</Type/StructElem/S/{element.kind}/P {above} 0 R"
        if element.page >= 0:
            title = f"/T{text_string(element.title)}" if element.title else ""
            pdf.put(numbers[index], f"{head}/Pg {pages[element.page]} 0 R/K {element.piece}{title}>>")
        else:
            inside = " ".join(f"{numbers[child]} 0 R" for child in children[index])
            pdf.put(numbers[index], f"{head}/K[{inside}]>>")
    by_page = " ".join(
        f"{index}[{' '.join(f'{numbers[e]} 0 R' for e in page.elements)}]" for index, page in enumerate(paper.pages)
    )
    parents = pdf.add(f"<</Nums[{by_page}]>>")
    pdf.put(
        tree,
        f"<</Type/StructTreeRoot/K[{numbers[0]} 0 R]/ParentTree {parents} 0 R/ParentTreeNextKey {len(pages)}>>",
    )


def _outline(pdf: PdfFile, paper: Paper, pages: list[int]) -> str:
    marks = paper.bookmarks
    if not marks:
        return ""
    root = pdf.reserve()
    numbers = [pdf.reserve() for _ in marks]
    above: list[int] = []
    parents, children = [], {-1: [], **{index: [] for index in range(len(marks))}}  # type: ignore[var-annotated]
    for index, mark in enumerate(marks):
        del above[mark.level :]
        parents.append(above[-1] if above else -1)
        children[parents[-1]].append(index)
        above.append(index)
    for index, mark in enumerate(marks):
        siblings = children[parents[index]]
        place = siblings.index(index)
        entries = f"/Title{text_string(mark.title)}/Dest[{pages[mark.page]} 0 R/XYZ null {mark.y:.0f} null]"
        entries += f"/Parent {numbers[parents[index]] if parents[index] >= 0 else root} 0 R"
        if place:
            entries += f"/Prev {numbers[siblings[place - 1]]} 0 R"
        if place + 1 < len(siblings):
            entries += f"/Next {numbers[siblings[place + 1]]} 0 R"
        below = children[index]
        if below:
            entries += f"/First {numbers[below[0]]} 0 R/Last {numbers[below[-1]]} 0 R/Count -{len(below)}"
        pdf.put(numbers[index], f"<<{entries}>>")
    top = children[-1]
    pdf.put(root, f"<</Type/Outlines/First {numbers[top[0]]} 0 R/Last {numbers[top[-1]]} 0 R/Count {len(top)}>>")
    return f"/Outlines {root} 0 R/PageMode/UseOutlines"


@cache
def _profile() -> tuple[bytes, bytes]:
    """The sRGB profile (ICC version 2) that comes with pikepdf, plain and compressed."""
    from importlib.resources import files

    plain = files("pikepdf.pdfa").joinpath("data", "sRGB.icc").read_bytes()
    return plain, zlib.compress(plain, 9)


def _intent(pdf: PdfFile) -> int:
    plain, packed = _profile()
    profile = pdf.stream(plain, "/N 3", packed=packed)
    return pdf.add(
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        f"/DestOutputProfile {profile} 0 R>>"
    )


def _attached(pdf: PdfFile, about: About) -> str:
    if not about.attachments:
        return ""
    made = f"/ModDate{_date(about)}" if about.made else ""
    specs = []
    for one in sorted(about.attachments, key=lambda one: one.name):
        kind = one.kind.replace("/", "#2F")
        file = pdf.stream(
            one.content, f"/Type/EmbeddedFile/Subtype/{kind}/Params<<{made}/Size {len(one.content)}>>", level=9
        )
        name = text_string(one.name)
        spec = pdf.add(
            f"<</Type/Filespec/F{name}/UF{name}/Desc{text_string(one.says)}/AFRelationship/{one.relationship}"
            f"/EF<</F {file} 0 R/UF {file} 0 R>>>>"
        )
        specs.append((name, spec))
    names = "".join(f"{name} {spec} 0 R" for name, spec in specs)
    files = " ".join(f"{spec} 0 R" for _, spec in specs)
    return f"/Names<</EmbeddedFiles<</Names[{names}]>>>>/AF[{files}]"


def _date(about: About) -> str:
    assert about.made is not None
    zone = about.made.strftime("%z") or "+0000"
    return f"(D:{about.made.strftime('%Y%m%d%H%M%S')}{zone[:3]}'{zone[3:5]}')"


def _info(pdf: PdfFile, about: About) -> int:
    dates = f"/CreationDate{_date(about)}/ModDate{_date(about)}" if about.made else ""
    return pdf.add(
        f"<</Title{text_string(about.title)}/Subject{text_string(about.subject)}/Author{text_string(about.author)}"
        f"/Creator({PRODUCER})/Producer({PRODUCER}){dates}>>"
    )


def _xmp(about: About) -> bytes:
    made = about.made.isoformat(timespec="seconds") if about.made else ""
    dates = f"<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>" if made else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>\n"
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li></rdf:Alt></dc:title>'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.subject)}</rdf:li></rdf:Alt>'
        f"</dc:description><dc:creator><rdf:Seq><rdf:li>{escape(about.author)}</rdf:li></rdf:Seq></dc:creator>"
        "</rdf:Description>\n"
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>{dates}</rdf:Description>\n"
        '<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
        f"<pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>\n"
        '</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()
