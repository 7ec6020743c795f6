"""Japanese."""

from briefs.languages.pack import LanguagePack, words

PACK = LanguagePack(
    code="ja",
    core_stop_words=words("""の に は を た が で て と し れ さ ある いる も する から な こと として い や など なっ
        ない この ため その あっ よう また もの という あり まで られ なる へ か だ これ によって により おり より
        による ず なり られる において ば なかっ なく しかし について せ だっ できる それ う ので なお のみ でき き つ
        における および いう さらに です ます"""),
    other_stop_words=words("""とき ところ とも ながら たち ほど ほか ほとんど すべて それぞれ あと いま いつ いつも なに
        なぜ どこ どの どう 场合 以上 以下 以前 以后 现在 今回 当时 同じ 时 年 月 日 人 中 后 前 的 者 上 下 内 间 方
        他"""),
    question_words=words("何 谁 いつ どこ なぜ どう どの どれ いくつ いくら"),
    wide=True,
    asks_when=r"いつ|何日",
    asks_how_many=r"いくつ|いくら|何[人個本回台歳]",
    quotation_marks=("「", "」"),
    of_the_page=r"更新(?:日|日時)|最終更新|(?:閲覧|アクセス|訪問|再生)(?:数|者数|回数)",
)
