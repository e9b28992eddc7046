"""What can be wrong with a file that came from elsewhere, each with its name and its sentence."""

from __future__ import annotations

from enum import StrEnum

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError


class Fault(StrEnum):
    """The names under which a bundle or receipt is refused."""

    UNREADABLE_FILE = "unreadable file"
    NOT_A_BUNDLE = "not a bundle"
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    TOO_LARGE = "too large"
    BOMB = "zip bomb"
    PATH_TRICK = "path trick"
    NEWER_FORMAT = "newer format"
    FOREIGN_STUDY = "foreign study"
    TRAINING = "training data"
    OTHER_RECIPIENT = "other recipient"
    WRONG_SIGNATURE = "wrong signature"
    UNKNOWN_DEVICE = "unknown device"
    MISCOUNTED = "miscounted"


_SAYS: dict[Fault, Text] = {
    Fault.UNREADABLE_FILE: Text(
        en="{name} cannot be read: {detail}. Check the stick, then choose the file again.",
        zh="无法读取 {name}：{detail}。请检查 U 盘，再重新选择文件。",
    ),
    Fault.NOT_A_BUNDLE: Text(
        en="{name} is not a TrialDesk file of this kind: {detail}. Choose the .tdb, .tdr, .tdv or .tdvr file that TrialDesk wrote.",
        zh="{name} 不是 TrialDesk 的此类文件：{detail}。请选择由 TrialDesk 写出的 .tdb、.tdr、.tdv 或 .tdvr 文件。",
    ),
    Fault.DAMAGED: Text(
        en="{name} was damaged on its way: {detail}. Nothing was taken in. Copy it again from where it was written, "
        "or send again; the next bundle repeats everything that was not confirmed.",
        zh="{name} 在传送中损坏：{detail}。未接收任何内容。请重新复制，或重新发送；"
        "下一个数据包会包含所有未确认的内容。",
    ),
    Fault.TRUNCATED: Text(
        en="{name} is cut short: {detail}. Nothing was taken in. Copy the whole file again, and eject the stick "
        "before you pull it out.",
        zh="{name} 不完整：{detail}。未接收任何内容。请重新复制完整文件，并在拔出 U 盘前先弹出。",
    ),
    Fault.TOO_LARGE: Text(
        en="{name} is larger than any bundle may be ({detail}). It was not opened. Ask the site what they sent.",
        zh="{name} 超过数据包允许的大小（{detail}）。文件未打开。请向研究中心确认所发送的内容。",
    ),
    Fault.BOMB: Text(
        en="{name} would unpack to far more than it may hold ({detail}). It was not unpacked. Keep it and tell the "
        "person responsible for data security.",
        zh="{name} 解包后的内容远超允许的大小（{detail}）。未解包。请保留该文件并报告数据安全负责人。",
    ),
    Fault.PATH_TRICK: Text(
        en="{name} holds a file that does not belong in a bundle ({detail}). It was not unpacked. Keep it and tell the "
        "person responsible for data security.",
        zh="{name} 含有不属于数据包的文件（{detail}）。未解包。请保留该文件并报告数据安全负责人。",
    ),
    Fault.NEWER_FORMAT: Text(
        en="{name} was written by a newer TrialDesk (format {detail}). Nothing was taken in. Install the newer version "
        "here, then import the file again.",
        zh="{name} 由更新版本的 TrialDesk 写出（格式 {detail}）。未接收任何内容。请在此安装新版本后重新导入。",
    ),
    Fault.FOREIGN_STUDY: Text(
        en="{name} belongs to another study ({detail}). Nothing was taken in. Import it where that study is kept.",
        zh="{name} 属于另一项研究（{detail}）。未接收任何内容。请在该研究的数据所在处导入。",
    ),
    Fault.TRAINING: Text(
        en="{name} was written by a training desk. Its records are exercises; nothing was taken in. Send the bundle of "
        "the ward's own desk.",
        zh="{name} 由培训工作台写出，内容为练习数据，未接收任何内容。请发送病区正式工作台的数据包。",
    ),
    Fault.OTHER_RECIPIENT: Text(
        en="{name} was encrypted for another centre. Nothing was taken in. Ask the site to send to this centre.",
        zh="{name} 是为其他协调中心加密的。未接收任何内容。请研究中心改为发送给本协调中心。",
    ),
    Fault.WRONG_SIGNATURE: Text(
        en="The signature of {name} is not valid: {detail}. Nothing was taken in. Keep the file and call the site.",
        zh="{name} 的签名无效：{detail}。未接收任何内容。请保留该文件并联系研究中心。",
    ),
    Fault.UNKNOWN_DEVICE: Text(
        en="{name} comes from a workstation that is not enrolled at this centre ({detail}). Nothing was taken in. "
        "Enrol the workstation if it belongs to the study, then import the file again.",
        zh="{name} 来自未在本协调中心登记的工作站（{detail}）。未接收任何内容。若该工作站属于本研究，请先登记再导入。",
    ),
    Fault.MISCOUNTED: Text(
        en="{name} does not hold what its signed header says: {detail}. Nothing was taken in. Keep the file and call "
        "the site.",
        zh="{name} 的内容与其已签名的文件头不符：{detail}。未接收任何内容。请保留该文件并联系研究中心。",
    ),
}


class Refused(KnownError):
    """A file was refused; `fault` is its name, the text says what to do."""

    def __init__(self, fault: Fault, name: str, detail: Text | str = "") -> None:
        super().__init__(_SAYS[fault].format(name=name, detail=detail))
        self.fault = fault
