"""Signing in at the centre: the ward's window, with what was looked at here before unlocking."""

from __future__ import annotations

import shutil

from trialdesk.domain.text import Text
from trialdesk.ui.sign_in_dialog import LOW_SPACE, SignInWindow


class CentreSignIn(SignInWindow):
    """Asks which person of the centre is there."""

    TAGLINE = Text(en="Coordinating centre", zh="协调中心")
    OFFLINE = Text(
        en="Nobody acts under another's name: what is done here stands under whoever signed in.",
        zh="请用本人口令登录：此处的操作均记在登录者名下。",
    )

    def _looked_at(self) -> list[tuple[bool, Text]]:
        free = shutil.disk_usage(self._info.home).free
        sealed = Text(
            en="The centre's keys are sealed under the passphrases of its people", zh="中心密钥已由人员口令封存"
        )
        plain = Text(
            en="The centre's keys lie in its folder without a passphrase: trialdesk centre protect",
            zh="中心密钥未加口令：trialdesk centre protect",
        )
        if self._info.kind == "demo":
            plain = Text(en="Demonstration: the centre's keys are not sealed", zh="演示：中心密钥未封存")
        return [
            (self._info.keys_sealed, sealed if self._info.keys_sealed else plain),
            (
                free > LOW_SPACE,
                Text(en="{n} GB of disk free", zh="磁盘可用 {n} GB").format(n=f"{free / 1024**3:.1f}"),
            ),
            (True, Text(en="Records in {store}", zh="数据存储：{store}").format(store=self._info.origin)),
        ]
