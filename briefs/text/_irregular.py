"""English forms that no stemmer takes to their dictionary form: `take took taken`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_FORMS = """
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

BASE_FORMS: Mapping[str, str] = MappingProxyType(
    {
        form: base
        for forms in _FORMS.replace("\n", "|").split("|")
        for base, *others in [forms.split() or [""]]
        for form in others
    }
)
