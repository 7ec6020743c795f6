"""Whatever a form says, and whoever wrote it: Slack takes the view, nothing in it is alive, and values come back."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.base.form import ChannelField, CheckField, ChoiceField, Form, Option, TextField
from bot.base.reply import Button, Buttons, Footer, Heading, Paragraph, Reply, Row, Span
from bot.platforms.slack.views import errors_of, form_view, home_view, loading_view, page_view, values_of
from tests.fakes.slack_view_limits import view_refusal
from tests.fakes.slack_views import FakeView

texts = st.text(max_size=400) | st.sampled_from(["", "<!channel> & <https://x.example|y>", "*b* `c`", "词" * 200])
values = st.text("abc123:.", min_size=1, max_size=75)
options = st.builds(Option, values, texts)
several = st.lists(options, max_size=120, unique_by=lambda option: option.value).map(tuple)
fields = st.one_of(
    st.builds(
        TextField,
        st.just("x"),
        texts,
        texts,
        texts,
        st.booleans(),
        st.booleans(),
        st.sampled_from([20, 3000]),
        st.booleans(),
    ),
    several.filter(bool).flatmap(
        lambda known: st.builds(
            ChoiceField,
            st.just("x"),
            texts,
            st.just(known),
            st.sampled_from([(), known[:1], known[:5]]),
            texts,
            st.booleans(),
            st.booleans(),
            st.booleans(),
            st.booleans(),
        )
    ),
    st.builds(ChannelField, st.just("x"), texts, st.sampled_from(["", "C1"]), texts),
    st.builds(CheckField, st.just("x"), texts, st.booleans(), texts),
)


@st.composite
def forms(draw) -> Form:
    made = draw(st.lists(fields, min_size=1, max_size=12))
    named = tuple(type(one)(f"f{number}", *_rest(one)) for number, one in enumerate(made))
    errors = draw(st.dictionaries(st.sampled_from(["", "f0", "gone"]), texts))
    live = tuple((Span(line),) for line in draw(st.lists(texts, max_size=4)))
    words = [draw(texts) for _ in range(3)]
    return Form("topic", draw(values), "en", *words, named, live, draw(texts), errors)


def _rest(field):
    return [getattr(field, name) for name in type(field).__slots__[1:]]


@given(forms())
def test_every_form_is_a_view_that_slack_takes(form):
    view = form_view(form, "C1")
    assert view_refusal(view) is None
    View(**view).to_dict()
    assert '"mrkdwn"' not in json.dumps(view)
    assert set(errors_of(form)) <= {field.name for field in form.fields}


@given(forms())
def test_what_stands_in_a_view_comes_back_as_the_values_of_its_form(form):
    shown = FakeView("V1", "U1", form_view(form, "C1"))
    found = values_of(shown.payload)
    assert set(found) == {field.name for field in form.fields}
    for field in form.fields:
        match field:
            case ChannelField(chosen=chosen):
                assert found[field.name] == ((chosen,) if chosen else ())
            case CheckField(checked=checked):
                assert found[field.name] == (("on",) if checked else ())
            case ChoiceField(chosen=chosen, many=many):
                assert found[field.name] == tuple(one.value for one in (chosen if many else chosen[:1]))


rows = st.builds(Row, texts, texts, st.lists(st.builds(Button, st.just("form"), texts, values), max_size=3).map(tuple))
parts = st.one_of(
    rows,
    st.builds(Heading, texts, texts),
    st.builds(lambda text: Paragraph(((Span(text),),)), texts),
    st.builds(lambda row: Buttons(row.buttons), rows.filter(lambda row: row.buttons)),
    st.builds(lambda text: Footer((Span(text, "https://a.example/"),)), texts),
)


@given(st.lists(parts, max_size=120).map(tuple), texts)
def test_every_home_and_every_answer_is_a_view_that_slack_takes(said, note):
    reply = Reply("en", "s", (Heading("Home"), *said))
    for view in (home_view(reply, "0.0", note), page_view(reply), loading_view()):
        assert view_refusal(view) is None
        View(**view).to_dict()
        assert '"mrkdwn"' not in json.dumps(view)
