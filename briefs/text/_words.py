"""Word lists of the served languages, one string each: data, split on white space by `languages`.

Core stop words say nothing about what a text is on. The other common words say a little; a query counts them at half
weight. Question words say what is asked for, never what it is about. Written for this project.
"""

CORE = {
    "en": """a about after all also am an and any are as at be because been before being between both but by can
        could did do does doing during each else for from further had has have having he her here hers
        herself him himself his how i if in into is it its itself just me more most my myself no nor not
        of off on once only or other our ours ourselves out over own s same she should so some such t
        than that the their theirs them themselves then there these they this those through to too under
        until up us very was we were what when where which while who whom whose why will with within
        without would you your yours yourself yourselves ll ve re d m don didn doesn isn wasn aren won
        wouldn couldn shouldn hasn haven hadn""",
    "fr": """a afin ai ainsi ait alors apres as au aucun aucune aussi autre autres aux avaient avait avant avec avoir
        avons ayant bien c car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez
        ci comme comment contre d dans de dela des deux doit donc dont du durant elle elles en encore
        entre es est et etaient etait etant ete etes etre eu eux fait font fut furent grace hors il ils
        j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque
        lui m ma mais me meme memes mes moi moins mon n ne ni non nos notre nous nul on ont ou par parce
        pas pendant peu peut peuvent plus pour pourquoi puis puisqu puisque qu quand que quel quelle
        quelles quels qui quoi s sa sans se selon sera seront ses si soit son sont sous suis sur t ta
        tandis te tel telle telles tels tes toi ton tous tout toute toutes tres tu un une vers voici
        voila vos votre vous y""",
    "zh": """的 了 是 在 和 与 及 或 也 都 就 而 但 把 被 对 从 到 给 为 以 于 之 其 这 那 这个
        那个 这些 那些 我 你 他 她 它 们 我们 你们 他们 她们 它们 着 过 吗 呢 吧 啊
        不 没 没有 有 又 再 还 还是 只 很 更 最 将 会 能 可以 要 所 所以 因为 如果
        虽然 但是 而且 并 并且 等 个 上 下 中 里 什么 谁 哪 哪个 哪些 哪里 怎么 怎样
        如何 为何 为什么 多少 几 何时 の は が を に""",
    "de": """aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch auf aus bei
        bin bis bist da damit dann das dass dasselbe dazu dein deine dem den denn der des dessen deren
        die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer
        eines er es etwas euch euer fur gegen gewesen hab habe haben hat hatte hatten hier hin hinter
        ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jene
        kann kein keine keinem keinen keiner konnen konnte mal man manche mein meine mich mir mit muss
        musste nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner selbst
        sich sie sind so solche soll sollte sondern sonst uber um und uns unser unter viel vom von vor
        wahrend war waren warum was weil weiter welche welcher wenn wer werde werden wie wieder will wir
        wird wo wollen wurde wurden zu zum zur zwar zwischen""",
    "es": """a al algo algunas algunos ante antes aquel aquella aquellos asi aun aunque bajo bien cada casi como con
        contra cual cuales cuando cuanto de del desde donde dos durante e el ella ellas ellos en entre
        era eran es esa esas ese eso esos esta estaba estado estan estar estas este esto estos fue
        fueron ha habia han hasta hay la las le les lo los mas me mi mientras mis mismo mucho muy nada
        ni no nos nosotros o os otra otras otro otros para pero poco por porque pues que quien quienes
        se sea segun ser si sido sin sino sobre son su sus tambien tan tanto te tener tiene tienen toda
        todas todo todos tras tu tus un una unas uno unos y ya yo""",
    "it": """a abbiamo ad agli ai al alla alle allo anche ancora avere aveva c che chi ci cio coi col come con contro
        cui d da dagli dai dal dalla dalle dallo degli dei del della delle dello di dopo dove e ed era
        erano essere fa fra fu gia gli ha hanno ho i il in io l la le lei li lo loro lui m ma mentre mi
        mia mio molto ne negli nei nel nella nelle nello no noi non nostro o ogni ora per perche piu po
        poi prima pur qual quale quali quando quanto quasi quel quella quelle quelli quello questa
        queste questi questo qui s se sei senza si sia sono sopra sotto sta stata stati stato su sua sue
        sugli sui sul sulla sulle suo suoi te ti tra tu tutta tutte tutti tutto un una uno v vi voi""",
    "pt": """a ainda alem algum alguma alguns ao aos apenas apos aquela aquele aqueles aquilo as assim ate cada com
        como contra da das de dela dele deles depois desde do dos durante e ela elas ele eles em entre
        era eram essa essas esse esses esta estao estas estava este estes eu foi for foram ha isso isto
        ja la lhe lhes mais mas me mesmo meu minha muito na nao nas nem no nos nossa nosso num numa o
        onde os ou para pela pelas pelo pelos per pode pois por porque porquanto quais qual quando
        quanto que quem se seja sem sendo ser seu seus sido so sob sobre sua suas tambem tao te tem
        tinha toda todas todo todos tu um uma umas uns""",
    "nl": """aan al alles als altijd andere ben bij daar dan dat de der des deze die dit doch doen door dus een eens
        en er ge geen geweest haar had hadden heb hebben heeft hem het hier hij hoe hun iemand iets ik
        in is ja je kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om
        omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van veel voor want waren was
        wat waar waarom welke wel werd werden wezen wie wil worden wordt zal ze zelf zich zij zijn zo
        zonder zou zouden""",
    "ru": """а без более больше будет будто бы был была были было быть в вам вас весь во вот все всего всех вы где да
        даже для до его ее если есть еще же за здесь и из или им их к как какая какой когда кого который
        которая которые кто куда ли лишь между меня мне много может можно мой мы на над надо нас наш не
        него нее нет ни них но ну о об один он она они оно от перед по под после потом потому почему при
        про раз с сам свою себя сейчас со так также такой там тебя тем теперь то тогда того тоже только
        том тот три тут ты у уже хотя чего чей чем через что чтоб чтобы чуть эти этого этой этом этот
        эту это я""",
    "ar": """في من على الى عن مع هذا هذه ذلك تلك التي الذي الذين هو هي هم هن انا نحن انت كان كانت يكون تكون قد لقد ما
        لا لم لن ليس ان او ام ثم بل لكن حتى اذا كل بعض غير بين عند بعد قبل خلال منذ حول ضد دون كما حيث
        اي ايضا كيف متى اين لماذا و ف ب ل ك هناك هنا فيه فيها به بها له لها منه منها عليه عليها""",
    "ja": """の に は を た が で て と し れ さ ある いる も する から な こと として い や など なっ
        ない この ため その あっ よう また もの という あり まで られ なる へ か だ これ
        によって により おり より による ず なり られる において ば なかっ なく しかし
        について せ だっ できる それ う ので なお のみ でき き つ における および いう
        さらに です ます""",
    "ko": """은 는 이 가 을 를 의 에 에서 로 으로 와 과 도 만 그 이런 그런 저 것 수 등 및 또는 그리고
        하지만 그러나 때문에 있는 있다 없다 하는 한다 했다 합니다 입니다 무엇 누구 언제
        어디 어떻게 왜 몇 얼마나""",
}

