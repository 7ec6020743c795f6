"""Abbreviations that a full stop follows, in lower case without the stop: data for `sentences`.

Written for this project. One table serves all languages: a stop after one of them in another language is rare, and a
text often names people and firms in another language than its own.
"""

# A name or a noun follows: these never end a sentence.
BEFORE_NAMES = frozenset(
    """
    mr mrs ms messrs dr drs prof gen adm sen rep gov pres lt col maj capt cmdr sgt cpl st ste mt ft rev hon fr sr
    sra srta dra mm mme mmes mlle mlles mgr pr me hr frau dhr mevr mej ir drs sig sigg dott avv ing arch on ud uds
    vd exc excmo lic eng asst supt det insp amb atty г ул им гр тов акад проф тыс млн млрд руб т.е т.к т.п z.b d.h
    u.a bzw ca ggf vgl evtl inkl bijv i.e e.g cf viz vs p.ex ej op.cit ibid apr.j.-c av.j.-c approx env incl resp
    """.split()  # noqa: SIM905 - a list of words is read as one
)
# A number follows; what else follows starts a sentence.
BEFORE_NUMBERS = frozenset(
    """
    p pp no nos n° nº nr num art arts vol vols fig figs ch chap sec sect para § éd ed tel tél ext bd abs ziff s bl
    стр рис табл
    """.split()  # noqa: SIM905 - a list of words is read as one
)
# They may end a sentence: told by the next word.
MAY_END = frozenset(
    """
    co corp inc ltd llc plc bros jr sr esq cie sté ets gmbh ag univ dept est assn ave blvd rd mtn jan feb mar apr
    jun jul aug sep sept oct nov dec janv févr avr juil déc al min max sec hr hrs mon tue wed thu fri sat sun ph.d
    m.d b.a m.a d.c
    """.split()  # noqa: SIM905 - a list of words is read as one
)
# Words as well, unless they have a capital: "She told me. Peter left", "He sat. Peter left".
ALSO_WORDS = frozenset(("me", "on", "sat", "sun", "wed"))
