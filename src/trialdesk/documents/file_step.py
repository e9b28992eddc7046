"""Step 1: the file is one whole PDF, its fields are those of a CRF, and signatures cover every byte of it."""

from __future__ import annotations

from typing import Any

from trialdesk.documents import revisions
from trialdesk.documents.examined import Examined, entry
from trialdesk.documents.verdict import Flaw
from trialdesk.domain.admin.signature_def import FIELDS
from trialdesk.domain.text import Text

STAMPS = "Timestamp"
"""The name, before its number, of the centre's timestamp fields."""


def bytes_of_the_file(seen: Examined) -> None:
    """What can be said before anything is parsed."""
    pdf = seen.pdf
    begins = pdf.startswith(b"%PDF-1.")
    inside = not begins and b"%PDF-" in pdf[:4096]
    seen.need(
        begins,
        Text(en="The file begins as a PDF.", zh="文件以 PDF 开头。"),
        Text(en="Something stands before the PDF.", zh="PDF 之前有多余内容。")
        if inside
        else Text(en="The file is not a PDF.", zh="文件不是 PDF。"),
        Flaw.LEADING_BYTES if inside else Flaw.NOT_A_PDF,
    )
    end = pdf.rfind(b"%%EOF")
    rest = pdf[end + 5 :] if end >= 0 else pdf
    cut = end < 0 or b" obj" in rest
    seen.need(
        rest in (b"", b"\n", b"\r\n", b"\r"),
        Text(en="Nothing stands after its end.", zh="文件结尾之后没有内容。"),
        Text(en="The file is cut off.", zh="文件被截断。")
        if cut
        else Text(en="Something was appended after its end.", zh="文件结尾之后附加了内容。"),
        Flaw.TRUNCATED if cut else Flaw.TRAILING_BYTES,
    )


def run(seen: Examined) -> None:
    """Fields, order, and that signatures leave nothing uncovered."""
    seen.step = 1
    seen.need(
        not seen.reader.encrypted,
        Text(en="The file is not encrypted.", zh="文件未加密。"),
        Text(en="The file is encrypted; a CRF never is.", zh="文件已加密，而 CRF 从不加密。"),
        Flaw.ENCRYPTED,
    )
    _fields(seen)
    _order(seen)
    _gaps(seen)
    _updates(seen)
    seen.end_step()


def _fields(seen: Examined) -> None:
    names = _field_names(seen.reader)
    people = sorted(name for name in names if not name.startswith(STAMPS))
    stamps = {stamp.field_name for stamp in seen.timestamps}
    seen.say(
        people == sorted(FIELDS) and {name for name in names if name.startswith(STAMPS)} == stamps,
        Text(en="The file has exactly the two signature fields of a CRF.", zh="文件恰有 CRF 的两个签名域。"),
        Text(
            en="The signature fields are not those of a CRF ({names}): one was added or removed.",
            zh="签名域与 CRF 不符（{names}）：有签名域被添加或删除。",
        ).format(names=", ".join(names) or "-"),
        Flaw.FIELDS,
    )
    unsigned = [name for name in FIELDS if name not in {one.field_name for one in seen.signatures}]
    seen.say(
        not unsigned,
        Text(en="Both fields are signed.", zh="两个签名域均已签名。"),
        Text(en="Not signed: {names}.", zh="未签名：{names}。").format(names=", ".join(unsigned)),
        Flaw.UNSIGNED,
    )


def _field_names(reader: Any) -> list[str]:
    if "/AcroForm" not in reader.root:
        return []
    return sorted(str(field.get_object().get("/T", "?")) for field in reader.root["/AcroForm"]["/Fields"])


