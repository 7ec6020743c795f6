"""French."""

from briefs.languages.pack import NO_NAME, Boilerplate, Calendar, LanguagePack, Pointing, Verbless, words

_OUR_TIME = (
    r"(?:an|année|mois|semaine|jour|journée|soir|soirée|matin|matinée|midi|nuit|été|hiver|automne|printemps|week-end|saison"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|\d+|siècle|prochaine?s? \w+"
    r"|derni(?:er|ère)s? (?:jours|temps|mois|années|semaines|heures))\b(?!-là)"
)
_THIS = rf"(?:ce|cet|cette|ces)\b(?! (?:que|qui|dont|{_OUR_TIME}))"
# What "il" is where it stands for nobody: "il est difficile de", but not "il est ministre de".
_IT_IS = (
    r"(?:(?:im)?possible|(?:im)?probable|(?:in)?utile|nécessaire|important|essentiel|urgent|temps|question|interdit"
    r"|difficile|facile|clair|vrai|évident|rare|prévu|conseillé|recommandé|préférable|souhaitable|indispensable|logique"
    r"|(?:a)?normal|obligatoire|demandé|permis|tôt|tard|crucial|dommage|légitime|inadmissible|inacceptable|reproché)"
)
_NOBODY = (
    r"(?! (?:y a|y avait|y aura|faut|fallait|faudra|faudrait|existe|reste|suffit|convient"
    rf"|(?:n['’])?(?:est|était|sera|serait|semble|paraît) (?:\w+ )?{_IT_IS} (?:de\b|d['’]|que\b|qu['’])|n['’]y a))"
)

