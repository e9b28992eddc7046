"""The attack kit: each function makes a forged file out of a good one; the verdict must refuse it and name the flaw.

Some are done by outsiders with a PDF library, some by people who hold a real key of the study. Sources of the kinds:
pdf-insecurity.org (universal forgery, incremental saving, wrapping, shadow, sneaky signature), ETSI EN 319 102-1.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name

from tests.documents import crf_maker as maker
from tests.documents.crf_maker import INVESTIGATOR, NOW, NURSE, ROOT, STUDY, TRUST, Making, give, pages, updated
from trialdesk.documents.signing import archival_writer, prepare_fields
from trialdesk.documents.timestamping import TimestampKey
from trialdesk.documents.verdict import Flaw, Trail
from trialdesk.security.certificates import new_authority, new_key
from trialdesk.security.trust import StudyTrust

GOOD = Making().signed()
PREPARED = prepare_fields(pages())


@dataclass(frozen=True)
class Forged:
    """A file to be judged, with what the judge is given beside it."""

    pdf: bytes
    trust: StudyTrust = TRUST
    trail: Trail | None = None
    file_name: str = ""


ATTACKS: dict[str, tuple[Callable[[], bytes | Forged], frozenset[Flaw]]] = {}
"""Every attack by name, with the flaws of which at least one must be named."""


def attack(*flaws: Flaw) -> Callable[[Callable[[], bytes | Forged]], Callable[[], bytes | Forged]]:
    """Enter a function into the kit."""

    def enter(made: Callable[[], bytes | Forged]) -> Callable[[], bytes | Forged]:
        ATTACKS[made.__name__] = (made, frozenset(flaws))
        return made

    return enter


# -- something is added behind the signatures


def _page(writer: Any) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def _draw(words: bytes) -> generic.StreamObject:
    return generic.StreamObject(
        stream_data=b"q 1 1 1 rg 40 600 500 60 re f Q BT /F1 12 Tf 50 620 Td (" + words + b") Tj ET"
    )


@attack(Flaw.PAGE_CHANGED)
def page_turned_by_update() -> bytes:
    def change(writer: Any) -> None:
        _page(writer)["/Rotate"] = generic.NumberObject(180)
        writer.update_container(_page(writer))

    return updated(GOOD, change)


@attack(Flaw.PAGE_CHANGED)
def page_painted_over_by_update() -> bytes:
    def change(writer: Any) -> None:
        page = _page(writer)
        before = page.raw_get("/Contents")
        page["/Contents"] = generic.ArrayObject([before, writer.add_object(_draw(b"60.0"))])
        writer.update_container(page)

    return updated(GOOD, change)


@attack(Flaw.PAGE_CHANGED)
def page_added_by_update() -> bytes:
    def change(writer: Any) -> None:
        writer.insert_page(
            generic.DictionaryObject(
                {
                    name("/Type"): name("/Page"),
                    name("/MediaBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)]),
                    name("/Contents"): writer.add_object(_draw(b"addendum")),
                    name("/Resources"): generic.DictionaryObject(),
                }
            )
        )

    return updated(GOOD, change)


@attack(Flaw.PAGE_CHANGED)
def page_taken_out_by_update() -> bytes:
    def change(writer: Any) -> None:
        tree = writer.root["/Pages"]
        tree["/Kids"] = generic.ArrayObject([tree["/Kids"].raw_get(n) for n in range(len(tree["/Kids"]) - 1)])
        tree["/Count"] = generic.NumberObject(len(tree["/Kids"]))
        writer.update_container(tree)

    return updated(GOOD, change)


def _note(writer: Any, page: Any, note: dict[str, Any]) -> None:
    annotations = page["/Annots"]
    entry = generic.DictionaryObject({name(key): value for key, value in note.items()})
    annotations.append(writer.add_object(entry))
    writer.update_container(annotations)


def _free_text() -> dict[str, Any]:
    box = generic.ArrayObject([generic.NumberObject(n) for n in (40, 600, 540, 660)])
    return {
        "/Type": name("/Annot"), "/Subtype": name("/FreeText"), "/Rect": box, "/DA": generic.TextStringObject("/Helv 12 Tf"),
        "/Contents": generic.TextStringObject("60.0"), "/F": generic.NumberObject(4),
    }  # fmt: skip


@attack(Flaw.ANNOTATION)
def note_laid_over_the_value() -> bytes:
    return updated(GOOD, lambda writer: _note(writer, _page(writer), _free_text()))


@attack(Flaw.ATTACHMENT)
def attachment_swapped_by_update() -> bytes:
    def change(writer: Any) -> None:
        spec = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        stream = generic.StreamObject(
            {name("/Type"): name("/EmbeddedFile")}, stream_data=maker.content(dose="60.0").data
        )
        spec["/EF"]["/F"] = spec["/EF"]["/UF"] = writer.add_object(stream)
        writer.update_container(spec)

    return updated(GOOD, change)


@attack(Flaw.ATTACHMENT)
def attachment_added_by_update() -> bytes:
    from pyhanko.pdf_utils import embed

    def change(writer: Any) -> None:
        stream = embed.EmbeddedFileObject.from_file_data(writer, data=b"x", mime_type="text/plain")
        embed.embed_file(writer, embed.FileSpec("crf2.json", "crf2.json", stream))

    return updated(GOOD, change)


@attack(Flaw.ATTACHMENT)
def attachment_taken_out_by_update() -> bytes:
    def change(writer: Any) -> None:
        del writer.root["/Names"], writer.root["/AF"]
        writer.update_root()

    return updated(GOOD, change)


@attack(Flaw.METADATA)
def description_changed_by_update() -> bytes:
    def change(writer: Any) -> None:
        meta = generic.StreamObject(
            {name("/Type"): name("/Metadata"), name("/Subtype"): name("/XML")}, stream_data=b"<x/>"
        )
        writer.root["/Metadata"] = writer.add_object(meta)
        writer.update_root()

    return updated(GOOD, change)


@attack(Flaw.UPDATE)
def title_changed_by_update() -> bytes:
    def change(writer: Any) -> None:
        writer.set_info(generic.DictionaryObject({name("/Title"): generic.TextStringObject("Withdrawn")}))

    return updated(GOOD, change)


@attack(Flaw.UPDATE)
def script_added_by_update() -> bytes:
    def change(writer: Any) -> None:
        writer.root["/OpenAction"] = _script()
        writer.update_root()

    return updated(GOOD, change)


def _script() -> generic.DictionaryObject:
    return generic.DictionaryObject({name("/S"): name("/JavaScript"), name("/JS"): generic.TextStringObject("1")})


@attack(Flaw.UPDATE)
def empty_update() -> bytes:
    return updated(GOOD, lambda writer: writer.update_root())


@attack(Flaw.FIELDS)
def field_added_by_update() -> bytes:
    from pyhanko.sign import fields

    return updated(
        GOOD, lambda w: fields.append_signature_field(w, fields.SigFieldSpec("Extra", box=(10, 10, 300, 300)))
    )


def _signed_beside(field: str, box: tuple[int, int, int, int] | None) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    from trialdesk.documents.signing import signer_of

    writer = archival_writer(IncrementalPdfFileWriter(io.BytesIO(GOOD)))
    spec = fields.SigFieldSpec(field, on_page=0, box=box)
    about = signers.PdfSignatureMetadata(field_name=field)
    made = signers.PdfSigner(about, signer_of(*NURSE, [ROOT.certificate]), new_field_spec=spec)
    # The library itself refuses to add to a locked file; a forger's would not.
    made._enforce_certification_constraints = lambda reader: None
    out: bytes = made.sign_pdf(writer).getvalue()
    return out


@attack(Flaw.FIELDS)
def sneaky_signature_over_the_page() -> bytes:
    return _signed_beside("Extra", (40, 500, 540, 700))


@attack(Flaw.FIELDS)
def signature_dressed_as_a_timestamp() -> bytes:
    return _signed_beside("Timestamp1", (40, 500, 540, 700))


@attack(Flaw.UPDATE, Flaw.UNSIGNED)
def signature_emptied_by_update() -> bytes:
    def change(writer: Any) -> None:
        field = writer.root["/AcroForm"]["/Fields"][1]
        del field["/V"]
        writer.update_container(field)

    return updated(GOOD, change)


@attack(Flaw.UPDATE)
def update_behind_the_seal() -> bytes:
    return updated(maker.sealed(GOOD), lambda writer: _note(writer, _page(writer), _free_text()))


# -- the bytes themselves


@attack(Flaw.BYTES_CHANGED, Flaw.UNREADABLE)
def one_byte_of_a_page_changed() -> bytes:
    place = GOOD.index(b"stream") + 40
    return GOOD[:place] + bytes([GOOD[place] ^ 1]) + GOOD[place + 1 :]


@attack(Flaw.TRAILING_BYTES)
def bytes_appended() -> bytes:
    return GOOD + b"\n% 60.0\n"


@attack(Flaw.LEADING_BYTES)
def bytes_put_before() -> bytes:
    return b"%!PS\n" + GOOD


@attack(Flaw.TRUNCATED)
def end_cut_off() -> bytes:
    return GOOD[: len(GOOD) - 900]


@attack(Flaw.UNSIGNED)
def investigator_cut_away() -> bytes:
    return give(PREPARED, "DataEntry", NURSE)


@attack(Flaw.NOT_A_PDF)
def something_else_named_pdf() -> bytes:
    return b"PK\x03\x04 not a PDF"


@attack(Flaw.ENCRYPTED, Flaw.UNREADABLE)
def encrypted_copy() -> bytes:
    with pikepdf.open(io.BytesIO(GOOD)) as whole:
        out = io.BytesIO()
        whole.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
        return out.getvalue()


@attack(Flaw.GAP, Flaw.BYTES_CHANGED, Flaw.UNREADABLE)
def rewritten_whole_with_another_value() -> bytes:
    with pikepdf.open(io.BytesIO(GOOD)) as whole:
        del whole.attachments["crf.json"]
        whole.attachments["crf.json"] = maker.content(dose="60.0").data
        out = io.BytesIO()
        whole.save(out)
        return out.getvalue()


def _ranges(pdf: bytes, change: Callable[[list[int]], list[int]]) -> bytes:
    """The last ByteRange with other numbers, in the same number of bytes."""
    start = pdf.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    end = pdf.index(b"]", start)
    numbers = change([int(n) for n in pdf[start:end].split()])
    words = " ".join(map(str, numbers)).encode()
    return pdf[:start] + words.ljust(end - start) + pdf[end:]


@attack(Flaw.GAP)
def signature_over_part_of_the_file() -> bytes:
    return _ranges(GOOD, lambda r: [r[0], r[1] - 100, r[2], r[3]])


@attack(Flaw.GAP, Flaw.UPDATE)
def signature_ends_before_the_file_does() -> bytes:
    return _ranges(GOOD, lambda r: [r[0], r[1], r[2], r[3] - 30])


@attack(Flaw.GAP, Flaw.UNREADABLE)
def universal_forgery_with_an_empty_range() -> bytes:
    return _ranges(GOOD, lambda r: [0, 0, 0, 0])


@attack(Flaw.GAP, Flaw.UNREADABLE, Flaw.BYTES_CHANGED)
def universal_forgery_with_no_contents() -> bytes:
    start = GOOD.rindex(b"/Contents <") + len(b"/Contents <")
    end = GOOD.index(b">", start)
    return GOOD[:start] + b"0" * (end - start) + GOOD[end:]


@attack(Flaw.GAP)
def something_hidden_in_the_padding() -> bytes:
    start = GOOD.rindex(b"/Contents <")
    end = GOOD.index(b">", start)
    return GOOD[: end - 8] + b"DEADBEEF" + GOOD[end:]


@attack(Flaw.GAP, Flaw.UPDATE)
def signature_wrapped_around_new_content() -> bytes:
    """The signed tail moves to the end; new objects stand in the hole between (signature wrapping)."""
    start = GOOD.rindex(b"/ByteRange [") + len(b"/ByteRange [")
    numbers = [int(n) for n in GOOD[start : GOOD.index(b"]", start)].split()]
    tail = GOOD[numbers[2] :]
    moved = updated(GOOD, lambda writer: _note(writer, _page(writer), _free_text())) + tail
    return _ranges(moved, lambda r: [0, r[1], len(moved) - len(tail), len(tail)])


# -- the wrong people, the wrong order


@attack(Flaw.ISSUER)
def another_authority_with_the_same_names() -> bytes:
    root = new_authority(STUDY, NOW - timedelta(days=800))
    nurse, investigator = (maker.signer(i, r, root) for i, r in (("nurse1", "nurse"), ("inv1", "investigator")))
    pdf = give(PREPARED, "DataEntry", nurse, chain=(root.certificate,))
    return give(pdf, "Investigator", investigator, chain=(root.certificate,))


@attack(Flaw.ISSUER)
def people_of_another_study() -> bytes:
    root = new_authority("OTHER1", NOW - timedelta(days=800))
    nurse = maker.signer("nurse1", "nurse", root, study="OTHER1")
    return Making(nurse=nurse, investigator=maker.signer("inv1", "investigator", root, study="OTHER1")).signed()


@attack(Flaw.ISSUER)
def certificate_made_by_a_colleague() -> bytes:
    """A nurse's own key signs a certificate for an investigator: she is no authority."""
    from trialdesk.security.certificates import Authority

    own = maker.signer("inv1", "investigator")
    forged = _built(own[0], Authority(NURSE[1], NURSE[0]))
    pdf = give(PREPARED, "DataEntry", NURSE)
    return give(pdf, "Investigator", (own[0], forged), chain=(NURSE[1], ROOT.certificate))


