"""Spanish."""

from briefs.languages.pack import NO_NAME, Boilerplate, LanguagePack, Pointing, words

_OUR_TIME = (
    r"(?:año|mes|semana|día|mañana|tarde|noche|madrugada|mediodía|verano|invierno|otoño|primavera|temporada|siglo|curso"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|\d+|últim[oa]s?)\b"
)
_THIS = rf"(?:est[ea]|es[ea]|aquel(?:la)?|est[oa]s|es[oa]s|aquell[oa]s|dich[oa]s?)\b(?! {_OUR_TIME})"
# A verb without a name before it is somebody's who was named before.
_SAID = (
    r"(?:dijo|dice|añadió|añade|explicó|explica|aseguró|asegura|señaló|señala|afirmó|afirma|indicó|indica|agregó|insistió"
    r"|insiste|concluyó|sostuvo|sostiene|recordó|recuerda|advirtió|precisó|destacó|subrayó|apuntó|lamentó|declaró|contó)"
)

_POINTING = Pointing(
    opens=(
        _THIS,
        r"(?:él|ella|ellos|ellas|ello|esto|eso|aquello|este|éste|ésta|éstos|éstas|su|sus|le|les|lo|pero|sino|aunque también"
        r"|y|e|o|así|además|también|tampoco|entonces|luego|después|antes|sin embargo|no obstante|por (?:eso|ello|tanto|esto"
        r"|otro lado|otra parte|su parte|ejemplo|último|consiguiente)|en (?:cambio|consecuencia|efecto|resumen|definitiva"
        r"|concreto)|de (?:hecho|ahí|este modo|esta forma|esta manera|ese modo)|al (?:contrario|mismo tiempo)|a su vez|ambos"
        r"|ambas|otr[oa]s?|mientras tanto|asimismo|finalmente|por lo que|lo mismo|del mismo modo|para ello|entre ell[oa]s)\b",
        r"(?:el|la|los|las) (?:primer[oa]s?|segund[oa]s?|tercer[oa]s?|últim[oa]s?|otr[oa]s?|mism[oa]s?)"
        r"(?= (?:es|era|fue|está|tiene|ha|en|con|se)\b|,)",
        r"l[oa]s (?:dos|tres|cuatro|cinco)(?= \w+n\b)",
        r"(?:en|con|por|para|sobre|tras|desde|según|contra|ante|entre|a|de|sin|durante|bajo)"
        rf" (?:{_THIS}|(?:él|ellos|ellas?|ello|esto|eso)\b)",
        r"\w+ \w+ (?:después|antes|más tarde)\b",
        rf"(?:(?:se|le|les|lo|la) )?{_SAID}\b",
        r"una? (?:decisión|medida|situación|amenaza|victoria|derrota|respuesta|reacción|propuesta|acusación|cifra|idea)"
        r"(?: \w+)? que\b",
    ),
    echoes=(
        rf"\b(?:est[ea]|es[ea]|est[oa]s|es[oa]s|aquel(?:la|los|las)?|dich[oa]s?) (?!{_OUR_TIME})\w+|\b(?:esto|eso|ello)\b",
        r"\b(?:de|con|para|por|contra|entre|según|a|en|sobre) (?:él|ell[oa]s?)\b",
        r"\b(?:el|la) mism[oa]\W*$|\bl[oa]s mism[oa]s\W*$",
    ),
    echoing=words(
        "este esta ese esa estos estas esos esas aquel aquella aquellos aquellas dicho dicha dichos dichas esto eso ello"
        " él ella ellos ellas mismo misma mismos mismas"
    ),
    somebody=(r"él|ellos|ellas",),
    theirs=(rf"^\W*+(?i:según|con|en|tras|desde|por|para|si) (?:su|sus) {NO_NAME}",),
    epithets=(
        r"(?:el|la) (?:joven|niñ[oa]|anciano|anciana|víctima|sospechos[oa]|cantante|actor|actriz|exministr[oa]|detenid[oa]"
        r"|película|informe|empresa|compañía|grupo|libro|texto|documento)",
    ),
    first_person=(r"^\W*+(?:Yo|Mi|Mis|Me|Nos|Nosotr[oa]s|Nuestr[oa]s?)(?![\w-])",),
    speakers=(rf"[,\"”»] {_SAID}(?: (?:él|ellos|ellas?))?\W*$",),
    speaking=words(
        "dijo dice añadió añade explicó explica aseguró asegura señaló señala afirmó afirma indicó indica agregó insistió"
        " insiste concluyó sostuvo sostiene recordó recuerda advirtió precisó destacó subrayó apuntó lamentó declaró contó"
    ),
    somebody_says=(
        rf"[,\"”»] (?:ha |han )?{_SAID} (?:el|la|los|las|un|una) (?!policía|gobierno|ejército|fiscalía|tribunal|guardia)"
        r"[^A-ZÀ-ÖØ-Þ\"«]{3,60}$",
    ),
    says=(r"dijo|dice|explicó|explica|afirmó|afirma|aseguró|asegura|añadió|señaló",),
    titles=(r"Sr\.|Sra\.|Srta\.|Dra\.|D\.|Dña\.",),
)