_POINTING = Pointing(
    opens=(
        rf"il\b{_NOBODY}",
        rf"ce\b(?! sont .{{1,60}} qui\b)(?! (?:que|qui|dont|{_OUR_TIME}))",
        rf"(?:cet|cette|ces)\b(?! {_OUR_TIME})",
        r"(?:elle|ils|elles|cela|ça|celui|celle|ceux|celles|ca|autre|son|sa|ses|leur|leurs|mais|et|or|donc|car|puis|ensuite|ainsi"
        r"|toutefois|cependant|pourtant|néanmoins|par ailleurs|en outre|de plus|en effet|en fait|enfin|par conséquent"
        r"|en revanche|au contraire|lui|eux|dans le même temps|de (?:son|leur) côté|par exemple|autant de|d['’]ailleurs"
        r"|une? autre|de même|en somme|en cause|bref|autrement dit|à l['’]inverse|(?:la )?preuve (?:de|d['’]|que|qu['’]|en)"
        r"|toujours (?:selon|d['’]après)|le genre|de quoi|pas de quoi|rien de|signe (?:de|que|qu['’])"
        r"|reste (?:à|que|qu['’])|à commencer par|l['’]autre\b|contre \d|dernier (?:rebondissement|épisode)|un acte"
        r"|une? de plus|il (?:faut|fallait|semble|paraît)(?: \w+)? qu['’](?:il|elle)s?\b"
        r"|(?:conséquence|résultat|bilan)(?= ?:)|(?:autour|depuis|soit)(?=,)|tel(?:le)?s? (?:est|était|sont|étaient)"
        r"|\w+ \w+ plus (?:tard|tôt)|la réponse (?:est|a|n['’])|(?:de|une?) tel(?:le)?s?|il s['’]agi\w+"
        r"|l['’]occasion de|idem|[àa] l['’]époque|d['’]autant|du coup|même(?! (?:si|pas|les?|la|en))|[sn]['’]y|y)\b",
        r"(?:le|la|les) (?:premi(?:er|ère)|seconde?|derni(?:er|ère)|deuxième|troisième|quatrième)s?"
        r"(?= (?:a|est|ont|sont|était|dans|en|depuis|pour)\b)",
        r"les (?:deux|trois|quatre|cinq) (?!plus|principa|premi|derni)\w+",
        r"(?:dans|avec|pour|sur|sous|après|avant|depuis|selon|malgré|contre|devant|face à|grâce à|suite à|lors de|par|parmi"
        rf"|outre|[àa]|de|chez|sans|durant|pendant|d['’]après) (?:{_THIS}|(?:lui|elles?|eux|celui-ci|celle-ci|cela)\b)",
        r"(?:si|quand|lorsqu['’]|comme|alors qu['’]|bien qu['’]|puisqu['’]|tandis qu['’]|s['’])\s?(?:elle|elles|ils|il"
        rf"{_NOBODY})\b",
        rf"(?-i:[A-ZÀ-Þ]?[^A-ZÀ-Þ,]{{0,60}}),(?-i: [^A-ZÀ-Þ,]{{0,50}},)? (?:elle|elles|ils|il{_NOBODY})\b",
        r"(?:à|aux?|en|dans|lors|depuis|après|pendant|durant|sur|chez|avant) [^.]{2,80}, "
        rf"(?:elles?|ils|il{_NOBODY})\b",
        # Somebody asked, born, invited, and then "he"; and "y", "lui", of what was named before.
        r"(?!(?:an?dré|rené|josé|chloé|zoé|noé|salomé)\b)(?:\w+ée?s?|issue?s?|venue?s?|élue?s?|(?:sor|par)tie?s?|soumise?s?"
        r"|[pm]rise?s?|inscrite?s?) .{2,140}?, (?:il|elle|ils|elles)\b",
        r"[^,]{2,20}, c['’]est [^,]{3,40} qu['’](?:il|elle)s?\b",
        r"(?:au|en|dans|à) [^,]{2,30}, (?:quand|si|lorsqu['’]|puisqu['’]) ?(?:elle|il)s?\b",
        r"(?:les?|la|l['’]|une?|des|deux|trois|\d+) ?[^,.]{2,50} (?:lui|leur) (?:a|ont|avait|avaient|est|fut)\b",
        # A noun that tells what a whole sentence was, in the next one without a verb.
        r"une? (?:\w+ )?(?:aveu|décision|situation|menace|mesure|annonce|information|initiative|victoire|défaite|première"
        r"|manière|façon|réponse|réaction|phrase|déclaration|scène|occasion|geste|méthode|idée|choix|constat|record"
        r"|critique|accusation|proposition|position|polémique|histoire|sortie|nouvelle|chiffre|preuve|hausse|baisse)"
        r"(?: [\w'’]+){0,2} (?:qui|qu['’]|que|dont|où|à laquelle|auquel|selon|pour l|destinée?)",
        r"c['’](?!est (?:(?-i:[A-ZÀ-Þ])[\w-]+ ){1,4}qu[ie'’])",
    ),
    verbless=Verbless(
        noun=r"^\W*+(?:Une?|Des|Nouve(?:au|lle)|Derni(?:er|ère)) \w+ (?!sur )(?:\w+ ){0,6}?(?:qu[ie'’]|dont|où|\w+ée?s? )",
        relatives=r"\b(?:qui|que|qu['’]|dont|où|laquelle|auquel)\b",
        verbs=r"\b(?:est|sont|a|ont|va|vont|doit|doivent|peut|peuvent|fait|font|vient|veut|reste|sera|seront|fut|eut|valut"
        r"|(?:\w+)(?:ait|aient|era|eront|irent|èrent)|(?:re|de|sou|par)?vient|met|prend|rend|dit|permet|devrait|existe)\b",
    ),
    echoes=(
        r"\bcela\b|\b(?:selon|à|de|chez|avec|pour|contre|entre|par|sur) (?:eux|elles?|lui)\W*$",
        rf"\b(?:cet|cette|ces) (?!{_OUR_TIME})\w+",
        rf"\bce (?!(?:que|qui|dont|qu|n|sont|serait|sera|fut)\b|{_OUR_TIME})\w+",
        r"\b(?:celui|celle|ceux|celles)-(?:ci|là)\b|\ben question\b|\bannée-là\b",
    ),
    echoing=words("cela eux elle elles lui cet cette ces ce celui celle ceux celles question là"),
    likens=(
        r"\b(?:[dl]e|la|du|au|un) même (?:année|jour|mois|semaine|époque|période|manière|façon|ordre|genre|type|sort"
        r"|scénario|constat|sens|motif|argument|problème|raison|logique|question|idée|chose|situation)\b",
        r"\bla réponse est \w+ative\b|\b(?:de tel(?:le)?s|une? tel(?:le)?) (?!que)\w+",
        r"\ble premier .{3,80} (?:le|la) seconde?\b|^.{3,40}\ben revanche\b|\bjusque-là\b",
        # Somewhere that was named.
        r"^(?:(?!\b(?:à|en|dans|aux?|chez|sur) (?:l['’]|la |le |les )?[A-ZÀ-Þ]|\boù\b|\bil y).){0,70}\by"
        r" (?:est|sont|était|étaient|sera|seront|ont|avait|avaient|a (?:été|\w+[éiu]))\b",
    ),
    likening=words("revanche jusque tel telle tels telles même réponse premier y"),
    somebody=(
        r"(?:il|elle) (?:a|avait|est|était|s['’])|ils (?:ont|sont|avaient|étaient)|elles (?:ont|sont)|l['’](?:a|avait|ont) \w{3,}",
    ),
    nobody=(r"\bil (?:est|était|a|avait) (?:\w+ ){0,2}(?:de|que|d['’]|qu['’]|fallu|eu)",),
    theirs=(
        r"^\W*+[^A-ZÀ-Þ,]{2,30}, (?:son|sa|ses|leurs?) [^A-ZÀ-Þ]{0,60}$|^\W*\w+, (?:son|sa|ses|leurs?) ",
        r"^\W*+(?i:l[ae]s? ?|l['’])\w+ de (?:son|sa|ses|leurs?) [^A-ZÀ-Þ]{0,40}?(?:[:,]|\b(?:est|sont|a|ont|était)\b)",
        r"^\W*+(?i:(?:la raison de|si|selon|pour|avec|dans|après|depuis|malgré|avant|par|chez|sur)"
        rf" (?:son|sa|ses|leurs?)) {NO_NAME}",
    ),
    epithets=(
        r"(?:l['’](?:ex-?\s?|ancien(?:ne)? )\w+|(?:le|la) (?:jeune|petite?|vieille|vieux|\w+enaire|\w+génaire"
        r"|comédien(?:ne)?|chanteu(?:r|se)|acteur|actrice|députée?|sénat(?:eur|rice)|élue?|suspecte?|malheureu(?:x|se)|victime|joueu(?:r|se)"
        r"|fonctionnaire|intéressée?|principale? intéressée?|film|album|livre|titre|groupe|texte|rapport))",
    ),
    first_person=(r"^\W*+(?:Je|J['’]|Mon|Ma|Mes|Nous|Notre|Nos)(?![\w-])|^[^,.]{3,80}, (?:je|j['’])",),
    speakers=(r"-(?:t-)?(?:il|elle|ils|elles)\b[^?？]*$",),
    speaking=words("il elle ils elles"),
    somebody_says=(
        r"[\"”»],? (?:(?:a|ont|avait) )?(?:dit|poursui\w+|conclut?|répondu?|s['’](?:est )?\w+|se \w+|concèdent|expliquent"
        r"|écrivent|assurent|indiquent|estiment|(?:lanc|demand|expliqu|ajout|indiqu|affirm|assur|confi|racont|estim|concéd|précis"
        r"|soulign|regrett|déplor|martel|détaill|déclar|témoign|décrypt|analys)[eé]|écrit|concède)"
        r" (?:les? |la |l['’])(?!police|gendarmerie|parquet|gouvernement|préfecture|justice|armée|opposition|oncle)"
        r"[^A-ZÀ-ÖØ-Þ\"«,]{3,60}(?:, (?:qui|dont|en)\b|\W*$)",
    ),
    says=(r"dit|déclare|explique|affirme|estime|assure|ajoute",),
    titles=(r"MM?\.|Mme|Me",),
)

