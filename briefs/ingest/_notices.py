"""What a house says on its pages to its visitors, in English, French and Chinese, as patterns of whole lines.

Unlike the furniture around a text, these can be whole sentences, and so could be quoted. Each begins in a way that no
report does. All are linear: no nested repetition, and every open run is bounded.
"""

# ruff: noqa: E501 - one pattern a line reads best

from __future__ import annotations

from briefs.ingest._boilerplate_lines import any_of

_SITE = r"(?:we(?: and our partners)?|this (?:web)?site|our (?:web)?site|by (?:continuing|using|browsing|clicking)|nous(?: et nos partenaires)?|ce site|notre site|en (?:poursuivant|continuant|naviguant)|本网站|本站|我们)"

NOTICE = any_of(
    (
        # Cookies, accounts, subscriptions, newsletters, apps.
        rf"{_SITE}[^\n]{{0,160}}(?:\b(?:uses?|using|utilis\w{{1,6}}|accept\w{{0,6}}|store|storing|dépos\w{{1,6}})\b|使用|存储)[^\n]{{0,60}}(?<![a-z])cookies?(?![a-z])[^\n]{{0,300}}",
        r"(?:accept|reject|allow|manage)(?: all| my| your)? (?:cookies|preferences)|tout (?:accepter|refuser)|continuer sans accepter|(?:gérer|paramétrer|gestion des) (?:les |mes |vos )?cookies",
        r"by (?:signing up|subscribing|submitting|registering|clicking|creating)[^\n]{0,80} you (?:agree|accept|consent|acknowledge)[^\n]{0,160}",
        r"en (?:vous (?:inscrivant|abonnant)|cliquant|validant)[^\n]{0,80} vous (?:acceptez|consentez|reconnaissez)[^\n]{0,160}",
        r"you (?:can|may) unsubscribe[^\n]{0,80}|vous pouvez vous (?:désinscrire|désabonner)[^\n]{0,80}|unsubscribe at any time[^\n]{0,40}",
        r"(?:sign up|subscribe|register)(?: now| today| here| free)?(?: (?:for|to) (?:our|read|continue|get|receive)\b[^\n]{0,120})?[.!]?",
        r"(?:enter|type) your e-?mail(?: address)?[^\n]{0,60}|(?:votre|saisissez votre|entrez votre) (?:adresse )?e-?mail[^\n]{0,60}",
        r"(?:get|receive) (?:our|the|all the) [^\n]{0,80}(?:newsletter|inbox)[^\n]{0,60}",
        r"recevez (?:chaque|tous|toutes|toute|nos|notre|l['’]|gratuitement)[^\n]{0,120}(?:newsletter|infolettre|lettre|boîte|e-?mail|actualité)[^\n]{0,60}",
        r"(?:inscrivez-vous|abonnez-vous|je m['’]inscris|je m['’]abonne)(?: (?:gratuitement|pour|dès|à partir|à notre|à nos)[^\n]{0,120})?[.!]?",
        r"(?:download|get|install) (?:our|the) (?:free )?(?:mobile )?app\b[^\n]{0,60}|téléchargez (?:notre|l['’])\s?appli(?:cation)?\b[^\n]{0,60}|下载(?:app|客户端)[^\n]{0,20}",
        r"(?:this (?:article|content|story) is (?:only )?(?:for|available to|reserved for) subscribers|already (?:a|have a) (?:subscriber|subscription|member|account)|(?:cet )?article réservé (?:aux|à nos) abonnés|(?:la suite|cet article|ce contenu) est réservée? (?:aux|à nos) abonnés|déjà (?:abonné|inscrit)|il vous reste \d+ ?% de cet article)[^\n]{0,80}",
        # Sharing and following; advertisements; the machine that made the page.
        r"(?:click|cliquez|appuyez) (?:to|pour) (?:share|partager|email|print|envoyer|imprimer)\b[^\n]{0,120}",
        r"(?:follow|like|find|join) (?:us|me|him|her|them|the author)? ?on (?:facebook|twitter|x|instagram|linkedin|youtube|telegram|google news|whatsapp)\b[^\n]{0,80}",
        r"(?:suivez|retrouvez|rejoignez)(?:-nous|-moi| nous) sur [^\n]{0,80}|suivez (?:toute )?l['’](?:actualité|info)\b[^\n]{0,80}",
        r"like this: ?like ?loading[.…]*|loading[.…]*|chargement[.…]*",
        r"(?:the )?(?:story|article|text) continues (?:below|after)[^\n]{0,60}|la suite (?:de l['’]article )?après (?:cette|la) publicité[^\n]{0,20}|scroll (?:down )?(?:to|for) [^\n]{0,40}",
        r"(?:sponsored|promoted|partner)(?: content| links?| stories| posts?)?|contenus? (?:sponsorisés?|partenaires?)|ailleurs sur le web|around the web|from (?:our partners|around the web)|(?:recommended |powered |proudly powered |par |by |recommandé par )(?:by )?(?:taboola|outbrain|wordpress|disqus)[^\n]{0,40}",
        r"(?:reader interactions|primary sidebar|footer|secondary menu|main content)",
        r"(?:report|signaler)(?: (?:an?|une?))? (?:error|correction|problem|abuse|erreur|abus|problème|contenu)[^\n]{0,60}",
        # Forms for comments.
        r"save my name,[^\n]{0,60} in this browser[^\n]{0,60}|enregistrer mon nom,[^\n]{0,160}",
        r"notify me (?:of|by|when)[^\n]{0,80}|(?:prévenez|avertissez)-moi (?:de|par|des)[^\n]{0,80}",
        r"(?:this site uses akismet|ce site utilise akismet|this site is protected by recaptcha|learn how your comment data|en savoir plus sur (?:comment|la façon dont) les données)[^\n]{0,160}",
        r"leave a (?:reply|comment) ?cancel reply|laisser un commentaire ?annuler la réponse",
        # Chinese houses: rights and disclaimers, codes to scan, size of letters, registration.
        r"[（(]?(?:免责|版权|郑重|特别|风险|转载|原创)?(?:声明|提示)[:：][^\n]{0,200}",
        r"[^\n]{0,40}未经[^\n]{0,20}(?:授权|许可|允许|同意)[^\n]{0,30}(?:转载|使用|摘编|复制)[^\n]{0,60}",
        r"(?:以上|本文|文中|此文)[^\n]{0,30}(?:仅代表|不代表|仅供参考|版权归|转载自|来源于网络)[^\n]{0,80}",
        r"(?:网友|用户)?(?:评论|留言|发言)仅[^\n]{0,80}",
        r"(?:扫描|扫一扫|长按|识别|点击)(?:上方|下方|左下角|右下角|蓝字|图片|此处)?[^\n]{0,20}(?:二维码|关注(?:我们|公众号)?)[^\n]{0,30}|(?:欢迎|更多精彩)[^\n]{0,20}关注[^\n]{0,30}",
        r"字(?:号|体)(?:大小)?\s?[:：][^\n]{0,20}|[（(]?(?:责任编辑|责编|编辑|校对|审核|值班编委)\s?[:：][^\n]{1,20}[)）]?",
        r"[京沪粤浙苏鲁川渝鄂湘闽皖赣冀豫津辽吉黑晋陕甘宁青新藏云贵桂琼蒙]\s?(?:icp|公网安)[^\n]{0,40}",
    )
)

