"""The centre's migrations: alembic's environment and one script for each layout its store has had."""

from __future__ import annotations

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError


def no_way_back() -> None:
    """Every script's way back: there is none, since older programs do not know what was stored since."""
    raise KnownError(
        Text(
            en="The centre's store is never taken back to an older layout: records stored since would be lost to it. "
            "Nothing was changed. Restore the backup from before the update into a new database instead.",
            zh="协调中心的数据库不能退回旧结构，否则此后存入的记录会丢失。未作任何更改。"
            "请改为将更新前的备份恢复到新的数据库中。",
        )
    )
