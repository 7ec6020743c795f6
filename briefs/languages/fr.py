"""French."""

from briefs.languages.pack import LanguagePack, words

PACK = LanguagePack(
    code="fr",
    stemmer="french",
    core_stop_words=words(
        """
        a afin ai ainsi ait alors apres as au aucun aucune aussi autre autres aux avaient avait avant avec
        avoir avons ayant bien c car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez
        ci comme comment contre d dans de dela des deux doit donc dont du durant elle elles en encore entre es
        est et etaient etait etant ete etes etre eu eux fait font fut furent grace hors il ils j je jusqu
        jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsqu lorsque lui m ma mais me
        meme memes mes moi moins mon n ne ni non nos notre nous nul on ont ou par parce pas pendant peu peut
        peuvent plus pour pourquoi puis puisqu puisque qu quand que quel quelle quelles quels qui quoi s sa
        sans se selon sera seront ses si soit son sont sous suis sur t ta tandis te tel telle telles tels tes
        toi ton tous tout toute toutes tres tu un une vers voici voila vos votre vous y
        """
    ),
    other_stop_words=words(
        """
        abord absolument actuel actuellement ailleurs allaient aller allons an annee annees ans apparemment
        aupres auquel aura auraient aurait auront autant autour autrement auxquels avais avez beaucoup bon
        bonne bref cas cause certain certaine certaines certains cent cinq combien compris concernant debut
        dedans dehors deja depuis derniere dernier derniers dernieres derriere desormais dessous dessus devant
        devra devrait differents dire dit dite dits divers dix doivent duquel effet egalement enfin ensemble
        ensuite environ eventuellement exemple facon faire faisait faisant faut fin fois force generalement
        grand grande grandes grands gros haut heure heures hier huit ici important indique jamais jour jours
        juste laisser loin long longtemps maintenant maniere malgre mettre mieux mille million millions
        milliards mis mise mois moment neanmoins neuf nombre nombreuses nombreux notamment nouveau nouveaux
        nouvel nouvelle nouvelles objet partie parfois parmi partir partout permet personne personnes petit
        petite petits peut-etre place plupart plusieurs plutot point pourra pourrait pouvait pouvoir pres
        premier premiere premiers presque prochain propos proche puissent quant quatre quelque quelques quelqu
        rien sait savoir second seconde semaine semble sept serait serai seulement seul seule six souvent
        suite suivant suivante surtout tant tard tellement temps tenir toujours toutefois trois trop trouve
        type utilise va vais valeur veut veulent vient voir vont vraiment vu
        """
    ),
    question_words=words(
        """
        qui que quoi quand ou comment pourquoi combien quel quelle quels quelles lequel laquelle lesquels
        """
    ),
    before_names=words("mm mme mmes mlle mlles mgr pr me fr p.ex apr.j.-c av.j.-c env"),
    before_numbers=words("n° nº éd ed tel tél"),
    may_end=words("cie sté ets janv févr avr juil déc"),
    also_words=words("me"),
)
