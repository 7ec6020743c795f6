"""Korean."""

from briefs.languages.pack import LanguagePack, words

PACK = LanguagePack(
    code="ko",
    core_stop_words=words("""은 는 이 가 을 를 의 에 에서 로 으로 와 과 도 만 그 이런 그런 저 것 수 등 및 또는 그리고
        하지만 그러나 때문에 있는 있다 없다 하는 한다 했다 합니다 입니다 무엇 누구 언제 어디 어떻게 왜 몇 얼마나"""),
    other_stop_words=words("""대한 위해 통해 따라 대해 관한 관련 지난 이번 다음 현재 오늘 어제 내일 올해 작년 년 월 일
        더 가장 매우 모든 같은 다른 많은 여러 약 이후 이전 당시 함께 다시 이미 아직 또 또한 특히 경우 말했다 밝혔다
        전했다"""),
    question_words=words("무엇 누구 누가 언제 어디 어떻게 왜 어느 어떤 몇 얼마"),
    asks_when=r"(?:언제|몇 ?[년월])\w*",
    asks_how_many=r"(?:몇|얼마)\w*",
    of_the_page=r"업데이트|최종 ?수정|조회수|방문자|접속자",
)