_PICTURE = r"(?:photos?|images?|illustrations?|crédits? ?(?:photos?|images?)?)"

_BOILERPLATE = Boilerplate(
    navigation=(
        r"(?:retour(?:nez|ner)?|revenir|remonter) (?:en |au )?haut(?: de (?:la )?page)?",
        r"haut de (?:la )?page",
        r"aller (?:directement )?au contenu(?: principal)?",
        r"accueil|publicité|annonce",
        r"imprimer(?: (?:cet|cette) (?:article|page))?",
        r"(?:partager|tweeter)(?: (?:cet article|sur|via)[^.!?。]{0,80})?",
        r"ajouter (?:à|aux) (?:vos|mes) favoris|lire plus tard",
        r"suivez-nous[^.!?。]{0,60}",
        r"(?:article|page) (?:précédente?|suivante?)s?[^.!?]{0,120}",
        r"tous droits réservés[^\n]{0,80}",
        r"(?:abonnez-vous|inscrivez-vous) (?:à|au|aux) [^.!?]{0,60}(?:newsletter|lettre|alertes|chaîne)[^\n]{0,40}",
        r"(?:sommaire|table des matières|au sommaire|dans cet article)\s?[:：]?",
    ),
    comment_form=(
        r"(?:les )?(?:dernières|premières) réactions",
        r"nombre (?:total )?de (?:réactions|commentaires)\s?:?\s?\d*",
        r"(?:sans|aucun|pas (?:encore )?de) commentaires?(?: pour (?:le moment|l['’]instant))?\.?|commentaires? \(\d+\)",
        r"(?:voir|lire|afficher|masquer) (?:tous )?les (?:\d+ )?(?:commentaires|réactions)",
        r"(?:votre|laisse[rz]|ajoute[rz]|poste[rz]|écri(?:re|vez)|rédige[rz])(?: un| votre)? (?:commentaire|réponse|réaction)s?",
        r"(?:connectez-vous|identifiez-vous) pour (?:commenter|réagir|répondre)[^\n]{0,40}",
        r"soyez le premier à (?:commenter|réagir)[^\n]{0,40}",
        r"votre (?:adresse (?:e-?mail|de messagerie)|e-?mail) ne sera pas publiée?[^\n]{0,80}",
        r"les champs[^.!?]{0,40}obligatoires[^\n]{0,40}",
    ),
    comment_field=(
        r"pseudo(?:nyme)?|anonyme|(?:votre )?(?:nom|e-?mail|site(?: web)?|message|commentaires?|réactions?)\s?\*?:?",
        r"envoyer|publier|valider|soumettre|répondre|(?:trier|classer) par[^.!?]{0,30}",
    ),
    page_head=(
        r"pages? \d{1,4}(?: ?(?:sur|de) ?\d{1,4})?",
        r"(?:articles?|sommaire|contenu|archives?) (?:de|du|dans) ce (?:numéro|magazine)",
    ),
    read_on=(
        r"[^.!?]{0,80}\b(?:lisez|lire|voir|découvrez) (?:la suite|l['’]article (?:complet|entier)|l['’]intégralité|plus)\b[^.!?]{0,40}[.!…]*",
        r"(?:cliquez|appuyez)\b[^.!?]{0,60}\b(?:lire|suite|savoir|plus|article|accéder)\b[^.!?]{0,60}[.!…]*",
        r"(?:en savoir (?:plus|davantage)|plus d['’]infos?)(?: sur [^.!?]{0,60})?[.!…→»]*",
    ),
    teaser=(
        r"(?:à |a )?lire (?:aussi|également)|à (?:lire|voir|découvrir) (?:aussi|également)|voir aussi|sur le même (?:sujet|thème)",
        r"(?:nos )?articles (?:liés|similaires|connexes)|les plus (?:lus|partagés|populaires)|(?:nos )?derniers articles|articles récents",
    ),
    list_label=(r"étiquettes?|mots[- ]clés|catégories?|thèmes?",),
    author=(r"par|auteure?s?|rédigé par|écrit par|propos recueillis par|journaliste",),
    keywords=(r"mots?[- ]clés?|étiquettes?",),
    source=(r"sources?|via|origine",),
    section=(r"rubrique|catégories?|publié dans",),
    date=(
        r"(?:dernière )?mise? à jour(?: le)?|publié(?:e)?(?: le)?|paru(?:e)? le|posté(?:e)? le|modifié(?:e)? le|créé(?:e)? le|date(?: de publication)?",
    ),
    counter=(
        r"\d[\d ,.]* ?(?:vues?|partages?|lectures?|fois lu)",
        r"(?:temps de lecture|lecture)\s?:?\s?~?\d+ ?min[a-z]*\.?",
        r"\d+ ?min(?:ute)?s?(?: de)? ?lecture",
    ),
    kind=(
        r"analyse|éditorial|édito|entretien|exclusi(?:f|vité)|tribune|reportage",
        r"décryptage|enquête|direct|vidéo|portrait|chronique|billet",
    ),
    notice=(
        r"(?:nous(?: et nos partenaires)?|ce site|notre site|en (?:poursuivant|continuant|naviguant))[^\n]{0,160}\b(?:utilis\w{1,6}|accept\w{0,6}|dépos\w{1,6})\b[^\n]{0,60}(?<![a-z])cookies?(?![a-z])[^\n]{0,300}",
        r"tout (?:accepter|refuser)|continuer sans accepter|(?:gérer|paramétrer|gestion des) (?:les |mes |vos )?cookies",
        r"en (?:vous (?:inscrivant|abonnant)|cliquant|validant)[^\n]{0,80} vous (?:acceptez|consentez|reconnaissez)[^\n]{0,160}",
        r"vous pouvez vous (?:désinscrire|désabonner)[^\n]{0,80}",
        r"(?:votre|saisissez votre|entrez votre) (?:adresse )?e-?mail[^\n]{0,60}",
        r"recevez (?:chaque|tous|toutes|toute|nos|notre|l['’]|gratuitement)[^\n]{0,120}(?:newsletter|infolettre|lettre|boîte|e-?mail|actualité)[^\n]{0,60}",
        r"(?:inscrivez-vous|abonnez-vous|je m['’]inscris|je m['’]abonne)(?: (?:gratuitement|pour|dès|à partir|à notre|à nos)[^\n]{0,120})?[.!]?",
        r"téléchargez (?:notre|l['’])\s?appli(?:cation)?\b[^\n]{0,60}",
        r"(?:(?:cet )?article réservé (?:aux|à nos) abonnés|(?:la suite|cet article|ce contenu) est réservée? (?:aux|à nos) abonnés|déjà (?:abonné|inscrit)|il vous reste \d+ ?% de cet article)[^\n]{0,80}",
        r"(?:cliquez|appuyez) pour (?:partager|envoyer|imprimer)\b[^\n]{0,120}",
        r"(?:suivez|retrouvez|rejoignez)(?:-nous|-moi| nous) sur [^\n]{0,80}|suivez (?:toute )?l['’](?:actualité|info)\b[^\n]{0,80}",
        r"chargement[.…]*|la suite (?:de l['’]article )?après (?:cette|la) publicité[^\n]{0,20}",
        r"contenus? (?:sponsorisés?|partenaires?)|ailleurs sur le web|(?:par |recommandé par )(?:taboola|outbrain|wordpress|disqus)[^\n]{0,40}",
        r"signaler(?: une?)? (?:erreur|abus|problème|contenu)[^\n]{0,60}",
        r"enregistrer mon nom,[^\n]{0,160}",
        r"(?:prévenez|avertissez)-moi (?:de|par|des)[^\n]{0,80}",
        r"(?:ce site utilise akismet|en savoir plus sur (?:comment|la façon dont) les données)[^\n]{0,160}",
        r"laisser un commentaire ?annuler la réponse",
    ),
    menu_item=(
        r"se connecter|connexion|s['’]inscrire|inscription|mon compte|s['’]abonner|recherche(?:r)?|fermer|nous contacter|contactez-nous|à propos|qui sommes-nous\s?\??|aide|mentions légales|plan du site|conditions générales(?: d['’]utilisation| de vente)?|cgu|cgv|politique de confidentialité|données personnelles|newsletters?|abonnements?|le journal",
        r"tweeter|envoyer(?: par e-?mail)?|j['’]aime|copier le lien",
        r"actualités?|à la une|monde|international|politique|économie|société|sports?|culture|sciences?|santé|météo|régions?|faits divers|high-tech|idées|débats|vidéos?|environnement|planète",
    ),
    credit=(
        rf"{_PICTURE}\s?(?:[:：/©]|via\b|par\b)\s?[^.!?。\n]{{2,60}}\.?",
        rf"[(\[]\s?{_PICTURE}\s?(?:[:：/©,-]|via\b|par\b|d['’]illustration|d['’]archives)?[^()\[\]\n]{{0,60}}[)\]]\.?",
        r"photo d['’](?:illustration|archives)\.?",
    ),
    about=(r"à propos de|sur l['’]auteure?",),
    the_author=(r"l['’]auteure?",),
    author_does=(r"(?:est|écrit|couvre|travaille)\b",),
    you_are_here=(r"vous êtes ici",),
    home=(r"accueil",),
    byline=(r"Par",),
    between_names=(r"et|de|du|la|le",),
    office=(r" (?:avec|et) (?:agences|[A-Z]{2,8}|Reuters)",),
)

