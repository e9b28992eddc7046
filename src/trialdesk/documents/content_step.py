"""Steps 4 and 5: the data inside are those on the pages and of this participant; nothing active, nothing foreign."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from trialdesk.documents.examined import Examined
from trialdesk.documents.file_step import end_of
from trialdesk.documents.pictures import PDFIUM
from trialdesk.documents.verdict import Flaw
from trialdesk.domain.text import Text

DATA = "crf.json"
ALLOWED = ("crf.json", "crf.odm.xml")
"""The files a CRF may carry: its records, and the form as CDISC ODM."""

_ACTIONS = (
    "/JavaScript", "/Launch", "/URI", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/ResetForm", "/Movie",
    "/Sound", "/Rendition", "/Hide", "/Named", "/SetOCGState", "/RichMediaExecute", "/Trans", "/GoTo3DView", "/Thread",
)  # fmt: skip
_SUBTYPES = ("/Widget", "/Link")


def run(seen: Examined) -> None:
    """The data, the pages, and everything else in the file."""
    seen.step = 4
    data = _data(seen)
    if data is not None:
        _whose(seen, data)
        _on_pages(seen, data)
    seen.end_step()
    seen.step = 5
    _nothing_active(seen)


def _data(seen: Examined) -> dict[str, Any] | None:
    import pikepdf

    with pikepdf.open(io.BytesIO(seen.pdf)) as pdf:
        names = sorted(pdf.attachments)
        content = pdf.attachments[DATA].get_file().read_bytes() if DATA in names else None
    fine = content is not None and all(name in ALLOWED for name in names)
    if not seen.say(
        fine,
        Text(en="The data of the form are embedded, and no other file.", zh="表单数据已嵌入，且无其他文件。"),
        Text(en="The embedded files are not those of a CRF: {names}.", zh="嵌入文件与 CRF 不符：{names}。").format(
            names=", ".join(names) or "-"
        ),
        Flaw.DATA_MISSING,
    ):
        return None
    try:
        data: dict[str, Any] = json.loads(content or b"")
        assert isinstance(data, dict)
    except (ValueError, AssertionError):
        says = Text(en="The embedded data cannot be read.", zh="无法读取嵌入数据。")
        seen.say(False, says, says, Flaw.DATA_UNREADABLE)
        return None
    return data


def _whose(seen: Examined, data: dict[str, Any]) -> None:
    studies = {one.study for one in seen.named.values()}
    seen.say(
        {str(data.get("study"))} == studies,
        Text(en="Data and certificates are of one study.", zh="数据与证书属于同一研究。"),
        Text(en="The data are of another study than the certificates.", zh="数据与证书不属于同一研究。"),
        Flaw.OTHER_STUDY,
    )
    subject = str(data.get("subject", ""))
    sites = {one.site for one in seen.named.values()}
    named = re.match(r"(\d+-\d+)(?=[_. -]|$)", seen.name)
    fine = subject.partition("-")[0] in sites and (named is None or named[1] == subject)
    if fine and seen.trail is not None:
        fine = _recorded_for(seen, data)
    seen.say(
        fine,
        Text(en="The data are of participant {who}, form {form}.", zh="数据属于受试者 {who}，表单 {form}。").format(
            who=subject, form=data.get("form")
        ),
        Text(
            en="The data are of participant {who}, which is not whom the file's name, site or trail says.",
            zh="数据属于受试者 {who}，与文件名、研究中心或稽查轨迹不符。",
        ).format(who=subject or "-"),
        Flaw.OTHER_SUBJECT,
    )


def _recorded_for(seen: Examined, data: dict[str, Any]) -> bool:
    import hashlib

    assert seen.trail is not None
    until = end_of(seen.signatures[-1])
    known = seen.trail.recorded(hashlib.sha256(seen.pdf[:until]).hexdigest())
    return known is not None and (known.subject, known.form) == (data.get("subject"), data.get("form"))


def _on_pages(seen: Examined, data: dict[str, Any]) -> None:
    """Every plain value of the data can be read on the pages; a coded one is printed as its words."""
    text = "".join(page_words(seen.pdf))
    answers = [one for one in data.get("answers", ()) if isinstance(one, dict)]
    wanted = {str(one["value"]) for one in answers if one.get("value") is not None and not one.get("struck")}
    wanted = {value for value in wanted if re.search(r"\d", value)}
    number = str(data.get("subject", "")).rpartition("-")[2]
    absent = sorted(value for value in wanted if _bare(value) not in text)
    seen.say(
        not absent and number in text,
        Text(en="Participant and {n} values are on the pages.", zh="页面上有受试者编号及 {n} 个数值。").format(
            n=len(wanted)
        ),
        Text(en="Not on the pages: {values}.", zh="页面上没有：{values}。").format(
            values=", ".join(absent[:5]) or number
        ),
        Flaw.NOT_ON_PAGE,
    )


def page_words(pdf: bytes) -> list[str]:
    """The words of each page without spaces and line breaks."""
    import pypdfium2

    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        return [_bare(page.get_textpage().get_text_bounded()) for page in document]


def _bare(words: str) -> str:
    return re.sub(r"[\s\ufffe\ufeff\u00ad]+", "", words)


def _nothing_active(seen: Examined) -> None:
    import pikepdf

    found: set[str] = set()
    embedded = 0
    with pikepdf.open(io.BytesIO(seen.pdf)) as pdf:
        for key in ("/OpenAction", "/AA"):
            action = pdf.Root.get(key)
            if action is not None and not (isinstance(action, pikepdf.Array) or _goes(action)):
                found.add(key)
        for one in pdf.objects:
            found |= _active_in(one)
            embedded += isinstance(one, pikepdf.Stream) and one.get("/Type") == "/EmbeddedFile"
        foreign = [
            str(note.get("/Subtype"))
            for page in pdf.pages
            for note in page.get("/Annots", ())
            if str(note.get("/Subtype")) not in _SUBTYPES
        ]
        attached = len(pdf.attachments)
    seen.say(
        not found,
        Text(en="The file carries no scripts and no actions.", zh="文件不含脚本或动作。"),
        Text(en="The file carries scripts or actions: {what}.", zh="文件含有脚本或动作：{what}。").format(
            what=", ".join(sorted(found))
        ),
        Flaw.ACTIVE,
    )
    seen.say(
        not foreign and embedded <= attached,
        Text(en="Nothing foreign lies on the pages or in the file.", zh="页面及文件中没有外来内容。"),
        Text(en="Something foreign lies on the pages or in the file.", zh="页面或文件中有外来内容。"),
        Flaw.ANNOTATION,
    )


def _active_in(one: Any, depth: int = 20) -> set[str]:
    """Actions in an object and in everything written directly inside it; the rest is an object of its own."""
    import pikepdf

    if isinstance(one, pikepdf.Array):
        children = list(one)
    elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        children = [value for _, value in one.items()]
    else:
        return set()
    found = set()
    for child in children:
        if isinstance(child, (pikepdf.Array, pikepdf.Dictionary)) and not child.is_indirect and depth:
            found |= _active_in(child, depth - 1)
    return found if isinstance(one, pikepdf.Array) else found | _acts(one)


def _acts(one: Any) -> set[str]:
    found = {key for key in ("/JS", "/XFA", "/AA", "/RichMediaContent") if key in one}
    kind = one.get("/S")
    if kind is not None and str(kind) in _ACTIONS and ("/Type" not in one or one.get("/Type") == "/Action"):
        found.add(str(kind))
    return found


def _goes(action: Any) -> bool:
    import pikepdf

    return isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/GoTo"