@attack(Flaw.EXPIRED)
def certificate_expired_at_signing() -> bytes:
    old = maker.signer("inv1", "investigator", since=NOW - timedelta(days=799))
    return Making(investigator=old).signed()


@attack(Flaw.EXPIRED)
def certificate_not_yet_valid_at_signing() -> bytes:
    new = maker.signer("inv1", "investigator", since=NOW + timedelta(days=2))
    return Making(investigator=new).signed()


@attack(Flaw.REVOKED)
def certificate_revoked_before_signing() -> Forged:
    return Forged(GOOD, maker.revoked(INVESTIGATOR, NOW - timedelta(hours=2)))


@attack(Flaw.REVOKED)
def stolen_key_with_a_time_before_the_theft() -> Forged:
    early = Making(at=NOW - timedelta(days=2)).signed()
    return Forged(early, maker.revoked(INVESTIGATOR, NOW - timedelta(days=1), stolen=True))


@attack(Flaw.REVOKED)
def stolen_key_sealed_only_after_the_theft() -> Forged:
    early = maker.sealed(Making(at=NOW - timedelta(days=2)).signed())
    return Forged(early, maker.revoked(INVESTIGATOR, NOW - timedelta(days=1), stolen=True))


def _built(key: Any, issuer: Any, usage: bool = True, purpose: str | None = "1.3.6.1.5.5.7.3.36") -> Any:
    """A certificate for inv1 that the study's tools would not issue."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    from trialdesk.security.certificates import Subject

    flags = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(Subject("person", "inv1", "investigator", "01", STUDY).name)
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=300))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=usage, **flags), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose)]), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


@attack(Flaw.USAGE)
def certificate_not_made_for_commitments() -> bytes:
    key = new_key()
    return Making(investigator=(key, _built(key, ROOT, usage=False))).signed()


@attack(Flaw.USAGE)
def certificate_made_for_web_servers() -> bytes:
    key = new_key()
    return Making(investigator=(key, _built(key, ROOT, purpose="1.3.6.1.5.5.7.3.1"))).signed()


@attack(Flaw.ROLE)
def nurse_signs_as_investigator() -> bytes:
    return Making(investigator=NURSE).signed()


@attack(Flaw.ROLE)
def workstation_signs_as_investigator() -> bytes:
    return Making(investigator=maker.signer("W1", "workstation", kind="workstation")).signed()


@attack(Flaw.ORDER, Flaw.UNSIGNED)
def investigator_alone() -> bytes:
    return give(PREPARED, "Investigator", INVESTIGATOR)


def _by_hand(pdf: bytes, field: str, who: maker.Signer, **about: Any) -> bytes:
    """A signature made with the bare library instead of TrialDesk."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    from trialdesk.documents.signing import signer_of

    writer = archival_writer(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    meta = signers.PdfSignatureMetadata(
        field_name=field, **({"md_algorithm": "sha256", "subfilter": SigSeedSubFilter.PADES} | about)
    )
    made = signers.PdfSigner(meta, signer_of(*who, [ROOT.certificate]))
    made._enforce_certification_constraints = lambda reader: None
    out: bytes = made.sign_pdf(writer, existing_fields_only=True).getvalue()
    return out


@attack(Flaw.ORDER)
def signed_in_the_wrong_order() -> bytes:
    return _by_hand(_by_hand(_loose_fields(), "Investigator", INVESTIGATOR), "DataEntry", NURSE)


@attack(Flaw.ORDER)
def data_entry_did_not_certify() -> bytes:
    return give(_by_hand(PREPARED, "DataEntry", NURSE), "Investigator", INVESTIGATOR)


@attack(Flaw.LOCK)
def investigators_field_without_a_lock() -> bytes:
    from pyhanko.sign.fields import MDPPerm

    pdf = _by_hand(_loose_fields(), "DataEntry", NURSE, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    return _by_hand(pdf, "Investigator", INVESTIGATOR)


def _loose_fields() -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields

    from trialdesk.documents.signing import BOXES

    writer = archival_writer(IncrementalPdfFileWriter(io.BytesIO(pages())))
    for field, box in BOXES.items():
        fields.append_signature_field(
            writer, fields.SigFieldSpec(field, on_page=-1, box=box, empty_field_appearance=True)
        )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@attack(Flaw.WEAK_HASH, Flaw.UNREADABLE)
def signed_with_a_broken_hash() -> bytes:
    from pyhanko.sign.fields import MDPPerm

    pdf = _by_hand(
        PREPARED, "DataEntry", NURSE, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS, md_algorithm="sha1"
    )
    return give(pdf, "Investigator", INVESTIGATOR)


@attack(Flaw.TIME)
def investigator_signed_a_day_before_data_entry() -> bytes:
    return Making(investigator_at=NOW - timedelta(days=1)).signed()


@attack(Flaw.TIME)
def sealed_before_it_was_signed() -> bytes:
    return maker.sealed(GOOD, NOW - timedelta(days=1))


@attack(Flaw.UNSIGNED)
def never_signed() -> bytes:
    return PREPARED


# -- the wrong content, signed by the right people


def _with(change: Callable[[pikepdf.Pdf], None]) -> Callable[[bytes], bytes]:
    def changed(pdf: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(pdf)) as whole:
            change(whole)
            out = io.BytesIO()
            whole.save(out)
            return out.getvalue()

    return changed


@attack(Flaw.ACTIVE)
def script_signed_along() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")

    return Making(before=_with(change)).signed()


@attack(Flaw.ACTIVE)
def link_to_the_outside_signed_along() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="example")
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action)
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))

    return Making(before=_with(change)).signed()


