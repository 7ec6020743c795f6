"""English."""

from briefs.languages.pack import NO_NAME, Boilerplate, Calendar, LanguagePack, Pointing, forms, words

_OUR_TIME = (
    r"(?:year|week|month|morning|afternoon|evening|night|weekend|summer|winter|autumn|fall|spring|season|time|century|days?"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d+)\b"
)
_THIS = rf"(?:this|these|those)\b(?! {_OUR_TIME})"
_NOBODY = r"(?! (?:is|was|will be|would be|seems|appears|takes|took) (?:\w+ )?(?:\w+ )?(?:that|to|for)\b)"

_POINTING = Pointing(
    opens=(
        _THIS,
        r"(?:he|she|it|they|that|his|her|their|its|him|them|but|and|or|so|yet|however|moreover|therefore|thus|furthermore"
        r"|meanwhile|nevertheless|also|then|such|both|another|others|instead|besides|additionally|consequently|hence"
        r"|otherwise|similarly|the (?:latter|other|same)|as a result|in addition|by contrast|at the same time"
        r"|for (?:example|instance)|in (?:this|that) (?:way|case)|afterwards?|likewise|plus)\b",
        r"the (?:two|three|four|five|first|second|third|fourth|fifth|last|next|other) (?:ones?|men|women|pair|two|three)\b",
        r"(?:all (?:two|three|four|five)|none of (?:them|these|the)|nor|neither)\b",
        r"(?:\w+ ){1,4}(?:minutes|hours|days|weeks|months|years) (?:later|earlier)\b",
        r"(?:some|most|many|all|few|several|half|one|two|three|each|any|much|both|part) of (?:them|these|those|this|it)\b",
        r"(?:that said|as such|in other words|in short|in response|in return|of (?:those|these)|among them|to that end"
        r"|later (?:in|on|that)|herein|given (?:his|her|its|their)|on top of that|in turn|on the contrary"
        r"|not so|the answer|second(?:ly)?,|third(?:ly)?,|finally,|still,)",
        r"the \w+ (?:do|does|did|will|would|can|could)(?: so| not)?[,.]",
        r"(?:asked|born|released|based|led|built|founded|known|made|used|located|named|designed|opened|written|published"
        r"|speaking|writing|working|using|citing|having|being|following|when asked) .{2,140}?, (?:he|she|they|it)\b",
        # A noun that tells what a whole sentence was, in the next one without a verb: "A decision that shocked the town."
        r"an? (?:\w+ )?(?:decision|move|claim|step|threat|promise|situation|measure|victory|defeat|gesture|idea|record|sign"
        r"|first|way|charge|charges|accusation|proposal|position|response|reaction) (?:that|which|for|denied|he|she|they)",
        r"(?:in|at|on|during|after|before|since|by|from) [^.]{2,80}, (?:he|she|they)\b",
        # Some words, and then somebody: "When he left", "In 2019, she", "Furnished with notes, it".
        r"(?:when|while|if|as|because|after|before|although|since|until|where) (?:he|she|they)\b",
        rf"(?-i:[A-Z]?[^A-Z,]{{0,60}}),(?-i: [^A-Z,]{{0,50}},)? (?:he|she|they|it{_NOBODY})\b",
        r"(?:today|now|then|later|still|once|soon|there|finally|since then|in fact|in \d{4}) (?:he|she|they)\b",
        r"(?:in|at|on|with|after|before|during|under|by|for|from|despite|because of|according to|among|since|like|to|of)"
        rf" (?:{_THIS}|him\b|them\b)",
    ),
    echoes=(
        rf"\b(?:this|these|those) (?!{_OUR_TIME}|who\b|of\b|is\b|that\b)\w+",
        r"\b(?:this|these|those|him|them|it)\W*$|\bthe former(?=[,.;])|\bthe latter\b",
        r"\bsuch an? \w+\W*$",
    ),
    echoing=words("this these those him them it former latter such"),
    likens=(
        r"\bthe same (?:kind|sort|fate|reason|thing)\b|\bjust (?:hours|days) later\b|^.{0,25}\bof them\b|\bno such \w+",
    ),
    likening=words("same just them such"),
    somebody=(r"he|she|his|her|him",),
    theirs=(rf"^\W*+(?i:(?:because )?(?:when|if|with|in|after|despite|for) (?:his|her|their|its)) {NO_NAME}",),
    epithets=(
        r"the (?:\d+-year-old|\w+ giant|former \w+|young \w+|suspect|victim|singer|actor|actress|film|report|company"
        r"|agency|firm|group|pair|couple|duo|foursome|trio)",
    ),
    first_person=(r"^\W*+(?:I|I['’](?:m|ve|d|ll)|My|We|We['’](?:re|ve|ll)|Our)(?![\w-])",),
    speakers=(
        r"\b(?:he|she|they) (?:said|says|added|adds|told|wrote|explained|continued|warned|claimed|insisted|recalled)\b",
        r"[,\"”] (?:said|says|added|explained|continued|insisted) (?:he|she|they)\b",
    ),
    speaking=words("he she they"),
    somebody_says=(
        r"[,\"”] (?:said|says|added|asked|wrote|explained|recalled|told reporters) the (?!police|government|army|court)"
        r"[^A-Z\"]{3,60}$",
    ),
    says=(r"said|says|told|added|adds|explained|warned|argued",),
    titles=(r"Mrs?\b\.?|Ms\b\.?|Dr\b\.?",),
    days=(
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|March|April|June|July|August|September|October"
        r"|November|December",
    ),
)