def _order(seen: Examined) -> None:
    first = seen.signatures[0] if seen.signatures else None
    certifies = first is not None and first.field_name == "DataEntry" and _certifies(seen.reader, first)
    seen.say(
        certifies,
        Text(en="The person who entered the data certified it first.", zh="数据录入者首先认证签名。"),
        Text(
            en="The first signature is not the certifying one of data entry, or there is none.",
            zh="缺少数据录入者的认证签名，或其不是首个签名。",
        ),
        Flaw.ORDER,
    )
    last = next((one for one in seen.signatures if one.field_name == "Investigator"), None)
    if last is not None:
        locks = last.fieldmdp is not None and last.docmdp_level is not None and last.docmdp_level.value == 1
        seen.say(
            locks,
            Text(en="The investigator's signature locks the file.", zh="研究者签名锁定了文件。"),
            Text(en="The investigator's signature does not lock the file.", zh="研究者签名未锁定文件。"),
            Flaw.LOCK,
        )


def _certifies(reader: Any, signature: Any) -> bool:
    perms = entry(reader.root, "/Perms", {})
    if "/DocMDP" not in perms or "/V" not in signature.sig_field:
        return False
    said, own = perms.raw_get("/DocMDP"), signature.sig_field.raw_get("/V")
    return bool(said.reference == own.reference)


def _gaps(seen: Examined) -> None:
    """Each signature covers its revision from the first byte to the last but for its own hex digits."""
    for one in (*seen.signatures, *seen.timestamps):
        seen.say(
            _covers(seen.pdf, one),
            Text(en="{field}: it covers every byte up to its end.", zh="{field}：覆盖至其结尾的全部字节。").format(
                field=one.field_name
            ),
            Text(en="{field}: it covers only part of the file.", zh="{field}：仅覆盖文件的一部分。").format(
                field=one.field_name
            ),
            Flaw.GAP,
        )


def _covers(pdf: bytes, signature: Any) -> bool:
    numbers = [int(number) for number in signature.byte_range]
    if len(numbers) != 4 or numbers[0] != 0 or min(numbers) < 0:
        return False
    _, until, again, rest = numbers
    hole = pdf[until:again]
    digits = bytes(hole[1:-1])
    end = again + rest
    return (
        hole[:1] == b"<"
        and hole[-1:] == b">"
        and len(digits) % 2 == 0
        and all(digit in b"0123456789abcdefABCDEF" for digit in digits)
        and _only_padding(digits, signature)
        and end <= len(pdf)
        and pdf[:end].rstrip(b"\r\n").endswith(b"%%EOF")
    )


def end_of(signature: Any) -> int:
    """Where the bytes a signature covers end."""
    numbers = [int(number) for number in signature.byte_range]
    return numbers[2] + numbers[3] if len(numbers) == 4 else 0


def _only_padding(digits: bytes, signature: Any) -> bool:
    """The hole holds this very signature and zeros; anything else in it would be signed by nobody."""
    content = bytes.fromhex(digits.decode())
    length = len(signature.signer_info["signature"].native) and _der_length(content)
    return content == bytes(signature.pkcs7_content) and not content[length:].strip(b"\0")


def _der_length(content: bytes) -> int:
    size = content[1]
    if size < 0x80:
        return 2 + size
    more = size & 0x7F
    return 2 + more + int.from_bytes(content[2 : 2 + more], "big")


def _updates(seen: Examined) -> None:
    """Every revision from the first signature on is a signature or a timestamp, and the last one ends the file."""
    covered = {one.signed_revision for one in (*seen.signatures, *seen.timestamps)}
    total = seen.reader.xrefs.total_revisions
    loose = [number for number in range(min(covered, default=total), total) if number not in covered]
    ends = max((end_of(one) for one in (*seen.signatures, *seen.timestamps)), default=0)
    whole = not loose and (not covered or ends == len(seen.pdf))
    seen.say(
        whole,
        Text(en="Nothing was added that no signature covers.", zh="没有未被签名覆盖的增改。"),
        Text(en="An update was added that no signature covers.", zh="文件被追加了未被任何签名覆盖的更新。"),
        Flaw.UPDATE,
    )
    if covered and not whole:
        for flaw, says in revisions.differences(seen.reader, max(covered)):
            seen.say(False, says, says, flaw)
