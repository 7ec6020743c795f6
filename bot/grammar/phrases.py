"""What people say whole, in English, French and Chinese: a command, or hello, thanks, stop, undo, please. Pure."""

import re
from typing import Literal

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
    "list everywhere": "list (?:all|everything)|all (?:my |the )?subscriptions|(?:my|our) (?:subscriptions|digests)|"
    "(?:mes|nos|tous les|tous mes) (?:abonnements|bulletins)|(?:所有|全部|我的|我们的)(?:订阅|简报)",
    "settings": "(?:show |open |channel |my )*(?:settings|preferences|options|config|configuration)|configure|"
    "(?:reglages|parametres|preferences|configurer)|(?:打开)?(?:设置|设定|选项|偏好设置)",
    "help": "(?:(?:show|list|see|all) )*(?:the )?commands?(?: list)?|"
    "(?:(?:toutes|liste(?: des)?|les|voir) )*commandes?|"
    "(?:查看|显示)?(?:所有|全部)?(?:命令|指令)(?:列表)?",
}
_PHRASES = {command: re.compile(said) for command, said in _COMMANDS.items()}


def spoken(text: str) -> str | None:
    """Return the command that a whole phrase asks for, in English; None for anything else."""
    said = plain(text).rstrip(" .!。！")
    return next((command for command, phrase in _PHRASES.items() if phrase.fullmatch(said)), None)


# Before what is asked for, and behind it.
_WISH = re.compile(
    r"(?:(?:please|pls|kindly|(?:can|could|would|will) you|i(?:['’]d| would) like(?: you)? to|i want(?: you)? to|"
    r"peux[- ]tu|tu peux|pouvez[- ]vous|vous pouvez|je veux|je voudrais|j['’]aimerais|merci de)(?: (?:me|nous))?[\s,]+"
    r"(?:m['’])?|请|麻烦|帮我|帮忙|我想要?|我要|能不能|能否|可以)+",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    r"(?:[\s,]+(?:please|pls|stp|svp|s['’]il (?:te|vous) pla[iî]t)|[\s,，]*(?:谢谢|拜托))[\s.!。！]*$", re.IGNORECASE
)


def wished(text: str) -> str | None:
    """Return what is asked for behind "could you", "je voudrais" or "请"; None where nothing is."""
    wish = _WISH.match(text)
    return text[wish.end() :].strip(" ?？") or None if wish else None


def unadorned(text: str) -> str:
    """Return what is asked for without the "please" behind it."""
    return _PLEASE.sub("", text) or text


SmallTalk = Literal["hello", "thanks", "help", "stop", "undo"]

_HEADS: dict[SmallTalk, str] = {
    "thanks": "thanks|thank you|thank u|thx|tks|cheers|great job|good job|well done|good bot|nice one|awesome|"
    "merci|bravo|super boulot|谢谢|多谢|感谢|谢啦|辛苦了|太好了|很好",
    "hello": "hello|hi|hey|hiya|good morning|good afternoon|good evening|good night|bye|goodbye|are you there|"
    "who are you|how are you|bonjour|salut|coucou|bonsoir|bonne nuit|au revoir|qui es tu|qui etes vous|tu es la|ca va|"
    "你好|您好|嗨|早上好|晚上好|晚安|再见|在吗|你是谁",
    "help": "help me|help us|i need help|need help|please help|how do i use you|how do you work|how does this work|"
    "what can you do|what do you do|aide moi|aidez moi|a l'aide|au secours|comment ca marche|que sais tu faire|"
    "que peux tu faire|帮帮我|帮我|怎么用|你会什么|你能做什么",
    "stop": "stop|stop it|please stop|shut up|be quiet|go away|leave me alone|never mind|nevermind|arrete|arretez|"
    "stop ca|tais toi|laisse tomber|ca suffit|停|停下|停止|闭嘴|别说了|算了",
    "undo": "undo|undo it|undo that|undo this|annule|annuler|annulez|annule ca|annuler ca|annulez ca|撤销|撤消|撤回",
}
_TAILS = (
    "a lot|so much|very much|again|bot|briefbot|there|all|everyone|everybody|team|please|you|for that|for this|great|"
    "beaucoup|bien|a tous|a toi|a vous|tout le monde|mille fois|stp|svp|s'il te plait|s'il vous plait|encore|"
    "了|啊|吧|你|您|大家|你们|机器人|请"
)
_ANY = "|".join((_TAILS, *_HEADS.values()))
_TALK = {
    kind: re.compile(rf"(?:(?:ok|okay|oh|great|perfect|请)\s*)?(?:{heads})(?:\s*(?:{_ANY}))*")
    for kind, heads in _HEADS.items()
}
_SIGNS = re.compile(r"[^\w\s']+|_")


def small_talk(text: str) -> SmallTalk | None:
    """Tell what somebody says who looks nothing up; None for anything that may be a look-up."""
    said = " ".join(_SIGNS.sub(" ", plain(text)).split())
    return next((kind for kind, talk in _TALK.items() if said and talk.fullmatch(said)), None)