PACK = LanguagePack(
    code="fr",
    stemmer="french",
    core_stop_words=words("""a afin ai ainsi ait alors apres as au aucun aucune aussi autre autres aux avaient avait
        avant avec avoir avons ayant bien c car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez
        ci comme comment contre d dans de dela des deux doit donc dont du durant elle elles en encore entre es est et
        etaient etait etant ete etes etre eu eux fait font fut furent grace hors il ils j je jusqu jusque l la laquelle
        le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m ma mais me meme memes mes moi moins mon n
        ne ni non nos notre nous nul on ont ou par parce pas pendant peu peut peuvent plus pour pourquoi puis puisqu
        puisque qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera seront ses si soit son sont sous
        suis sur t ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tres tu un une vers voici voila
        vos votre vous y"""),
    other_stop_words=words("""abord absolument actuel actuellement ailleurs allaient aller allons an annee annees ans
        apparemment aupres auquel aura auraient aurait auront autant autour autrement auxquels avais avez beaucoup bon
        bonne bref cas cause certain certaine certaines certains cent cinq combien compris concernant debut dedans
        dehors deja depuis derniere dernier derniers dernieres derriere desormais dessous dessus devant devra devrait
        differents dire dit dite dits divers dix doivent duquel effet egalement enfin ensemble ensuite environ
        eventuellement exemple facon faire faisait faisant faut fin fois force generalement grand grande grandes grands
        gros haut heure heures hier huit ici important indique jamais jour jours juste laisser loin long longtemps
        maintenant maniere malgre mettre mieux mille million millions milliards mis mise mois moment neanmoins neuf
        nombre nombreuses nombreux notamment nouveau nouveaux nouvel nouvelle nouvelles objet partie parfois parmi
        partir partout permet personne personnes petit petite petits peut-etre place plupart plusieurs plutot point
        pourra pourrait pouvait pouvoir pres premier premiere premiers presque prochain propos proche puissent quant
        quatre quelque quelques quelqu rien sait savoir second seconde semaine semble sept serait serai seulement seul
        seule six souvent suite suivant suivante surtout tant tard tellement temps tenir toujours toutefois trois trop
        trouve type utilise va vais valeur veut veulent vient voir vont vraiment vu"""),
    question_words=words("""qui que quoi quand ou comment pourquoi combien quel quelle quels quelles lequel laquelle
        lesquels"""),
    before_names=words("mm mme mmes mlle mlles mgr pr me fr p.ex apr.j.-c av.j.-c env"),
    before_numbers=words("n° nº éd ed tel tél"),
    may_end=words("cie sté ets janv févr avr juil déc"),
    also_words=words("me"),
    judged=True,
    pointing=_POINTING,
    asks_what=(
        r"^\W*(?:qu['’]est[- ]ce qu(?:e |['’])(?:c['’]est que )?|c['’]est quoi,? |qui (?:est|était|sont|étaient) "
        r"|que (?:signifie|désigne|veut dire) )(?:une? |les? |la |l['’])?([^?]+?)\W*$"
    ),
    tells_what=(
        r"(?:,? (?:qui )?(?:est|sont|était|étaient|fut|reste|devient|a été)(?: \w+ment| aussi| donc| également)?"
        r" (?:(?:une?|les?|la|des|du|ce|celui|celle)\b|l['’])"
        r"|,? (?:désigne|signifie|consiste|correspond|regroupe|rassemble)\b"
        r"|(?:,| ?[—–-]) (?:(?:une?|les?|la|qui|des|\d\d ans|ex-\w+|anciens?|anciennes?)\b|l['’])| \()"
    ),
    asks_when=r"quand|quell?e? (?:annees?|jours?|dates?|mois|epoques?|siecles?|decennies?|periodes?)",
    asks_how_many=(
        r"combien|quel (?:age|nombre|pourcentage|montant|prix|chiffre|taux)"
        r"|quelle (?:taille|distance|superficie|population|longueur|hauteur|quantite|proportion|duree|somme|part)"
    ),
    date_words="janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|siecle",
    number_words="deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent|mille|milliers?|milliards?|moitie|tiers",
    boilerplate=_BOILERPLATE,
    names=("法文", "française"),
    # What is left without accents has one ending for débloquée, débloqués and débloquées; and -aux is of -ail.
    endings=((r"^(trav|vitr|cor|b|soupir)aux$", r"\1ail"), (r"(?<=[a-z]{2})ee?s?$", "e")),
    elision=r"(?:[cdjlmnst]|qu)['\u2019]",
    quotation_marks=("«\u202f", "\u202f»"),
    month_spellings={"fevr": 2, "juill": 7},
    calendar=Calendar(
        units={
            "hours": "heure heures",
            "days": "j jour jours",
            "weeks": "sem semaine semaines",
            "months": "mois",
            "years": "a an ans annee annees",
        },
        days_ago=("aujourd'hui|aujourdhui", "hier", "avant-hier|avant hier"),
        weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        before_age="il y a ",
    ),
    figure_units={"milliard": 1e9, "milliards": 1e9, "million": 1e6, "millions": 1e6, "mille": 1e3},
    correction=r"(?:rectificati(?:f|on)|correctif)\b",
    negation=r"\b(?:pas|jamais|aucune?|sans)\b",
    of_the_page=(
        r"\bmise?s? à jour\b|\b(?:actualisé|modifié|révisé|généré|consulté)e?s?\b"
        r"|\b(?:visites?|visiteurs?|vues|clics|partages|abonnés|lectures)\b|\ben ligne actuellement\b"
        r"|\b(?:lisent|regardent|consultent) (?:cette|ce)\b|\bnous sommes le\b|\bheure locale\b"
    ),
)
