"""German."""

from briefs.languages.pack import Boilerplate, LanguagePack, words

PACK = LanguagePack(
    code="de",
    stemmer="german",
    core_stop_words=words("""aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch
        auf aus bei bin bis bist da damit dann das dass dasselbe dazu dein deine dem den denn der des dessen deren die
        dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch
        euer fur gegen gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren
        ihrer im in ins ist ja jede jedem jeden jeder jedes jene kann kein keine keinem keinen keiner konnen konnte mal
        man manche mein meine mich mir mit muss musste nach nicht nichts noch nun nur ob oder ohne sehr sein seine
        seinem seinen seiner selbst sich sie sind so solche soll sollte sondern sonst uber um und uns unser unter viel
        vom von vor wahrend war waren warum was weil weiter welche welcher wenn wer werde werden wie wieder will wir
        wird wo wollen wurde wurden zu zum zur zwar zwischen"""),
    other_stop_words=words("""ab allerdings bald beide beiden beim bereits besonders besser bisher dabei dadurch dafur
        dagegen daher dahin damals danach daneben darauf daraus darf darin daruber darum darunter davon davor dennoch
        deshalb drei eben ebenso eigentlich einfach einige einigen einmal erst ersten ersten etwa fast fruher ganz gar
        gegenuber gerade gern gibt ging grosse grossen gut immer insgesamt jahr jahre jahren jetzt kaum kommen konnten
        lange lassen lasst leicht letzten machen macht mehr mehrere moglich mussen neben neue neuen nie niemand oben oft
        schon seit seitdem sogar spater tag teil trotz uhr viele vielen vielleicht vier weit wenig weniger wohl zeit
        zuerst zunachst zusammen zwei"""),
    question_words=words("""wer wen wem wessen was wann wo wohin woher warum weshalb wieso wie welche welcher welches
        viele"""),
    before_names=words("frau z.b d.h u.a bzw ca ggf vgl evtl inkl"),
    before_numbers=words("bd abs ziff s bl"),
    may_end=words("gmbh ag"),
    asks_when=r"wann|welche[mns]? (?:jahr|tag|datum|monat)",
    asks_how_many=r"wie ?viele?|wie (?:alt|lange|hoch|gross|weit)",
    date_words="januar|februar|marz|juni|juli|oktober|dezember",
    number_words="zwei|drei|vier|funf|zehn",
    boilerplate=Boilerplate(byline=(r"Von",), between_names=(r"von|van",)),
    quotation_marks=("„", "“"),
    month_spellings={"mrz": 3, "maerz": 3},
    ordinal_dot=True,
    capital_nouns=True,
    of_the_page=(
        r"\b(?:aktualisiert|überarbeitet|generiert|abgerufen)\b|\bzuletzt geändert\b|\bstand\b ?:"
        r"|\b(?:besuche|besucher|aufrufe|klicks|abonnenten)\b|\bheute ist\b|\bortszeit\b"
    ),
)