# What menus are made of. These are furniture among their like only: a text may have such a heading.
MENU_ITEM = any_of(
    (
        r"(?:log|sign) ?(?:in|out|on)|register|(?:my )?account|profile|search(?: for)?\s?:?|close|open|more|contacts?(?: us)?|about(?: us)?|help|faqs?|newsletters?|apps?|archives?|categories|advertise(?: with us)?|jobs|careers|site ?map|terms(?: (?:of|and|&) (?:use|service|conditions))?|privacy(?: (?:policy|notice|settings))?|cookies?(?: policy| settings| notice)?|rss|subscriptions?|e-?paper|accessibility",
        r"se connecter|connexion|s['’]inscrire|inscription|mon compte|s['’]abonner|recherche(?:r)?|fermer|nous contacter|contactez-nous|à propos|qui sommes-nous\s?\??|aide|mentions légales|plan du site|conditions générales(?: d['’]utilisation| de vente)?|cgu|cgv|politique de confidentialité|données personnelles|newsletters?|abonnements?|le journal",
        r"登录|注册|搜索|收藏|举报|订阅|投稿|关于我们|联系我们|广告(?:服务|合作)|网站地图|法律声明|隐私(?:政策|声明)|友情链接|帮助(?:中心)?|意见反馈|设为首页|加入收藏|客户端|更多",
        r"facebook|twitter|linkedin|whats ?app|e-?mail|pinterest|reddit|telegram|messenger|instagram|youtube|tiktok|flipboard|tumblr|bluesky|mastodon|tweet(?:er)?|like|j['’]aime|copy link|copier le lien|envoyer(?: par e-?mail)?|微信|微博|新浪微博|qq空间|朋友圈|复制链接|点赞",
        r"news|world|business|politics|sports?|culture|technology|tech|science|health|opinions?|entertainment|travel|lifestyle|arts|videos?|photos?|weather|local|economy|markets|education|environment",
        r"actualités?|à la une|monde|international|politique|économie|société|sports?|culture|sciences?|santé|météo|régions?|faits divers|high-tech|idées|débats|vidéos?|environnement|planète",
        r"新闻|要闻|国内|国际|财经|体育|娱乐|科技|军事|汽车|房产|教育|社会|健康|视频|图片|专题|滚动|时政|文化|旅游",
    )
)

# Who took or owns a picture, at the end of its caption or on a line of its own.
_PICTURE = r"(?:(?:file |stock )?(?:photos?|photographs?|images?|pictures?|illustrations?|graphics?)(?: credits?)?|crédits? ?(?:photos?|images?)?|credits?)"
CREDIT = any_of(
    (
        rf"{_PICTURE}\s?(?:[:：/©]|by\b|courtesy\b|via\b|par\b)\s?[^.!?。\n]{{2,60}}\.?",
        rf"[(\[]\s?{_PICTURE}\s?(?:[:：/©,-]|by\b|courtesy\b|via\b|par\b|d['’]illustration|d['’]archives)?[^()\[\]\n]{{0,60}}[)\]]\.?",
        r"(?:file photo|photo d['’](?:illustration|archives)|getty images|shutterstock|istock)\.?",
        r"©\s?[^.!?。\n]{2,60}",
        r"[（(](?:图片来源|图源|图|图片|摄影|资料图片?|来源)(?:[:：/][^（）()\n]{1,30})?[）)]。?",
        r"[（(]?[^（）()\s。，]{2,12}\s?摄(?:影)?[）)]?。?",
        r"(?:图片来源|图源|摄影)\s?[:：][^。\n]{1,30}",
    )
)
