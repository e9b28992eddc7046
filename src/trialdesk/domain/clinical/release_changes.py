"""What the centre releases to a workstation beside questions: study releases and lists of normal ranges."""

from __future__ import annotations

from typing import Literal

from trialdesk.domain.clinical.change_base import AtForm, ChangeBase, RecordId
from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.study.laboratory import RangeTable


class StudyAdopted(ChangeBase):
    """The desk works with this study release from now on."""

    kind: Literal["StudyAdopted"] = "StudyAdopted"
    study: str
    version: str
    fingerprint: str


class StudyReleased(ChangeBase):
    """The centre gives a study release out to one workstation.

    `approved` is the day of the ethics committee's approval at its site, `effective` the first day on which the
    workstation asks by it (both ISO 8601), `rule` for whom and from which visit on. Records made before keep the
    release they were made under.
    """

    kind: Literal["StudyReleased"] = "StudyReleased"
    study: str
    version: str
    fingerprint: str
    approved: str
    effective: str
    rule: EffectiveRule = EffectiveRule()


class FormMoved(ChangeBase):
    """A person let a draft that was begun under an older study release be asked by a newer one; no answer changed."""

    kind: Literal["FormMoved"] = "FormMoved"
    form: AtForm
    before: str
    version: str


class LabRangesGiven(ChangeBase):
    """The centre gives a laboratory's own list of normal ranges out to one workstation, beside the study release.

    `table` says from when to when the list is in force, by the day of sampling; `name` and `file` are the file it came
    in and its SHA-256.
    """

    kind: Literal["LabRangesGiven"] = "LabRangesGiven"
    laboratory: str
    table: RangeTable
    name: str
    file: str


class LabRangesTaken(ChangeBase):
    """The desk reads laboratory results by this list from now on; `given` is the centre's record that brought it."""

    kind: Literal["LabRangesTaken"] = "LabRangesTaken"
    laboratory: str
    valid_from: str
    given: RecordId
