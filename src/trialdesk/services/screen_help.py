"""What a screen is for and what to do there: the page F1 opens where no field has the caret."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.text import Text


@dataclass(frozen=True)
class ScreenHelp:
    """One screen: its name, what it is for, and the steps, in order."""

    name: str
    title: Text
    about: Text
    steps: tuple[Text, ...]


SCREENS: tuple[ScreenHelp, ...] = (
    ScreenHelp(
        "today",
        Text(en="Today", zh="今日"),
        Text(
            en="What is due, what closes, what is overdue and what waits for you, the most urgent first.",
            zh="到期、即将关窗、超窗及待办事项，最紧急的在前。",
        ),
        (
            Text(
                en="Arrows choose a line, Enter goes to the form or field.",
                zh="方向键选择一行，按 Enter 前往表单或字段。",
            ),
            Text(en="Ctrl+K finds any participant, form or field.", zh="Ctrl+K 查找受试者、表单或字段。"),
        ),
    ),
    ScreenHelp(
        "list",
        Text(en="Participants", zh="受试者"),
        Text(
            en="Everyone in the study at this site, with what is due next and what waits.",
            zh="本中心全部受试者，及各自的下一次访视与待办。",
        ),
        (
            Text(en="Arrows choose, Enter opens the casebook.", zh="方向键选择，按 Enter 打开病例报告册。"),
            Text(
                en="F3 enrols: four capitals, never a name. The number is given by TrialDesk.",
                zh="F3 登记受试者：填写四个大写字母，不得填写姓名；编号由系统给出。",
            ),
        ),
    ),
    ScreenHelp(
        "casebook",
        Text(en="Casebook", zh="病例报告册"),
        Text(
            en="Above, the timeline; below, forms by visits. The shape is the state of a form, a triangle a finding, a "
            "bubble a query.",
            zh="上方为时间轴，下方为各访视的表单。图形表示表单状态，三角为提示，气泡为质疑。",
        ),
        (
            Text(
                en="Arrows move, Enter opens the form; the card at the right says what is missing.",
                zh="方向键移动，按 Enter 打开表单；右侧卡片列出未填内容。",
            ),
            Text(en="F11 opens the timeline on a screen of its own.", zh="F11 打开整屏时间轴。"),
            Text(
                en="Logs (adverse events, medication) stand at the right; Add begins the next entry.",
                zh="右侧为记录表（不良事件、用药），按登记新增一条。",
            ),
        ),
    ),
    ScreenHelp(
        "timeline",
        Text(en="Timeline", zh="时间轴"),
        Text(
            en="Treatment, assessments and events on one axis of days. A dashed pill is a window not yet used, a triangle "
            "a visit outside its window or a deviation, a bar with a point still goes on.",
            zh="治疗、评估与事件在同一日期轴上。虚线框为尚未使用的访视窗，三角为超窗或方案偏离，尖头条表示仍在持续。",
        ),
        (
            Text(
                en="Left and right go from mark to mark, up and down change the row, Enter opens the form.",
                zh="左右键逐个移动，上下键换行，按 Enter 打开表单。",
            ),
            Text(
                en="+ and - zoom, 0 shows everything. Ctrl+P prints.",
                zh="+、- 缩放，0 显示全部；Ctrl+P 打印。",
            ),
        ),
    ),
    ScreenHelp(
        "form",
        Text(en="A form", zh="表单"),
        Text(
            en="Every field is saved as it is left; there is nothing to save at the end. A finding never stops saving.",
            zh="离开字段即保存，无需另存。任何提示都不妨碍保存。",
        ),
        (
            Text(
                en="Enter goes on, F8 says why there is no value, F4 leads to what is left.",
                zh="Enter 进入下一字段，F8 说明无值原因，F4 跳到待完成项。",
            ),
            Text(
                en="F1 explains the field; Ctrl+Q, Ctrl+M and Ctrl+H show queries, notes and history.",
                zh="F1 查看字段说明；Ctrl+Q、Ctrl+M、Ctrl+H 查看质疑、备注与历史。",
            ),
            Text(
                en="Ctrl+Enter on the last page completes the form; then an investigator signs.",
                zh="末页按 Ctrl+Enter 完成表单，再由研究者签署。",
            ),
        ),
    ),
    ScreenHelp(
        "transfer",
        Text(en="Transfer", zh="传输"),
        Text(
            en="What the coordinating centre has confirmed, and what is still only here.",
            zh="协调中心已确认收到的内容，以及仅存于本机的内容。",
        ),
        (
            Text(
                en="Ctrl+E writes a bundle to the stick. Ctrl+O reads the receipt that comes back.",
                zh="Ctrl+E 将数据包写入 U 盘；Ctrl+O 读取返回的回执。",
            ),
            Text(en="Nothing counts as received without a signed receipt.", zh="没有签名回执，不视为已收到。"),
        ),
    ),
    ScreenHelp(
        "inspector",
        Text(en="Inspection", zh="检查资料"),
        Text(
            en="What inspectors ask, answered from the trail as it is now. Nothing can be changed here; that it was read is "
            "recorded.",
            zh="检查中常问的问题，由稽查轨迹即时给出答案。此处不能更改任何内容；查阅本身会被记录。",
        ),
        (
            Text(
                en="Arrows choose a question, the right arrow goes to the table; Enter on a line opens its form or history.",
                zh="方向键选择问题，→ 进入表格；在某行按 Enter 打开表单或历史。",
            ),
            Text(
                en="A click on a head sorts; typing in the box narrows the lines. A triangle marks what wants a look.",
                zh="点击表头排序，输入文字筛选；三角标出需查看的行。",
            ),
            Text(
                en="Ctrl+P shows the answer as pages; it can be saved as XLSX or CSV. The last question gives the whole trail.",
                zh="Ctrl+P 预览页面；可另存为 XLSX 或 CSV。最后一问导出完整稽查轨迹。",
            ),
        ),
    ),
)


def screen_help(name: str) -> ScreenHelp:
    """The page of a screen by its name; the casebook's for a screen that has none."""
    found = {one.name: one for one in SCREENS}
    return found.get(name, found["casebook"])
