"""Italian."""

from briefs.languages.pack import LanguagePack, words

PACK = LanguagePack(
    code="it",
    stemmer="italian",
    core_stop_words=words("""a abbiamo ad agli ai al alla alle allo anche ancora avere aveva c che chi ci cio coi col
        come con contro cui d da dagli dai dal dalla dalle dallo degli dei del della delle dello di dopo dove e ed era
        erano essere fa fra fu gia gli ha hanno ho i il in io l la le lei li lo loro lui m ma mentre mi mia mio molto ne
        negli nei nel nella nelle nello no noi non nostro o ogni ora per perche piu po poi prima pur qual quale quali
        quando quanto quasi quel quella quelle quelli quello questa queste questi questo qui s se sei senza si sia sono
        sopra sotto sta stata stati stato su sua sue sugli sui sul sulla sulle suo suoi te ti tra tu tutta tutte tutti
        tutto un una uno v vi voi"""),
    other_stop_words=words("""abbastanza accanto adesso alcune alcuni allora almeno altra altre altri altro altrimenti
        anni anno appena attraverso avanti avevano bene basta buono caso certo ciascuno cinque circa comunque cosa cosi
        davanti deve devono dice dietro dire diverse due dunque durante ecco entro esempio fare fatto fino forse fuori
        giorni giorno grande grandi gruppo ieri infatti insieme intanto inoltre invece lungo mai maggiore mediante
        meglio meno mesi mezzo modo nessuna nessuno niente nuova nuovo oggi oltre ognuno oppure parte peggio pero
        persino poco possono posto prossimo primo proprio pure puo quattro qualche qualcosa quindi recente sara secondo
        sempre solito solo soltanto spesso stesso subito tale tanto tempo tre ultimo vari verso vicino volta volte"""),
    question_words=words("che chi cosa quando dove come perche quale quali quanto quanta quanti quante"),
    before_names=words("sig sigg dott avv ing arch on"),
    may_end=words("al"),
    also_words=words("on"),
    asks_when=r"quando|(?:che|quale|qual) (?:anno|giorno|data|mese|secolo)",
    asks_how_many=r"quant[oaie]s?",
    date_words="gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre",
    number_words="due|tre|quattro",
    of_the_page=(
        r"\b(?:aggiornat|modificat|revisionat|generat)[oaie]\b|\baggiornamento\b"
        r"|\b(?:visite|visitatori|visualizzazioni|iscritti)\b|\boggi è\b|\bora locale\b"
    ),
)