_PICTURE = r"(?:foto(?:grafía)?s?|im[aá]gen(?:es)?|ilustraci(?:ón|ones)|vídeos?)"

_BOILERPLATE = Boilerplate(
    navigation=(
        r"(?:volver|ir|subir) (?:arriba|al (?:inicio|principio|contenido)(?: principal)?)",
        r"saltar al contenido(?: principal)?|inicio|portada|menú|publicidad|anuncio",
        r"imprimir(?: (?:este )?artículo)?|compartir(?: (?:este artículo|en|por|vía)[^.!?]{0,80})?|guardar para (?:más tarde|después)",
        r"síguenos[^.!?]{0,60}|(?:artículo|noticia|página) (?:anterior|siguiente)[^.!?]{0,120}",
        r"todos los derechos reservados[^\n]{0,80}",
        r"(?:sumario|índice|en este artículo)\s?:?",
    ),
    comment_form=(
        r"(?:deja|dejar|escribe|escribir|añade|añadir|publicar|envía) (?:un|tu|su) (?:comentario|respuesta|opinión)",
        r"(?:ver|leer|mostrar|ocultar) (?:todos )?(?:los )?(?:\d+ )?comentarios|(?:sin|no hay|\d+) comentarios?(?: todavía| aún)?\.?|comentarios \(\d+\)",
        r"(?:inicia sesión|regístrate|identifícate) para (?:comentar|responder|opinar)[^\n]{0,40}",
        r"sé el primero en (?:comentar|opinar)[^\n]{0,40}|(?:tu|su) (?:dirección de )?correo electrónico no será publicad[oa][^\n]{0,80}",
        r"los campos[^.!?]{0,40}obligatorios[^\n]{0,40}",
    ),
    comment_field=(
        r"anónimo|(?:tu |su )?(?:nombre|correo electrónico|mensaje|comentarios?)\s?\*?:?|enviar|publicar|responder",
    ),
    page_head=(r"págs?\. ?\d{1,4}|páginas? \d{1,4}(?: ?de ?\d{1,4})?",),
    read_on=(
        r"(?:haz|haga|pulsa|pulse|pincha|pinche)(?: clic)?\b[^.!?]{0,60}\b(?:leer|más|artículo|noticia|aquí)\b[^.!?]{0,60}[.!…]*",
        r"(?:seguir|sigue|continuar|continúa) leyendo\b[^.!?]{0,80}[.!…→»]*|(?:leer|saber) más(?: sobre [^.!?]{0,60})?[.!…→»]*",
    ),
    teaser=(
        r"lee(?:r)? también|lea también|te puede interesar|(?:noticias|artículos) relacionad[oa]s|más (?:información|noticias)(?=:)|lo más (?:leído|visto)|últimas noticias|ver también",
    ),
    list_label=(r"etiquetas?|temas?|archivado en|categorías?",),
    author=(r"por|autora?|escrito por|redactado por|texto de|redactora?|periodista",),
    keywords=(r"palabras clave|etiquetas?|temas",),
    source=(r"fuentes?|vía",),
    section=(r"sección|categoría|archivado en|publicado en",),
    date=(
        r"(?:última )?actualiza(?:ción|do)(?: el| a las)?|actualizad[oa](?: el)?|publicad[oa](?: el)?|fecha(?: de publicación)?|modificado(?: el)?",
    ),
    counter=(
        r"\d[\d ,.]* ?(?:visitas|veces compartido|me gusta)",
        r"(?:tiempo de )?lectura\s?:?\s?~?\d+ ?min[a-z]*\.?|\d+ ?min(?:utos?)? de lectura",
    ),
    kind=(
        r"análisis|opinión|editorial|entrevista|exclusiva|reportaje|tribuna|crónica|directo|última hora|vídeo|perfil",
    ),
    notice=(
        r"(?:utilizamos|usamos|nosotros(?: y nuestros socios)?|est[ea] (?:sitio|web|página)|nuestr[oa] (?:sitio|web)|al (?:continuar|navegar))[^\n]{0,160}(?<![a-z])cookies?(?![a-z])[^\n]{0,300}",
        r"(?:aceptar|rechazar|gestionar|configurar)(?: todas)?(?: las)? (?:cookies|preferencias)|aceptar (?:todo|y continuar)",
        r"al (?:suscribirte|registrarte|hacer clic|enviar)[^\n]{0,80} (?:aceptas|acepta|consientes)[^\n]{0,160}",
        r"(?:suscríbete|suscríbase|regístrate|regístrese|inscríbete)(?: (?:gratis|a (?:nuestr[oa]|la)|para|y)\b[^\n]{0,120})?[.!]?",
        r"(?:introduce|escribe|tu|su) (?:tu |su )?correo electrónico[^\n]{0,60}|recib[ea] (?:cada|todas|nuestr|gratis|en tu)[^\n]{0,120}(?:newsletter|boletín|correo|bandeja)[^\n]{0,60}",
        r"descarga (?:nuestra|la) (?:app|aplicación)\b[^\n]{0,60}",
        r"(?:este (?:artículo|contenido) es (?:solo |exclusivo )?para suscriptores|contenido exclusivo para suscriptores|¿?ya eres suscriptor)[^\n]{0,80}",
        r"haz clic para (?:compartir|enviar|imprimir)\b[^\n]{0,120}|(?:síguenos|sígueme|únete a nosotros) en [^\n]{0,80}|cargando[.…]*",
        r"contenido (?:patrocinado|ofrecido por)[^\n]{0,40}|(?:la )?(?:noticia|información) continúa[^\n]{0,60}",
        r"guarda(?:r)? mi nombre,[^\n]{0,160}|este sitio usa akismet[^\n]{0,160}|deja una respuesta ?cancelar la respuesta",
    ),
    menu_item=(
        r"iniciar sesión|acceder|entrar|regístrate|registrarse|mi cuenta|suscríbete|suscripciones|buscar|cerrar|contacto|contáctanos|quiénes somos\s?\??|ayuda|aviso legal|mapa del sitio|política de (?:privacidad|cookies)|condiciones de uso|boletines|hemeroteca",
        r"me gusta|copiar enlace|enviar por (?:correo|e-?mail)",
        r"noticias|actualidad|internacional|españa|política|economía|sociedad|deportes|cultura|ciencia|salud|tecnología|opinión|sucesos|vídeos|el tiempo|medio ambiente|educación|gente|televisión",
    ),
    credit=(
        rf"{_PICTURE}\s?(?:[:/©]|de\b|por\b|cedida por\b)\s?[^.!?\n]{{2,60}}\.?",
        rf"[(\[]\s?{_PICTURE}\s?(?:[:/©,-]|de\b|por\b|de archivo)?[^()\[\]\n]{{0,60}}[)\]]\.?|(?:foto|imagen) de archivo\.?",
    ),
    about=(r"sobre|acerca de",),
    the_author=(r"(?:el|la) autora?",),
    author_does=(r"(?:es|escribe|cubre|trabaja)\b",),
    you_are_here=(r"(?:usted )?est[áa]s? (?:usted )?(?:aquí|en)",),
    home=(r"inicio|portada",),
    byline=(r"Por",),
    between_names=(r"y|del|los|las|de los|de las",),
    office=(r" (?:con|y) (?:agencias|[A-Z]{2,8}|Reuters)",),
)

