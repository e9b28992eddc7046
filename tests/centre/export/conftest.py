"""A centre that holds one participant with a bit of everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scenario import SOURCE, ZONE, Ward
from trialdesk.centre.centre import Centre
from trialdesk.centre.export.holdings import Holdings

MADE = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    ward = Ward(tmp_path_factory.mktemp("export"), datetime(2026, 5, 1, 9, tzinfo=ZONE))
    ward.enrol()
    ward.open("SCR[1]/CONSENT")
    ward.fill(RFICDAT="2026-01-05", ICFVER="1.0", ICFCOPY="Y", ICWDYN="N")
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1980-05", SEX="F", ETHNIC="HAN")
    ward.open("SCR[1]/VISIT")
    ward.fill(SVOCCUR="Y", SVDAT="2026-01-06")
    ward.open("SCR[1]/HX")
    ward.fill(HXDIAG="AML", HXDXDAT="2024", HXSCTDAT="2025-02-03")
    ward.fill(HXRELYN="Y", HXRELDAT="2025-12-20", HXRELKND="HAEM")
    ward.open("SCR[1]/ELIG")
    ward.fill(IEDIS="Y", IEREL="Y", IECONS="Y", IEPROT="Y", IEYN="Y", ENRLDAT="2026-01-08")
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="61.5")
    ward.enter("TEMP", "", missing="ND")
    ward.complete()
    ward.sign()
    ward.enter("WEIGHT", "61.8", reason=SOURCE)
    ward.open("SCR[1]/HAEM")
    ward.fill(HAEMDAT="2026-01-06", HAEMTIM="08:30", WBC="3.2", PLT="41")
    ward.casebook.enter(ward.path("HGB"), "9.8", unit="g/dL")
    ward.open("SCR[1]/MARROW")
    ward.fill(BMDAT="2026-01-06", BMADEQ="Y", BMBLAST="32.5", EMD="ABSENT", MRDRES="POS", MRDMETH="MFC")
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHSTDAT="2026-01-10", CHENDAT="2026-01-14", CHREG="HMA")
    ward.fill(CHTRT="Azacitidine", CHDOSE="75", CHDOSU="mg/m2", CHDAYS="5")
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-01-17", DLISTTIM="10:00", DLIENTIM="10:40", DLICD3="20", DLIWT="61.8")
    ward.open("PLX[1]/PLX")
    ward.enter("PLXGIVEN", "Y")
    ward.fill(PLXWT="61.8", PLXDAT="2026-01-27", PLXTIM="08:00", PLXMG="14.8", PLXSITE="ABD")
    ward.enter("PLXGIVEN", "N", row=2)
    ward.enter("PLXREASN", "COUNTS", row=2)
    ward.open("D28[1]/RESP")
    ward.fill(RSDAT="2026-02-14", RSRESP="PR", RSMRD="POS")
    ward.open("D28[1]/AGVHD")
    ward.fill(AGDAT="2026-02-14", AGYN="Y", AGBSA="30", AGBULLA="N", AGDESQ="N", AGBILI="12", AGUGI="0", AGEPIS="0")
    ward.fill(AGPAIN="N", AGBLOOD="N", AGONSDAT="2026-02-10", AGCONF="CONFIRMED")
    ward.complete()
    ward.open("AE[1]/AE")
    ward.fill(
        AETERM="Nausea", AETOXGR="2", AEGVHD="N", AESTDAT="2026-01-28", AEONGO="Y", AESER="N", AERELPLX="POSSIBLE"
    )
    ward.open("AE[2]/AE")
    ward.fill(AETERM="Diarrhea", AETOXGR="3", AEGVHD="Y", AEGVDAT="2026-02-10", AESTDAT="2026-02", AEONGO="N")
    ward.open("AE[3]/AE")
    ward.fill(AETERM="Lung infection", AETOXGR="3", AEGVHD="N", AESTDAT="2026-02-20", AESER="Y")
    ward.open("SAE[1]/SAE")
    ward.fill(SAETERM="Lung infection", SAESTDAT="2026-02-20", SAEDTH="N", SAELIFE="N", SAEHOSP="Y", SAEMIE="N")
    ward.open("CM[1]/CM")
    ward.fill(CMTRT="=HYPERLINK(1)", CMDOSE="+1 mg", CMROUTE="PO", CMSTDAT="2026-01", CMONGO="Y", CMREAS="PROPH")
    ward.casebook.note(ward.path("CMTRT"), "Name as on the box")
    ward.open("CM[2]/CM")
    ward.fill(CMTRT="Entered for another participant")
    ward.casebook.strike(ward.form, SOURCE)
    ward.open("M3[1]/SS")
    ward.fill(SSDAT="2026-04-08", SSSTAT="DEAD")
    ward.open("DEATH[1]/DEATH")
    ward.fill(DTHDAT="2026-04-08", DDCAUSE="INFECTION")
    ward.open("EOS[1]/EOS")
    ward.fill(DSSTDAT="2026-04-08", DSREAS="DEATH")
    ward.receive(ward.send())
    yield ward.centre
    ward.leave()


@pytest.fixture
def held(centre: Centre) -> Holdings:
    return Holdings(centre, MADE)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path
