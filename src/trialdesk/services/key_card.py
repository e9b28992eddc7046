"""The card of keys: one home for the page in the window, the paper and the guide."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.text import Text


@dataclass(frozen=True)
class Key:
    """One key, or a few that belong together, and what it does."""

    press: str
    does: Text


@dataclass(frozen=True)
class KeyGroup:
    """Keys that work in one place."""

    where: Text
    keys: tuple[Key, ...]


def _key(press: str, en: str, zh: str) -> Key:
    return Key(press, Text(en=en, zh=zh))


KEY_CARD: tuple[KeyGroup, ...] = (
    KeyGroup(
        Text(en="In a form", zh="表单中"),
        (
            _key("Enter, Tab", "next field; with Shift the one before", "下一字段；加 Shift 为上一字段"),
            _key("Ctrl+Enter", "next page; on the last, complete the form", "下一页；末页为完成表单"),
            _key("PgUp PgDn", "page before, next page", "上一页、下一页"),
            _key("1–9", "choose", "选择选项"),
            _key("F4, Shift+F4", "next, previous thing to finish", "下一、上一待完成项"),
            _key("F8, .", "not done, unknown, not applicable", "未做、不详、不适用"),
            _key("F2", "to the reasons of a finding, then 1–5", "到提示的原因，再按 1～5"),
            _key("F3", "new row, or new event of the same kind", "新增一行或同类事件"),
            _key("F9", "acts with a reason: reopen, strike", "须填原因的操作：重新打开、划去"),
            _key("Ctrl+Z, Ctrl+Y", "take back, put back", "撤销、重做"),
            _key("Ctrl+U", "the next unit of this field", "换用另一单位"),
            _key("F7", "take the date to the visit it fits", "日期移到相符的访视"),
            _key("Esc", "back to the stored value", "恢复已保存的值"),
        ),
    ),
    KeyGroup(
        Text(en="At a field", zh="字段旁"),
        (
            _key("F1", "help beside the page", "旁侧说明"),
            _key("Ctrl+Q", "queries: read and answer", "质疑：查看与答复"),
            _key("Ctrl+M", "write a note", "填写备注"),
            _key("Ctrl+H", "history of the field", "字段历史"),
            _key("F5, Ctrl+Shift+H", "the form as it stood earlier", "表单的过去"),
        ),
    ),
    KeyGroup(
        Text(en="In a date", zh="日期框中"),
        (
            _key("t y v", "today, yesterday, day of the visit", "今天、昨天、访视日"),
            _key("+3 -1w", "3 days on, 1 week back", "3 天后、1 周前"),
            _key("3/3 20260303", "a day", "具体日期"),
            _key("UN/3/2026", "day unknown", "日不详"),
        ),
    ),
    KeyGroup(
        Text(en="On the injection sheet", zh="注射记录单"),
        (
            _key("← → ↑ ↓", "from day to day, morning and evening", "换天、早晚"),
            _key("t", "given now with the planned dose", "现在按计划剂量给药"),
            _key("F8", "not given, and why", "未给药及原因"),
            _key("Enter", "to the questions of this injection", "进入本针各字段"),
        ),
    ),
    KeyGroup(
        Text(en="On the laboratory sheet", zh="检验单"),
        (
            _key("Enter, ↑ ↓", "next test; up and down", "下一检验项目；上下移动"),
            _key("c, n", "clinically significant, not significant", "有临床意义（CS）、无临床意义（NCS）"),
            _key("u", "the next unit", "换单位"),
            _key("q", "to what a number cannot settle", "回答数值不能判定之处"),
            _key("Alt+A", "make the adverse event of this row", "登记本行建议的不良事件"),
            _key("F2", "why no event is made", "不登记的原因"),
            _key("Ctrl+I", "paste or import a slip", "粘贴或导入检验单"),
            _key("F7", "confirm all proposed values", "全部确认导入值"),
        ),
    ),
    KeyGroup(
        Text(en="In the casebook", zh="病例报告册"),
        (
            _key("← → ↑ ↓", "from form to form", "在表单间移动"),
            _key("Enter", "open", "打开"),
            _key("F11", "timeline; + - 0 zoom", "时间轴；+ - 0 缩放"),
            _key("Alt+A", "adverse event", "登记不良事件"),
        ),
    ),
    KeyGroup(
        Text(en="Everywhere", zh="任何位置"),
        (
            _key("Alt+1 2 3", "today, participants, transfer", "今日、受试者、传输"),
            _key("Alt+4", "inspection: what the trail answers", "检查资料"),
            _key("Ctrl+N, Alt+N", "enrol, unscheduled visit", "登记受试者、计划外访视"),
            _key("Ctrl+B", "back", "返回"),
            _key("Ctrl+E, Ctrl+O", "write a bundle, read a receipt", "导出数据包、读取回执"),
            _key("Ctrl+K, Ctrl+F", "to any field, form, participant or act", "查找并跳转"),
            _key("Ctrl+P", "print, preview", "打印与预览"),
            _key("Ctrl+S", "says when it was saved", "显示保存时间"),
            _key("Ctrl+L", "lock the screen, the draft is kept", "锁屏，草稿保留"),
            _key("F6, Shift+F6", "rail, fields, foot, drawer", "目录、字段、页脚、旁栏"),
            _key("Shift+F1, ?", "this card", "本按键卡"),
        ),
    ),
)
"""Every key of the ward, grouped by where it works."""


def key_card_pdf() -> bytes:
    """The keys on one sheet as PDF/A-3b."""
    from trialdesk.documents.content import CrfTable
    from trialdesk.documents.paper import About
    from trialdesk.documents.study_summary import SheetFrame, sheets

    title = Text(en="Key card", zh="按键卡")
    heads = (Text(en="Key", zh="按键"), Text(en="Does", zh="作用"))
    tables = tuple(
        CrfTable(
            group.where, heads, tuple((k.press, f"{k.does.zh}　{k.does.en}") for k in group.keys), weights=(30, 70)
        )
        for group in KEY_CARD
    )
    frame = SheetFrame(title, "TrialDesk", "TrialDesk")
    return sheets(frame, About(f"{title.zh} {title.en}", "TrialDesk", "TrialDesk"), tables)