OTHER = {
    "en": """able according across actually ago allow allowed allows almost alone along already although always among
        amount another anyone anything appear appropriate area areas around ask asked available away
        back became become becomes began begin behind believe best better big brought call called came
        case cases cause certain certainly clear clearly come comes consider considered concerning
        consist corresponding couple currently day days definitely describe described despite different
        discussed done down due early either end ended enough entirely especially etc even ever every
        everyone everything evidence exactly example except face fact facts far felt few find finds
        first following found four fully gave general generally get gets give given gives go goes going
        good got great group groups happen hardly hence high higher however hundred important indeed
        indicate indicated information instead interest keep kept kind knew know known knows large
        largely last lately later latest least less let like likely little long longer look made mainly
        make makes making man many may maybe mean means meanwhile member merely might million mine
        moreover mostly much must namely near nearly necessary need needed needs never nevertheless new
        next nobody none normally nothing novel now nowhere number numbers obtained obviously often old
        one ones onto open order others otherwise outside part parts particular particularly past people
        perhaps place places point points possible potentially present previously probably problem
        problems provides put quite rather really recent recently regarding regardless related
        relatively require result results right said saw say saying says second see seem seemed seems
        seen several shall show showed shown shows side similar similarly since small something
        sometimes somewhat soon state still sub sure take taken takes taking tell tends thing things
        think third thought three throughout thus time times today together told took toward towards try
        turn two type unless unlike upon use used useful uses using usually value various versus via
        want wanted wants way ways well went whatever whenever whereas wherever whether whole wide
        widely willing work worked works world year years yes yet zero""",
    "fr": """abord absolument actuel actuellement ailleurs ait allaient aller allons an annee annees ans apparemment
        aupres auquel aura auraient aurait auront autant autour autrement auxquels avais avez beaucoup
        bon bonne bref cas cause certain certaine certaines certains cent cinq combien compris
        concernant debut dedans dehors deja depuis derniere dernier derniers dernieres derriere des
        desormais dessous dessus devant devra devrait differents dire dit dite dits divers dix doivent
        duquel effet egalement enfin ensemble ensuite environ eventuellement exemple facon faire faisait
        faisant faut fin fois force generalement grand grande grandes grands gros haut heure heures hier
        huit ici important indique jamais jour jours juste laisser loin long longtemps maintenant
        maniere mais malgre mettre mieux mille million millions milliards mis mise mois moment neanmoins
        neuf nombre nombreuses nombreux notamment nouveau nouveaux nouvel nouvelle nouvelles objet
        partie parfois parmi partir partout permet personne personnes petit petite petits peut-etre
        place plupart plusieurs plutot point pourra pourrait pouvait pouvoir pres premier premiere
        premiers presque prochain propos proche puissent quant quatre quelque quelques quelqu rien sait
        savoir second seconde semaine semble sept serait sera serai seulement seul seule six souvent
        suite suivant suivante surtout tant tard tellement temps tenir toujours toutefois trois trop
        trouve type utilise va vais valeur veut veulent vient voir vont vraiment vu""",
    "zh": """一 一个 一些 一种 一样 一直 一般 两 每 每个 各 各种 某 某些 另 另外 其他 其中 其实 之后 之前
        之间 以及 以后 以前 以来 以上 以下 目前 现在 当时 今天 今年 去年 同时 同样 关于
        根据 通过 由于 由 向 随着 按照 作为 成为 认为 表示 称 说 已 已经 曾 曾经 正在
        开始 进行 可能 需要 应该 必须 这样 那样 这里 那里 这种 然后 然而 因此 不过 不仅
        只有 只是 非常 比较 比 大 小 多 少 新 好 来 去 出 起 做 让 使 用 时 年 月
        日 后 前 内 外 间""",
    "de": """ab allerdings bald beide beiden beim bereits besonders besser bisher dabei dadurch dafur dagegen daher
        dahin damals danach daneben darauf daraus darf darin daruber darum darunter davon davor dein
        dennoch deshalb drei eben ebenso eigentlich einfach einige einigen einmal erst ersten ersten
        etwa fast fruher ganz gar gegenuber gerade gern gibt ging grosse grossen gut immer insgesamt
        jahr jahre jahren jetzt kaum kommen konnten lange lassen lasst leicht letzten machen macht mehr
        mehrere moglich mussen neben neue neuen nie niemand oben oft schon seit seitdem sogar spater tag
        teil trotz uhr viele vielen vielleicht vier weit wenig weniger wohl zeit zuerst zunachst
        zusammen zwei""",
    "es": """ademas ahi ahora alguien alguna alguno alli alrededor anos ano aqui atras ayer buen buena cerca cierto
        cinco claro cuatro da dado dar debe deben debido decir dentro despues detras dia dias dice dijo
        distintos ejemplo embargo encima entonces estuvo fin fuera gran grande grandes hace hacen hacer
        hacia haya hecho hizo hoy igual incluso jamas junto lado largo luego lugar manera mayor medio
        mejor menos mil modo momento nadie ningun ninguna nuestra nuestro nueva nuevo nunca ocho parte
        partir pasado podria podra poder pronto primer primera proximo puede pueden quiza quizas
        realizar respecto seis semana sera seria siempre siete siguiente solo suele tal tampoco tarde
        tiempo total trata traves tres ultima ultimo usted va vamos varias varios vez veces ver""",
    "it": """abbastanza accanto adesso alcune alcuni allora almeno altra altre altri altro altrimenti anni anno
        appena attraverso avanti avevano bene basta buono caso certo ciascuno cinque circa comunque cosa
        cosi davanti deve devono dice dietro dire diverse dove due dunque durante ecco entro esempio
        fare fatto fino forse fuori giorni giorno grande grandi gruppo ieri infatti insieme intanto
        inoltre invece lungo mai maggiore mediante meglio meno mesi mezzo modo nessuna nessuno niente
        nuova nuovo oggi oltre ognuno oppure parte peggio pero persino poco possono posto prossimo prima
        primo proprio pure puo quattro qualche qualcosa quindi recente sara secondo sempre solito solo
        soltanto spesso stesso subito tale tanto tempo tre ultimo vari verso vicino volta volte""",
    "pt": """acima agora ali alias amanha anos ano antes aqui atras atual bastante bem bom boa cerca certo cima cinco
        claro conforme dar deve devem dia dias dentro diante disse dizer dois duas embora enquanto entao
        exemplo fazer faz feito fez fim fora geral grande grandes hoje hora lado lugar logo longe maior
        maioria maneira mas meio melhor menos mes momento muita muitos nada nenhum ninguem nova novo
        nunca ontem outra outras outro outros parte partir perto pouco podem poder possivel primeira
        primeiro proprio proxima qualquer quase quatro quer seis sempre segundo sera seria sim talvez
        tal tanto tarde tempo ter teve tipo tres tudo ultimo usa vai varios vez vezes""",
    "nl": """achter af alleen anders beetje beide beter binnen boven bovendien buiten daarna daarom dag dagen
        dezelfde dicht direct drie echter eerst eerste elk elke enkele even gaan gaat gedaan gehad
        gemaakt genoeg gewoon goed groot grote hele hierdoor iedereen ieder immers inmiddels jaar jaren
        keer komen komt laat laatste maken mee meest meeste mensen minder misschien moeten mogelijk
        nadat naast niemand nieuw nieuwe nooit ongeveer ooit opnieuw pas rond samen sinds soms steeds
        straks tegenover ten terug terwijl tijd tijdens toe tussen twee vaak vanaf vandaag vanwege veel
        verder vier volgens volgende vooral vrij wanneer weer weinig zeer zelfs zeker zien zoals""",
    "ru": """благодаря больше будут была быстро важно вдруг ведь весьма вместе вместо вниз вновь впрочем время всегда
        всю вчера год года году говорил говорит говорят дальше два две день дней должен должна должно
        другая другие другой думать жизнь зачем иметь иногда именно какие каждый каждая кажется конечно
        который которого которой которых кроме люди либо лучше любой меньше менее месяц многие мог могли
        могут моя начала недавно некоторые необходимо несколько никогда ничего новый новые около опять
        особенно отсюда очень пока первый первые пора поэтому почти просто прямо пусть работа разве
        ранее рядом самый сегодня сказал сказала скоро слишком снова совсем среди сразу стал стала стали
        сторона считает такая такие также теперь течение трех туда хорошо хотел человек чаще часто""",
    "ar": """اليوم امس عام سنة يوم ايام شهر اكثر اقل جدا نحو حوالي اخرى اخر الاخرى نفس نفسه مثل عدد عدة كثير قليل اول
        الاول الثاني كذلك لذلك بينما عندما منها وقد وقال قال قالت اضاف اضافة بسبب خاصة عبر لدى لان فقط
        تم يتم وكان يمكن يجب سوف الان وهو وهي فان ومن وفي الا""",
    "ja": """とき ところ とも ながら たち ほど ほか ほとんど すべて それぞれ あと いま いつ いつも なに なぜ
        どこ どの どう 场合 以上 以下 以前 以后 现在 今回 当时 同じ 时 年 月 日 人 中
        后 前 的 者 上 下 内 间 方 他""",
    "ko": """대한 위해 통해 따라 대해 관한 관련 지난 이번 다음 현재 오늘 어제 내일 올해 작년 년 월 일 더
        가장 매우 모든 같은 다른 많은 여러 약 이후 이전 당시 함께 다시 이미 아직 또 또한
        특히 경우 말했다 밝혔다 전했다""",
}

QUESTION = {
    "en": "what when where which who whom whose why how many much long often far old",
    "fr": "qui que quoi quand ou comment pourquoi combien quel quelle quels quelles lequel laquelle lesquels",
    "zh": """什么 谁 哪 哪个 哪些 哪里 哪儿 哪位 哪种 哪年 怎么 怎样 如何 为何 为什么
        多少 多久 多大 多长 几 何时 何地 吗 呢""",
    "de": "wer wen wem wessen was wann wo wohin woher warum weshalb wieso wie welche welcher welches viele",
    "es": "que quien quienes cuando donde como por cual cuales cuanto cuanta cuantos cuantas",
    "it": "che chi cosa quando dove come perche quale quali quanto quanta quanti quante",
    "pt": "que quem quando onde como porque qual quais quanto quanta quantos quantas",
    "nl": "wie wat wanneer waar waarom hoe welke welk hoeveel",
    "ru": "кто что когда где куда откуда почему зачем как какой какая какие сколько чей",
    "ar": "من ما ماذا متى اين كيف لماذا كم اي",
    "ja": """何 谁 いつ どこ なぜ どう どの どれ いくつ いくら""",
    "ko": "무엇 누구 누가 언제 어디 어떻게 왜 어느 어떤 몇 얼마",
}