@attack(Flaw.ANNOTATION)
def note_over_the_value_signed_along() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 9, 9], Contents="60"
        )
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))

    return Making(before=_with(change)).signed()


@attack(Flaw.DATA_MISSING)
def data_left_out() -> bytes:
    return Making(before=_with(lambda pdf: pdf.attachments.__delitem__("crf.json"))).signed()


@attack(Flaw.DATA_MISSING)
def program_signed_along() -> bytes:
    return Making(before=_with(lambda pdf: pdf.attachments.__setitem__("setup.exe", b"MZ"))).signed()


@attack(Flaw.DATA_UNREADABLE)
def data_that_are_no_data() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments["crf.json"]
        pdf.attachments["crf.json"] = b"[1"

    return Making(before=_with(change)).signed()


@attack(Flaw.NOT_ON_PAGE)
def data_that_are_not_on_the_pages() -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments["crf.json"]
        pdf.attachments["crf.json"] = maker.content(dose="61.5").data

    return Making(before=_with(change)).signed()


@attack(Flaw.OTHER_STUDY)
def data_of_another_study() -> bytes:
    from trialdesk.documents.crf import render_crf

    return Making(render_crf(maker.content(data={"study": "OTHER1"}))).signed()


@attack(Flaw.OTHER_SUBJECT)
def another_participants_form_under_this_name() -> Forged:
    return Forged(Making(pages("01-008")).signed(), file_name="01-007_DLI1_DLI_187.pdf")


