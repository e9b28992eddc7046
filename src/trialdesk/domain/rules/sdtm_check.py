"""What is wrong in a study's way to SDTM: names it does not have, sources that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from trialdesk.domain.study.reading import Place, nearest
from trialdesk.domain.study.sdtm import read_mapping
from trialdesk.domain.study.study import Study


def sdtm_problems(study: Study) -> Iterator[tuple[Place, str]]:
    """Every problem of sdtm.yaml, at the line where the part begins."""
    if study.sdtm is None:
        return
    try:
        mapping = read_mapping(study.sdtm)
    except ValidationError as fault:
        for one in fault.errors():
            yield ("sdtm", *one["loc"]), f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
        return
    except ValueError as fault:
        yield ("sdtm",), str(fault)
        return
    for name in sorted(set(mapping.items()) - set(study.place)):
        yield ("sdtm",), f"no item {name}{nearest(name, set(study.place))}"
    for name in sorted(set(mapping.named_maps()) - set(mapping.maps)):
        yield ("sdtm",), f"no map {name}{nearest(name, set(mapping.maps))}"
