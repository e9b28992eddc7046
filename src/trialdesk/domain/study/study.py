"""The whole protocol as one frozen value (ODM Study and MetaDataVersion)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from trialdesk.domain.study.codelist import CodeList
from trialdesk.domain.study.endpoint import EndpointRoles
from trialdesk.domain.study.form import FormDef, ItemDef, ItemGroupDef
from trialdesk.domain.study.laboratory import LaboratoryDef
from trialdesk.domain.study.monitoring import MonitoringPlan
from trialdesk.domain.study.parameter import Parameter
from trialdesk.domain.study.rule import Rule
from trialdesk.domain.study.safety_report import SafetyReport
from trialdesk.domain.study.study_event import StudyEventDef, Timing
from trialdesk.domain.study.timeline import TimelineMark
from trialdesk.domain.text import Text


class ProtocolNote(BaseModel):
    """Something the registration leaves open or contradicts, and how this study reads it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    about: Text
    reading: Text


class NextRound(BaseModel):
    """The recorded decision that opens another treatment round."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    code: str = "Y"


class Landmarks(BaseModel):
    """The items every list and head shows: sex, birth, disease, and the day that is counted from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sex: str = "SEX"
    birth: str = "BRTHDAT"
    disease: str = "DISEASE"
    day_0: str = "DLIDAT"


class AdverseEventItems(BaseModel):
    """Which items say what of an adverse event; `onsets` hold the onset dates of GVHD episodes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str
    term: str
    grade: str
    start: str
    gvhd: str
    episode: str
    onsets: tuple[str, ...]
    other: str | None = None
    proposed: str | None = None
    reason: str | None = None


class Study(BaseModel):
    """Events, forms, code lists, parameters and rules of one protocol version.

    `version` names this MetaDataVersion; every audit record carries it. `baseline_event` is where baseline values
    are taken. `max_rounds` bounds the treatment rounds; a further round is planned once `next_round.item` of the
    round before holds `next_round.code`. `landmarks` says which items hold sex, birth, disease and day 0,
    `adverse_events` those of an adverse event. `laboratory` holds normal ranges and what laboratory sheets rest on, `monitoring` the
    plan by which answers are compared with their source. `sdtm` is the plain content of sdtm.yaml: only
    the centre's export reads it (`read_mapping`), so a desk does not pay for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    oid: str
    name: Text
    title: Text
    registration: str
    sponsor: Text
    protocol_version: str
    version: str
    planned_subjects: int
    baseline_event: str
    max_rounds: int = 2
    next_round: NextRound | None = None
    landmarks: Landmarks = Landmarks()
    adverse_events: AdverseEventItems | None = None
    sites: dict[str, Text]
    statements: dict[str, str] = {}
    notes: tuple[ProtocolNote, ...] = ()
    parameters: tuple[Parameter, ...]
    codelists: tuple[CodeList, ...]
    events: tuple[StudyEventDef, ...]
    forms: tuple[FormDef, ...]
    rules: tuple[Rule, ...]
    timeline: tuple[TimelineMark, ...] = ()
    endpoints: EndpointRoles | None = None
    safety_report: SafetyReport | None = None
    laboratory: LaboratoryDef | None = None
    monitoring: MonitoringPlan | None = None
    sdtm: dict[str, Any] | None = None

    @cached_property
    def event(self) -> dict[str, StudyEventDef]:
        """Events by OID."""
        return {one.oid: one for one in self.events}

    @cached_property
    def form(self) -> dict[str, FormDef]:
        """Forms by OID."""
        return {one.oid: one for one in self.forms}

    @cached_property
    def codelist(self) -> dict[str, CodeList]:
        """Code lists by OID."""
        return {one.oid: one for one in self.codelists}

    @cached_property
    def parameter(self) -> dict[str, Parameter]:
        """Parameters by name."""
        return {one.name: one for one in self.parameters}

    @cached_property
    def rule(self) -> dict[str, Rule]:
        """Rules by id."""
        return {one.id: one for one in self.rules}

    @cached_property
    def place(self) -> dict[str, tuple[FormDef, ItemGroupDef, ItemDef]]:
        """Where each item stands: its form, its group, and the item itself, by item name."""
        return {item.name: (form, group, item) for form in self.forms for group in form.groups for item in group.items}

    @cached_property
    def events_of_form(self) -> dict[str, tuple[StudyEventDef, ...]]:
        """The events in which a form is asked, in schedule order."""
        return {form.oid: tuple(e for e in self.events if form.oid in e.forms) for form in self.forms}

    @cached_property
    def event_order(self) -> dict[str, int]:
        """Place of each event in the schedule."""
        return {one.oid: index for index, one in enumerate(self.events)}

    def item(self, name: str) -> ItemDef:
        """The item of that name; raises KeyError for a name the study lacks."""
        return self.place[name][2]

    def anchor(self, due: Timing) -> str:
        """The item a visit is counted from; raises KeyError for a choice the parameter does not make."""
        if isinstance(due.after, str):
            return due.after
        return due.after.choices[str(self.parameter[due.after.setting].value)]

    def words(self, item: ItemDef, code: str) -> Text | None:
        """The words for a stored code, or None where the item has no code list or the list lacks the code."""
        return self.codelist[item.codelist].label(code) if item.codelist else None
