"""The keys of the window in one place, for the printed card and the help screen."""

from __future__ import annotations

from trialdesk.documents.content import CrfTable
from trialdesk.documents.paper import About
from trialdesk.documents.study_summary import SheetFrame, sheets
from trialdesk.domain.text import Text

KEY_CARD = Text(en="Key card", zh="按键卡")
Keys = tuple[tuple[str, Text], ...]

FORM: Keys = (
    ("Enter, Tab", Text(en="next field (Shift: back)", zh="下一项（加 Shift 返回）")),
    ("Ctrl+Enter", Text(en="next page; on the last, complete the form", zh="下一页；末页完成表单")),
    ("PgUp, PgDn", Text(en="previous, next page", zh="上一页、下一页")),
    ("1–9", Text(en="choose an answer or grade", zh="选择选项或分级")),
    ("F1", Text(en="explanation, queries, history", zh="说明、质疑、历史")),
    ("F2", Text(en="to the reasons of a finding, then 1–9", zh="到提示的原因，再按 1–9")),
    ("F3", Text(en="new row or entry", zh="新增一行或一条")),
    ("F4, Shift+F4", Text(en="next, previous thing to finish", zh="下一个、上一个待完成项")),
    ("F6, Shift+F6", Text(en="next, previous area of the window", zh="下一个、上一个区域")),
    ("F8", Text(en="not available", zh="无法获得")),
    ("F9", Text(en="what can be done with this form", zh="本表单可执行的操作")),
    ("Ctrl+Z, Ctrl+Y", Text(en="undo, redo saved fields", zh="撤销、重做已保存字段")),
    ("t, y, v, -3, +2, -1w, un/3/2026", Text(en="dates: today, yesterday, visit day, days and weeks away, day unknown", zh="日期：今天、昨天、访视日、前后几天或几周、日不详")),
    ("Esc", Text(en="back to the stored value", zh="恢复已存值")),
)  # fmt: skip
WINDOW: Keys = (
    ("Ctrl+P", Text(en="print, preview", zh="打印与预览")),
    ("Ctrl+S", Text(en="says that everything is saved", zh="提示已保存")),
    ("Ctrl+B", Text(en="one step back, to the casebook or the list", zh="返回全册或列表")),
    ("Alt+A", Text(en="adverse event from here", zh="登记不良事件")),
    ("Ctrl+E", Text(en="write a bundle for the centre", zh="导出数据包")),
    ("Ctrl+O", Text(en="take in a receipt", zh="读取回执")),
    ("Ctrl+L", Text(en="lock the screen, drafts are kept", zh="锁屏，草稿保留")),
)


def key_card_pdf() -> bytes:
    """The keys on one sheet as PDF/A-3b."""
    heads = (Text(en="Key", zh="按键"), Text(en="Does", zh="作用"))
    tables = tuple(
        CrfTable(title, heads, tuple((keys, f"{says.zh}　{says.en}") for keys, says in listed), weights=(30, 70))
        for title, listed in ((Text(en="In a form", zh="表单内"), FORM), (Text(en="Everywhere", zh="任意位置"), WINDOW))
    )
    frame = SheetFrame(KEY_CARD, "TrialDesk", "TrialDesk")
    return sheets(frame, About(f"{KEY_CARD.zh} {KEY_CARD.en}", "TrialDesk", "TrialDesk"), tables)
