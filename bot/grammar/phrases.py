"""What people say whole, in English, French and Chinese → the command that does it. Pure."""

from __future__ import annotations

import re

from bot.grammar.wording import plain

# Who says "stop" may want it back: that pauses, and only what names a subscription's end ends it.
_COMMANDS = {
    "unsubscribe all": "(?:unsubscribe|unsub)(?: me)?(?: from)?(?: all| everything)|(?:cancel|end|delete|remove) "
    "(?:all|everything|all (?:my |the )?subscriptions|every subscription)|desabonne(?:r|z)?(?: ?-? ?moi)?(?: de)? tout|"
    "se desabonner de tout|(?:annule|annuler|resilie|resilier|supprime|supprimer) (?:tout|tous les abonnements)|"
    "(?:取消|退订)(?:全部|所有)(?:的)?(?:订阅)?|(?:全部|所有)(?:订阅)?(?:取消|退订)",
    "pause all": "(?:stop|mute|pause|silence) (?:all|everything|all digests|every digest)|mute|"
    "(?:arrete|arreter|stoppe|suspends|suspendre) tout|tout (?:arreter|suspendre)|"
    "(?:mets|mettre|mettez) tout en pause|tout mettre en pause|"
    "(?:暂停|停止)(?:全部|所有)|(?:全部|所有)(?:都)?(?:暂停|停止)",
    "resume all": "(?:resume|unmute|unpause|restart) (?:all|everything|all digests)|unmute|unpause|"
    "(?:reprends|reprendre|relance|relancer) tout|tout (?:reprendre|relancer)|"
    "恢复(?:全部|所有)|(?:全部|所有)(?:都)?恢复",
    "list everywhere": "list (?:all|everything)|all (?:my |the )?subscriptions|(?:my|our) subscriptions|"
    "(?:mes|tous les|tous mes) abonnements|(?:所有|全部|我的)订阅",
    "settings": "(?:show |open |channel |my )*(?:settings|preferences|options|config|configuration)|configure|"
    "(?:reglages|parametres|preferences|configurer)|(?:打开)?(?:设置|设定|选项|偏好)",
}
_PHRASES = {command: re.compile(said) for command, said in _COMMANDS.items()}


def spoken(text: str) -> str | None:
    """Give the command that a whole phrase asks for, in English; None for anything else."""
    said = plain(text).rstrip(" .!。！")
    return next((command for command, phrase in _PHRASES.items() if phrase.fullmatch(said)), None)