@attack(Flaw.OTHER_SUBJECT)
def participant_of_another_site() -> bytes:
    return Making(pages("02-007")).signed()


@attack(Flaw.OTHER_SUBJECT)
def trail_says_another_participant() -> Forged:
    return Forged(GOOD, trail=maker.trail_of(GOOD, "01-009"))


@attack(Flaw.TRAIL)
def signed_again_behind_the_trail() -> Forged:
    """The right people sign an older value once more; only the trail knows which document counts."""
    return Forged(Making(pages(dose="40.0")).signed(), trail=maker.trail_of(GOOD))


# -- seals


@attack(Flaw.TIMESTAMP)
def timestamp_of_another_authority() -> bytes:
    root = new_authority(STUDY, NOW - timedelta(days=800))
    own = maker.signer("TSA", "timestamp", root, kind="timestamp", site="centre")
    return maker.sealed(GOOD, by=TimestampKey(*own, (root.certificate,)))


@attack(Flaw.TIMESTAMP)
def timestamp_by_a_person() -> bytes:
    return maker.sealed(GOOD, by=TimestampKey(*NURSE, (ROOT.certificate,)))


@attack(Flaw.TIMESTAMP, Flaw.GAP, Flaw.BYTES_CHANGED, Flaw.UNREADABLE)
def byte_of_a_seal_changed() -> bytes:
    whole = maker.sealed(GOOD)
    place = len(GOOD) + 200
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def judged_with(name: str) -> Forged:
    """The forged file of this name."""
    made = ATTACKS[name][0]()
    return made if isinstance(made, Forged) else Forged(made)


__all__ = ["ATTACKS", "GOOD", "Forged", "judged_with", "replace"]
