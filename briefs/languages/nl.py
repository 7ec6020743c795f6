"""Dutch."""

from briefs.languages.pack import LanguagePack, words

PACK = LanguagePack(
    code="nl",
    stemmer="dutch",
    core_stop_words=words("""aan al alles als altijd andere ben bij daar dan dat de der des deze die dit doch doen door
        dus een eens en er ge geen geweest haar had hadden heb hebben heeft hem het hier hij hoe hun iemand iets ik in
        is ja je kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook
        op over reeds te tegen toch toen tot u uit uw van veel voor want waren was wat waar waarom welke wel werd werden
        wezen wie wil worden wordt zal ze zelf zich zij zijn zo zonder zou zouden"""),
    other_stop_words=words("""achter af alleen anders beetje beide beter binnen boven bovendien buiten daarna daarom dag
        dagen dezelfde dicht direct drie echter eerst eerste elk elke enkele even gaan gaat gedaan gehad gemaakt genoeg
        gewoon goed groot grote hele hierdoor iedereen ieder immers inmiddels jaar jaren keer komen komt laat laatste
        maken mee meest meeste mensen minder misschien moeten mogelijk nadat naast niemand nieuw nieuwe nooit ongeveer
        ooit opnieuw pas rond samen sinds soms steeds straks tegenover ten terug terwijl tijd tijdens toe tussen twee
        vaak vanaf vandaag vanwege verder vier volgens volgende vooral vrij wanneer weer weinig zeer zelfs zeker zien
        zoals"""),
    question_words=words("wie wat wanneer waar waarom hoe welke welk hoeveel"),
    before_names=words("dhr mevr mej ir bijv"),
    asks_when=r"wanneer|welke? (?:jaar|dag|datum|maand)",
    asks_how_many=r"hoeveel|hoe (?:oud|lang|groot|hoog|ver)",
    date_words="maart|mei|augustus",
    of_the_page=(
        r"\b(?:bijgewerkt|gewijzigd|herzien|gegenereerd)\b"
        r"|\b(?:bezoeken|bezoekers|weergaven|abonnees)\b|\bvandaag is\b|\blokale tijd\b"
    ),
)