PACK = LanguagePack(
    code="es",
    stemmer="spanish",
    core_stop_words=words("""a al algo algunas algunos ante antes aquel aquella aquellos asi aun aunque bajo bien cada
        casi como con contra cual cuales cuando cuanto de del desde donde dos durante e el ella ellas ellos en entre era
        eran es esa esas ese eso esos esta estaba estado estan estar estas este esto estos fue fueron ha habia han hasta
        hay la las le les lo los mas me mi mientras mis mismo mucho muy nada ni no nos nosotros o os otra otras otro
        otros para pero poco por porque pues que quien quienes se sea segun ser si sido sin sino sobre son su sus
        tambien tan tanto te tener tiene tienen toda todas todo todos tras tu tus un una unas uno unos y ya yo"""),
    other_stop_words=words("""ademas ahi ahora alguien alguna alguno alli alrededor anos ano aqui atras ayer buen buena
        cerca cierto cinco claro cuatro da dado dar debe deben debido decir dentro despues detras dia dias dice dijo
        distintos ejemplo embargo encima entonces estuvo fin fuera gran grande grandes hace hacen hacer hacia haya hecho
        hizo hoy igual incluso jamas junto lado largo luego lugar manera mayor medio mejor menos mil modo momento nadie
        ningun ninguna nuestra nuestro nueva nuevo nunca ocho parte partir pasado podria podra poder pronto primer
        primera proximo puede pueden quiza quizas realizar respecto seis semana sera seria siempre siete siguiente solo
        suele tal tampoco tarde tiempo total trata traves tres ultima ultimo usted va vamos varias varios vez veces
        ver"""),
    question_words=words("que quien quienes cuando donde como por cual cuales cuanto cuanta cuantos cuantas"),
    before_names=words(
        "sra srta dra sres sras dres profa dña dn gral cnel ud uds vd vds exc excmo excma lic ee cc jj ff rr ej arq hnos"
    ),
    before_numbers=words("pág págs núm núms apdo tfno"),
    may_end=words("uu aa oo hh avda admón cía"),
    asks_when=r"cuando|(?:que|cual) (?:ano|dia|fecha|mes|siglo)",
    asks_how_many=r"cuant[oa]s?",
    date_words="enero|febrero|marzo|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|siglo|decada",
    number_words="dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|veinte|treinta|cien|cientos|mil|miles|millones|mitad|tercio",
    names=("castellano",),
    quotation_marks=("«", "»"),
    figure_units={"mil": 1e3, "millón": 1e6, "millones": 1e6, "mil millones": 1e9, "billón": 1e12, "billones": 1e12},
    correction=r"(?:fe de errat(?:a|as)|correcci(?:ón|ones)|rectificación|aclaración)\b",
    negation=r"\b(?:nunca|jamás|sin|ningún|ningun[oa]s?)\b",
    pointing=_POINTING,
    boilerplate=_BOILERPLATE,
    of_the_page=(
        r"\b(?:actualizad|modificad|revisad|generad)[oa]s?\b|\bactualización\b"
        r"|\b(?:visitas|visitantes|vistas|clics|suscriptores)\b|\bhoy es\b|\bhora local\b"
    ),
)
