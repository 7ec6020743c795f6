"""Portuguese."""

from briefs.languages.pack import LanguagePack, words

PACK = LanguagePack(
    code="pt",
    stemmer="portuguese",
    core_stop_words=words("""a ainda alem algum alguma alguns ao aos apenas apos aquela aquele aqueles aquilo as assim
        ate cada com como contra da das de dela dele deles depois desde do dos durante e ela elas ele eles em entre era
        eram essa essas esse esses esta estao estas estava este estes eu foi for foram ha isso isto ja la lhe lhes mais
        mas me mesmo meu minha muito na nao nas nem no nos nossa nosso num numa o onde os ou para pela pelas pelo pelos
        per pode pois por porque porquanto quais qual quando quanto que quem se seja sem sendo ser seu seus sido so sob
        sobre sua suas tambem tao te tem tinha toda todas todo todos tu um uma umas uns"""),
    other_stop_words=words("""acima agora ali alias amanha anos ano antes aqui atras atual bastante bem bom boa cerca
        certo cima cinco claro conforme dar deve devem dia dias dentro diante disse dizer dois duas embora enquanto
        entao exemplo fazer faz feito fez fim fora geral grande grandes hoje hora lado lugar logo longe maior maioria
        maneira meio melhor menos mes momento muita muitos nada nenhum ninguem nova novo nunca ontem outra outras outro
        outros parte partir perto pouco podem poder possivel primeira primeiro proprio proxima qualquer quase quatro
        quer seis sempre segundo sera seria sim talvez tal tanto tarde tempo ter teve tipo tres tudo ultimo usa vai
        varios vez vezes"""),
    question_words=words("que quem quando onde como porque qual quais quanto quanta quantos quantas"),
    asks_when=r"(?:que|qual) (?:ano|dia)",
    date_words="janeiro|fevereiro|junho|julho|setembro|outubro|novembro|dezembro",
    of_the_page=(
        r"\b(?:atualizad|modificad|revist|gerad)[oa]s?\b|\batualização\b"
        r"|\b(?:visitas|visitantes|visualizações|inscritos)\b|\bhoje é\b|\bhora local\b"
    ),
)
