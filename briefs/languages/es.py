"""Spanish."""

from briefs.languages.pack import LanguagePack, words

PACK = LanguagePack(
    code="es",
    stemmer="spanish",
    core_stop_words=words(
        """
        a al algo algunas algunos ante antes aquel aquella aquellos asi aun aunque bajo bien cada casi como
        con contra cual cuales cuando cuanto de del desde donde dos durante e el ella ellas ellos en entre era
        eran es esa esas ese eso esos esta estaba estado estan estar estas este esto estos fue fueron ha habia
        han hasta hay la las le les lo los mas me mi mientras mis mismo mucho muy nada ni no nos nosotros o os
        otra otras otro otros para pero poco por porque pues que quien quienes se sea segun ser si sido sin
        sino sobre son su sus tambien tan tanto te tener tiene tienen toda todas todo todos tras tu tus un una
        unas uno unos y ya yo
        """
    ),
    other_stop_words=words(
        """
        ademas ahi ahora alguien alguna alguno alli alrededor anos ano aqui atras ayer buen buena cerca cierto
        cinco claro cuatro da dado dar debe deben debido decir dentro despues detras dia dias dice dijo
        distintos ejemplo embargo encima entonces estuvo fin fuera gran grande grandes hace hacen hacer hacia
        haya hecho hizo hoy igual incluso jamas junto lado largo luego lugar manera mayor medio mejor menos
        mil modo momento nadie ningun ninguna nuestra nuestro nueva nuevo nunca ocho parte partir pasado
        podria podra poder pronto primer primera proximo puede pueden quiza quizas realizar respecto seis
        semana sera seria siempre siete siguiente solo suele tal tampoco tarde tiempo total trata traves tres
        ultima ultimo usted va vamos varias varios vez veces ver
        """
    ),
    question_words=words("que quien quienes cuando donde como por cual cuales cuanto cuanta cuantos cuantas"),
    before_names=words("sra srta dra ud uds vd exc excmo lic ej"),
    asks_when=r"cuando|(?:que|cual) (?:ano|dia|fecha|mes|siglo)",
    asks_how_many=r"cuant[oa]s?",
    date_words="enero|febrero|marzo|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre",
    number_words="dos|tres|cuatro|cinco|diez",
)