_PICTURE = (
    r"(?:(?:file |stock )?(?:photos?|photographs?|images?|pictures?|illustrations?|graphics?)(?: credits?)?|credits?)"
)

_BOILERPLATE = Boilerplate(
    navigation=(
        r"(?:back|return|go|jump) to (?:the )?top(?: of (?:the )?page)?",
        r"skip to (?:main |the )?(?:content|navigation)",
        r"home(?: ?page)?|(?:main )?menu|navigation|advertisement",
        r"print(?: (?:this) (?:article|page|story))?",
        r"share(?: (?:this|on|via)[^.!?。]{0,80})?",
        r"read later|save for later",
        r"follow us[^.!?。]{0,60}",
        r"(?:previous|next) (?:article|post|story|page)s?[^.!?]{0,120}",
        r"copyright[^\n]{0,160}|all rights reserved[^\n]{0,80}",
        r"(?:sign up|subscribe|register) (?:for|to) [^.!?]{0,60}(?:newsletter|updates|alerts|channel)[^\n]{0,40}",
        r"(?:table of contents|in this article)\s?[:：]?",
    ),
    comment_form=(
        r"required fields[^.!?]{0,40}marked[^\n]{0,40}",
        r"(?:leave|post|add|write|submit)(?: a| your)? (?:reply|comment|response)s?",
        r"(?:view|read|show|hide|see|load) (?:all |more )?(?:the )?(?:\d+ )?comments?",
        r"(?:no|\d+) (?:comments?|replies|responses)(?: yet| so far)?\.?",
        r"comments? \(\d+\)",
        r"be the first to (?:comment|reply)[^\n]{0,40}",
        r"(?:log|sign) ?in to (?:comment|reply|post)[^\n]{0,60}",
        r"your (?:e-?mail|email address) will not be published[^\n]{0,80}",
    ),
    comment_field=(
        r"anonymous|nickname|(?:your )?(?:name|e-?mail|site|website|message|comments?)\s?\*?:?",
        r"submit|send|post|reply|sort(?:ed)? by[^.!?]{0,30}",
    ),
    page_head=(
        r"pages? \d{1,4}(?: ?of ?\d{1,4})?",
        r"(?:issue|article|page|document) (?:link|url)\s?:?[^.!?]{0,80}",
        r"(?:view |read |see |browse )?(?:the )?(?:archives?|contents?|articles?|pages?|links?) (?:of|in|on|from) (?:this|the) (?:issue|page|edition|number|volume)",
        r"(?:view|see|browse) (?:the )?(?:archives?|contents?) of [^.!?]{0,120}",
    ),
    read_on=(
        r"(?:click|tap)\b[^.!?]{0,60}\b(?:read|more|full|story|article)\b[^.!?]{0,60}[.!…]*",
        r"(?:continue|keep) reading\b[^.!?]{0,80}[.!…→»]*|read (?:more|on|the (?:full|whole) (?:article|story|text|report))(?: (?:at|on|in|here|about)\b[^.!?]{0,80})?[.!…→»]*",
    ),
    teaser=(
        r"read (?:also|next|more(?=\s?[:：»>]))|also read|more(?=:)|don['’]t miss|see also|you may (?:also )?(?:like|be interested in)",
        r"related(?: (?:articles?|stories|story|news|posts?|content|coverage|reading|links?|topics?))?|recommended (?:for you|reading)",
        r"more (?:on|from) this (?:story|topic|author)|further reading|most (?:read|popular|viewed)|trending(?: now)?",
        r"(?:latest|top|recent) (?:news|stories|articles|posts|comments)",
    ),
    list_label=(r"tags?|topics?|archives?|categor(?:y|ies)",),
    author=(r"by|written by|reported by|author|reporter",),
    keywords=(r"keywords?|tags?|topics?|tagged with",),
    source=(r"sources?|via",),
    section=(r"section|categor(?:y|ies)|filed under",),
    date=(r"(?:last )?(?:updated|modified|revised)(?: on)?|(?:first )?(?:published|posted)(?: on| at)?|date",),
    counter=(
        r"\d[\d ,.]* ?(?:views?|shares?|likes?)",
        r"(?:reading time|read time)\s?:?\s?~?\d+ ?min[a-z]*\.?",
        r"\d+ ?min(?:ute)?s? ?read",
    ),
    kind=(
        r"analys[ie]s|opinion|editorial|comment(?:ary)?|interview|exclusive",
        r"feature|explainer|review|live|breaking(?: news)?|video|update|portrait",
    ),
    notice=(
        # Cookies, accounts, subscriptions, newsletters, apps.
        r"(?:we(?: and our partners)?|this (?:web)?site|our (?:web)?site|by (?:continuing|using|browsing|clicking))[^\n]{0,160}\b(?:uses?|using|accept\w{0,6}|store|storing)\b[^\n]{0,60}(?<![a-z])cookies?(?![a-z])[^\n]{0,300}",
        r"(?:accept|reject|allow|manage)(?: all| my| your)? (?:cookies|preferences)",
        r"by (?:signing up|subscribing|submitting|registering|clicking|creating)[^\n]{0,80} you (?:agree|accept|consent|acknowledge)[^\n]{0,160}",
        r"you (?:can|may) unsubscribe[^\n]{0,80}|unsubscribe at any time[^\n]{0,40}",
        r"(?:sign up|subscribe|register)(?: now| today| here| free)?(?: (?:for|to) (?:our|read|continue|get|receive)\b[^\n]{0,120})?[.!]?",
        r"(?:enter|type) your e-?mail(?: address)?[^\n]{0,60}",
        r"(?:get|receive) (?:our|the|all the) [^\n]{0,80}(?:newsletter|inbox)[^\n]{0,60}",
        r"(?:download|get|install) (?:our|the) (?:free )?(?:mobile )?app\b[^\n]{0,60}",
        r"(?:this (?:article|content|story) is (?:only )?(?:for|available to|reserved for) subscribers|already (?:a|have a) (?:subscriber|subscription|member|account))[^\n]{0,80}",
        # Sharing and following; advertisements; the machine that made the page.
        r"click to (?:share|email|print)\b[^\n]{0,120}",
        r"(?:follow|like|find|join) (?:us|me|him|her|them|the author)? ?on (?:facebook|twitter|x|instagram|linkedin|youtube|telegram|google news|whatsapp)\b[^\n]{0,80}",
        r"like this: ?like ?loading[.…]*|loading[.…]*",
        r"(?:the )?(?:story|article|text) continues (?:below|after)[^\n]{0,60}|scroll (?:down )?(?:to|for) [^\n]{0,40}",
        r"(?:sponsored|promoted|partner)(?: content| links?| stories| posts?)?|around the web|from (?:our partners|around the web)|(?:recommended |powered |proudly powered |by )(?:by )?(?:taboola|outbrain|wordpress|disqus)[^\n]{0,40}",
        r"(?:reader interactions|primary sidebar|footer|secondary menu|main content)",
        r"report(?: an?)? (?:error|correction|problem|abuse)[^\n]{0,60}",
        # Forms for comments.
        r"save my name,[^\n]{0,60} in this browser[^\n]{0,60}",
        r"notify me (?:of|by|when)[^\n]{0,80}",
        r"(?:this site uses akismet|this site is protected by recaptcha|learn how your comment data)[^\n]{0,160}",
        r"leave a (?:reply|comment) ?cancel reply",
    ),
    menu_item=(
        r"(?:log|sign) ?(?:in|out|on)|register|(?:my )?account|profile|search(?: for)?\s?:?|close|open|more|contacts?(?: us)?|about(?: us)?|help|faqs?|newsletters?|apps?|archives?|categories|advertise(?: with us)?|jobs|careers|site ?map|terms(?: (?:of|and|&) (?:use|service|conditions))?|privacy(?: (?:policy|notice|settings))?|cookies?(?: policy| settings| notice)?|rss|subscriptions?|e-?paper|accessibility",
        r"tweet|like|copy link",
        r"news|world|business|politics|sports?|culture|technology|tech|science|health|opinions?|entertainment|travel|lifestyle|arts|videos?|photos?|weather|local|economy|markets|education|environment",
    ),
    credit=(
        rf"{_PICTURE}\s?(?:[:：/©]|by\b|courtesy\b|via\b)\s?[^.!?。\n]{{2,60}}\.?",
        rf"[(\[]\s?{_PICTURE}\s?(?:[:：/©,-]|by\b|courtesy\b|via\b)?[^()\[\]\n]{{0,60}}[)\]]\.?",
        r"(?:file photo|getty images|shutterstock|istock)\.?",
    ),
    about=(r"about",),
    the_author=(r"the author",),
    author_does=(r"(?:is|was|writes|covers|reports|works)\b",),
    you_are_here=(r"you are here",),
    home=(r"home",),
    byline=(r"By",),
    between_names=(r"and|al|bin|ben",),
    office=(r" (?:with|and) (?:agencies|[A-Z]{2,8}|Reuters)", r" leave a comment| \d+ comments?"),
)

