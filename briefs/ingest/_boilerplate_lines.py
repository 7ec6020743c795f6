"""What web pages and printed pages put around their text, in the languages served, as patterns of whole lines.

Each pattern is matched against a whole line, or a whole piece of one, without regard to case. All of them are linear:
no nested repetition, and every open run is bounded.
"""

# ruff: noqa: E501 - one pattern a line reads best

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for any of several, without regard to case."""
    return re.compile(r"(?:" + "|".join(patterns) + r")", re.IGNORECASE)


# The reader's way through a site: never part of a text, wherever it stands.
NAVIGATION = any_of(
    (
        r"(?:retour(?:nez|ner)?|revenir|remonter) (?:en |au )?haut(?: de (?:la )?page)?",
        r"haut de (?:la )?page",
        r"(?:back|return|go|jump) to (?:the )?top(?: of (?:the )?page)?",
        r"(?:返回|回到)(?:页面)?(?:顶部|首页)",
        r"skip to (?:main |the )?(?:content|navigation)",
        r"aller (?:directement )?au contenu(?: principal)?",
        r"跳(?:到|至|转到)(?:主要)?内容",
        r"(?:accueil|home(?: ?page)?|首页|主页)",
        r"(?:main )?menu|navigation",
        r"(?:imprimer|print)(?: (?:cet|cette|this) (?:article|page|story))?",
        r"(?:share|partager|tweeter)(?: (?:this|cet article|on|sur|via)[^.!?。]{0,80})?",
        r"ajouter (?:à|aux) (?:vos|mes) favoris|lire plus tard|read later|save for later",
        r"(?:分享到|分享至|扫一扫)[^。！？]{0,40}",
        r"(?:follow us|suivez-nous|关注我们)[^.!?。]{0,60}",
        r"(?:previous|next) (?:article|post|story|page)s?[^.!?]{0,120}",
        r"(?:article|page) (?:précédente?|suivante?)s?[^.!?]{0,120}",
        r"(?:上一篇|下一篇|上一页|下一页)[^。！？]{0,60}",
        r"(?:advertisement|publicité|annonce|广告)",
        r"(?:copyright|©|\(c\)|版权所有)[^\n]{0,160}",
        r"(?:tous droits réservés|all rights reserved)[^\n]{0,80}",
        r"(?:sign up|subscribe|register) (?:for|to) [^.!?]{0,60}(?:newsletter|updates|alerts|channel)[^\n]{0,40}",
        r"(?:abonnez-vous|inscrivez-vous) (?:à|au|aux) [^.!?]{0,60}(?:newsletter|lettre|alertes|chaîne)[^\n]{0,40}",
        r"(?:sommaire|table des matières|au sommaire|dans cet article|table of contents|in this article|目录|本文目录)\s?[:：]?",
    )
)

# Forms for readers' comments. The weak ones are such only after a strong one.
COMMENT_FORM = any_of(
    (
        r"(?:les )?(?:dernières|premières) réactions",
        r"nombre (?:total )?de (?:réactions|commentaires)\s?:?\s?\d*",
        r"(?:sans|aucun|pas (?:encore )?de) commentaires?(?: pour (?:le moment|l['’]instant))?\.?",
        r"(?:voir|lire|afficher|masquer) (?:tous )?les (?:\d+ )?(?:commentaires|réactions)",
        r"(?:votre|laisse[rz]|ajoute[rz]|poste[rz]|écri(?:re|vez)|rédige[rz])(?: un| votre)? (?:commentaire|réponse|réaction)s?",
        r"(?:connectez-vous|identifiez-vous) pour (?:commenter|réagir|répondre)[^\n]{0,40}",
        r"soyez le premier à (?:commenter|réagir)[^\n]{0,40}",
        r"votre (?:adresse (?:e-?mail|de messagerie)|e-?mail) ne sera pas publiée?[^\n]{0,80}",
        r"(?:les champs|required fields)[^.!?]{0,40}(?:obligatoires|marked)[^\n]{0,40}",
        r"(?:leave|post|add|write|submit)(?: a| your)? (?:reply|comment|response)s?",
        r"(?:view|read|show|hide|see|load) (?:all |more )?(?:the )?(?:\d+ )?comments?",
        r"(?:no|\d+) (?:comments?|replies|responses)(?: yet| so far)?\.?",
        r"comments? \(\d+\)|commentaires? \(\d+\)",
        r"be the first to (?:comment|reply)[^\n]{0,40}",
        r"(?:log|sign) ?in to (?:comment|reply|post)[^\n]{0,60}",
        r"your (?:e-?mail|email address) will not be published[^\n]{0,80}",
        r"(?:发表|我要|查看|最新|热门|网友|全部|用户|写)(?:更多|全部)?评论[^。！？]{0,12}",
        r"(?:共|已有)?\s?\d+\s?条评论|暂无评论[^\n]{0,12}|评论\s?[(（]\d+[)）]",
        r"(?:请)?登录后?(?:才能|即可|再)?(?:发表)?评论[^\n]{0,12}",
    )
)
COMMENT_FIELD = any_of(
    (
        r"pseudo(?:nyme)?|anonyme|anonymous|nickname|昵称|匿名(?:发表|用户)?",
        r"(?:votre |your )?(?:nom|name|e-?mail|site(?: web)?|website|message|commentaires?|comments?|réactions?)\s?\*?:?",
        r"envoyer|publier|valider|soumettre|submit|send|post|reply|répondre|提交|发布|发送|评论|验证码",
        r"(?:trier|classer|sort)(?:ed)? (?:par|by)[^.!?]{0,30}",
    )
)

# Heads and feet of printed pages and of the readers that show them.
PAGE_HEAD = any_of(
    (
        r"pages? \d{1,4}(?: ?(?:of|sur|de|/|-) ?\d{1,4})?",
        r"\d{1,4} ?/ ?\d{1,4}",
        r"[-–—] ?\d{1,4} ?[-–—]",
        r"第\s?\d{1,4}\s?页(?:\s?[,，/]?\s?共\s?\d{1,4}\s?页)?",
        r"(?:issue|article|page|document) (?:link|url)\s?:?[^.!?]{0,80}",
        r"(?:view |read |see |browse )?(?:the )?(?:archives?|contents?|articles?|pages?|links?) (?:of|in|on|from) (?:this|the) (?:issue|page|edition|number|volume)",
        r"(?:view|see|browse) (?:the )?(?:archives?|contents?) of [^.!?]{0,120}",
        r"(?:articles?|sommaire|contenu|archives?) (?:de|du|dans) ce (?:numéro|magazine)",
        r"(?:本期|往期)(?:目录|内容|文章|杂志)?",
    )
)
VOLUME = re.compile(
    r"(?:vol(?:ume|\.)?|tome)\s?\d{1,4}\s?[,;·-]?\s?(?:(?:number|numéro|no\.?|n°|nr\.?|issue|#)\s?\d{1,4})?[^.!?]{0,40}"
    r"|(?:number|numéro|issue|n°|no\.)\s?\d{1,5}\s?[,(;·-]?[^.!?]{0,40}"
    r"|第\s?\d{1,4}\s?(?:卷|期)[^。]{0,30}",
    re.IGNORECASE,
)

# "Click here to read the rest": the whole line, however it is put.
READ_ON = any_of(
    (
        r"[^.!?]{0,80}\b(?:lisez|lire|voir|découvrez) (?:la suite|l['’]article (?:complet|entier)|l['’]intégralité|plus)\b[^.!?]{0,40}[.!…]*",
        r"(?:click|tap|cliquez|appuyez)\b[^.!?]{0,60}\b(?:read|more|full|lire|suite|savoir|plus|story|article|accéder)\b[^.!?]{0,60}[.!…]*",
        r"(?:continue|keep) reading\b[^.!?]{0,80}[.!…→»]*|read (?:more|on|the (?:full|whole) (?:article|story|text|report))(?: (?:at|on|in|here|about)\b[^.!?]{0,80})?[.!…→»]*",
        r"(?:en savoir (?:plus|davantage)|plus d['’]infos?)(?: sur [^.!?]{0,60})?[.!…→»]*",
        r"(?:点击|戳|扫码)[^。！？]{0,20}(?:阅读|查看|全文|更多|原文)[^。！？]{0,20}[。！…]*|阅读(?:全文|原文|更多)[。！…»>]*|查看(?:全文|更多)[»>]*|展开全文",
    )
)

# Links to other articles of the same house.
TEASER = re.compile(
    r"(?:【?(?:(?:à |a )?lire (?:aussi|également)|à (?:lire|voir|découvrir) (?:aussi|également)|voir aussi|sur le même (?:sujet|thème)|"
    r"(?:nos )?articles (?:liés|similaires|connexes)|read (?:also|next|more(?=\s?[:：»>]))|also read|more(?=:)|don['’]t miss|see also|you may (?:also )?(?:like|be interested in)|"
    r"related(?: (?:articles?|stories|story|news|posts?|content|coverage|reading|links?|topics?))?|recommended (?:for you|reading)|"
    r"more (?:on|from) this (?:story|topic|author)|further reading|(?:most|les plus) (?:read|popular|viewed|lus|partagés|populaires)|trending(?: now)?|"
    r"(?:latest|top|recent) (?:news|stories|articles|posts|comments)|(?:nos )?derniers articles|articles récents|"
    r"延伸阅读|相关(?:阅读|新闻|报道|文章|链接|推荐)|推荐阅读|更多(?:阅读|新闻|报道)|拓展阅读|参考阅读|另见|另请参阅|猜你喜欢|热门(?:推荐|文章)))",
    re.IGNORECASE,
)

# What heads a list in the foot of a page.
LIST_LABEL = any_of(
    (
        r"(?:tags?|topics?|archives?|categor(?:y|ies)|étiquettes?|mots[- ]clés|catégories?|thèmes?|标签|分类|归档)\s?[:：]?",
    )
)

# Labels of what a page says of itself: field → the words before the value.
LABELS: dict[str, re.Pattern[str]] = {
    "author": re.compile(
        r"(?:par|by|written by|reported by|author|auteure?s?|rédigé par|écrit par|propos recueillis par|reporter|journaliste|"
        r"作者|记者|撰文|文/图|文|编辑|责任编辑|责编|编译|译者)",
        re.IGNORECASE,
    ),
    "keywords": re.compile(
        r"(?:mots?[- ]clés?|keywords?|tags?|topics?|tagged with|étiquettes?|关键词|关键字|标签)", re.IGNORECASE
    ),
    "source": re.compile(r"(?:sources?|via|origine|来源|文章来源|稿源|出处|转自|原载)", re.IGNORECASE),
    "section": re.compile(
        r"(?:rubrique|section|catégories?|categor(?:y|ies)|filed under|publié dans|栏目|分类|频道)", re.IGNORECASE
    ),
    "date": re.compile(
        r"(?:(?:dernière )?mise? à jour(?: le)?|publié(?:e)?(?: le)?|paru(?:e)? le|posté(?:e)? le|modifié(?:e)? le|créé(?:e)? le|"
        r"(?:last )?(?:updated|modified|revised)(?: on)?|(?:first )?(?:published|posted)(?: on| at)?|date(?: de publication)?|"
        r"发布时间|更新时间|发表时间|发布于|发表于|更新于|时间|日期|发布日期)",
        re.IGNORECASE,
    ),
}
COUNTER = any_of(
    (
        r"\d[\d ,.]* ?(?:views?|vues?|shares?|partages?|likes?|lectures?|fois lu|次(?:阅读|浏览|点击)?)",
        r"(?:阅读|浏览|点击)(?:量|数|次数)?\s?[:：]?\s?\d+",
        r"(?:temps de lecture|reading time|read time|lecture)\s?:?\s?~?\d+ ?min[a-z]*\.?",
        r"\d+ ?min(?:ute)?s?(?: de)? ?(?:read|lecture)",
        r"\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?(?:am|pm|gmt|utc|cet|cest|est|edt|heure[^|]{0,20}))?",
    )
)
# Kinds of article, as papers put them before a title.
KIND = any_of(
    (
        r"analys[ie]s|analyse|opinion|editorial|éditorial|édito|comment(?:ary)?|interview|entretien|exclusi(?:ve|f|vité)|tribune|reportage",
        r"feature|explainer|décryptage|enquête|review|live|direct|breaking(?: news)?|video|vidéo|update|portrait|chronique|billet",
        r"分析|评论|社论|独家|快讯|专访|观点|视频|深度|特稿|图文|原创",
    )
)