PACK = LanguagePack(
    code="en",
    stemmer="english",
    core_stop_words=words("""a about after all also am an and any are as at be because been before being between both
        but by can could did do does doing during each else for from further had has have having he her here hers
        herself him himself his how i if in into is it its itself just me more most my myself no nor not of off on once
        only or other our ours ourselves out over own s same she should so some such t than that the their theirs them
        themselves then there these they this those through to too under until up us very was we were what when where
        which while who whom whose why will with within without would you your yours yourself yourselves ll ve re d m
        don didn doesn isn wasn aren won wouldn couldn shouldn hasn haven hadn"""),
    other_stop_words=words("""able according across actually ago allow allowed allows almost alone along already
        although always among amount another anyone anything appear appropriate area areas around ask asked available
        away back became become becomes began begin behind believe best better big brought call called came case cases
        cause certain certainly clear clearly come comes consider considered concerning consist corresponding couple
        currently day days definitely describe described despite different discussed done down due early either end
        ended enough entirely especially etc even ever every everyone everything evidence exactly example except face
        fact facts far felt few find finds first following found four fully gave general generally get gets give given
        gives go goes going good got great group groups happen hardly hence high higher however hundred important indeed
        indicate indicated information instead interest keep kept kind knew know known knows large largely last lately
        later latest least less let like likely little long longer look made mainly make makes making man many may maybe
        mean means meanwhile member merely might million mine moreover mostly much must namely near nearly necessary
        need needed needs never nevertheless new next nobody none normally nothing novel now nowhere number numbers
        obtained obviously often old one ones onto open order others otherwise outside part parts particular
        particularly past people perhaps place places point points possible potentially present previously probably
        problem problems provides put quite rather really recent recently regarding regardless related relatively
        require result results right said saw say saying says second see seem seemed seems seen several shall show
        showed shown shows side similar similarly since small something sometimes somewhat soon state still sub sure
        take taken takes taking tell tends thing things think third thought three throughout thus time times today
        together told took toward towards try turn two type unless unlike upon use used useful uses using usually value
        various versus via want wanted wants way ways well went whatever whenever whereas wherever whether whole wide
        widely willing work worked works world year years yes yet zero"""),
    question_words=words("what when where which who whom whose why how many much long often far old"),
    before_names=words("""mr mrs ms messrs dr drs prof gen adm sen rep gov pres lt col maj capt cmdr sgt cpl st ste mt
        ft rev hon sr hr eng asst supt det insp amb atty i.e e.g cf viz vs op.cit ibid approx incl resp"""),
    before_numbers=words("p pp no nos nr num art arts vol vols fig figs ch chap sec sect para § ext"),
    may_end=words("""co corp inc ltd llc plc bros jr sr esq univ dept est assn ave blvd rd mtn jan feb mar apr jun jul
        aug sep sept oct nov dec min max sec hr hrs mon tue wed thu fri sat sun ph.d m.d b.a m.a d.c"""),
    also_words=words("sat sun wed"),
    base_forms=forms(
        """
        arise arose arisen | awake awoke awoken | bear bore borne | beat beaten | become became | begin began begun
        bend bent | bind bound | bite bit bitten | bleed bled | blow blew blown | break broke broken | breed bred
        bring brought | build built | burn burnt | buy bought | catch caught | choose chose chosen | cling clung
        come came | creep crept | deal dealt | dig dug | draw drew drawn | dream dreamt | drink drank drunk
        drive drove driven | eat ate eaten | fall fell fallen | feed fed | feel felt | fight fought | find found | flee fled
        fly flew flown | forbid forbade forbidden | forget forgot forgotten | forgive forgave forgiven | freeze froze frozen
        get got gotten | give gave given | go went gone | grind ground | grow grew grown | hang hung | hear heard
        hide hid hidden | hold held | keep kept | kneel knelt | know knew known | lay laid | lead led | learn learnt
        leave left | lend lent | light lit | lose lost | make made | mean meant | meet met | mistake mistook mistaken
        pay paid | prove proven | ride rode ridden | ring rang rung | rise rose risen | run ran | say said | see saw seen
        seek sought | sell sold | send sent | shake shook shaken | shine shone | shoot shot | show shown | shrink shrank shrunk
        sing sang sung | sink sank sunk | sit sat | sleep slept | slide slid | speak spoke spoken | spend spent | spin spun
        spring sprang sprung | stand stood | steal stole stolen | stick stuck | strike struck | strive strove striven
        swear swore sworn | sweep swept | swim swam swum | swing swung | take took taken | teach taught | tear tore torn
        tell told | think thought | throw threw thrown | understand understood | wake woke woken | wear wore worn
        weave wove woven | weep wept | win won | withdraw withdrew withdrawn | wind wound | write wrote written
        child children | foot feet | goose geese | man men | mouse mice | tooth teeth | woman women
        life lives | wife wives | leaf leaves | half halves | knife knives | wolf wolves
        bacterium bacteria | medium media | criterion criteria | phenomenon phenomena | nucleus nuclei
        good better best | bad worse worst | big bigger biggest | large larger largest | long longer longest
        high higher highest | great greater greatest | small smaller smallest | old older oldest | young younger youngest
        short shorter shortest | strong stronger strongest | fast faster fastest | early earlier earliest | late later latest
        wide wider widest | deep deeper deepest | rich richer richest | poor poorer poorest | near nearer nearest
        busy busier busiest | heavy heavier heaviest | low lower lowest | new newer newest | wealthy wealthier wealthiest
        """
    ),
    judged=True,
    pointing=_POINTING,
    asks_what=(
        r"^\W*(?:what|who)(?:['’]s| is| are| was| were) (?:an? |the )?([^?]+?)\W*$"
        r"|^\W*what does ([^?]+?) (?:mean|stand for)\W*$"
    ),
    tells_what=(
        r"(?:,? (?:which |who )?(?:is|are|was|were|has been|remains|became)(?: \w+ly| also| now| still)?"
        r" (?:an?|the|one of|\w+['’]s|when|where)\b"
        r"|,? (?:stands? for|means|refers? to|describes|denotes|is called|is known as|consists of|is defined)\b"
        r"|(?:,| ?[—–-]) (?:an?|the|one of|who|which|\w+['’]s)\b|, \d\d\b| \()"
    ),
    asks_when=r"when|(?:what|which) (?:year|date|day|month|century|decade|time)|since when",
    asks_how_many=(
        r"how (?:many|much|old|long|far|tall|large|big|high|fast|often)"
        r"|what (?:percent(?:age)?|number|amount|proportion|population|age|price|size|share)"
    ),
    date_words="january|february|march|april|may|june|july|august|september|october|november|december|century|decade",
    number_words=(
        "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundreds?|thousands?|millions?|billions?"
        "|half|third|quarter"
    ),
    boilerplate=_BOILERPLATE,
    names=("英文", "anglaise"),
    month_spellings={"sept": 9},
    calendar=Calendar(
        units={
            "hours": "h hr hrs hour hours",
            "days": "d day days",
            "weeks": "w wk week weeks",
            "months": "m mo month months",
            "years": "y yr year years",
        },
        days_ago=("today", "yesterday"),
        weekdays=(
            "monday mon",
            "tuesday tue",
            "wednesday wed",
            "thursday thu",
            "friday fri",
            "saturday sat",
            "sunday sun",
        ),
        before_age="last ",
        after_age=" ago",
    ),
    figure_units={
        "trillion": 1e12,
        "trillions": 1e12,
        "billion": 1e9,
        "billions": 1e9,
        "bn": 1e9,
        "million": 1e6,
        "millions": 1e6,
        "thousand": 1e3,
    },
    correction=r"(?:correct(?:ion|ed)|clarification|errat(?:um|a))\b",
    negation=r"\b(?:not|no|never|without)\b|n['’]t\b",
    of_the_page=(
        r"\b(?:updated|modified|revised|reviewed|refreshed|generated|retrieved)\b"
        r"|\b(?:visits|visitors?|views|viewers|clicks|likes|shares|followers|subscribers|readers (?:now|today|online))\b"
        r"|\b(?:are|is) (?:reading|viewing|watching) this\b|\bonline now\b|\btoday is\b|\blocal time\b|\bcopyright\b"
    ),
)
