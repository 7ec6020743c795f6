"""Whatever a form says, and whoever wrote it: Slack takes the view, nothing in it is alive, and values come back."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.base.form import ChannelField, ChoiceField, DateField
from bot.base.reply import Button, Buttons, Footer, Heading, Paragraph, Reply, Row, Span
from bot.platforms.slack.views import errors_of, form_view, home_view, loading_view, page_view, values_of
from tests.fakes.slack_view_limits import view_refusal
from tests.fakes.slack_views import FakeView
from tests.replies import IDS, LABELS, forms


@given(forms())
def test_what_stands_in_a_view_comes_back_as_the_values_of_its_form(form):
    view = form_view(form, "C1")
    View(**view).to_dict()
    assert '"mrkdwn"' not in json.dumps(view)
    assert set(errors_of(form)) <= {field.name for field in form.fields}
    shown = FakeView("V1", "U1", view)
    found = values_of(shown.payload)
    assert set(found) == {field.name for field in form.fields}
    for field in form.fields:
        match field:
            case ChannelField(chosen=chosen):
                assert found[field.name] == ((chosen,) if chosen else ())
            case DateField(value=value):
                assert found[field.name] == ((value,) if value else ())
            case ChoiceField(chosen=chosen, many=many):
                assert found[field.name] == tuple(one.value for one in (chosen if many else chosen[:1]))


rows = st.builds(Row, LABELS, LABELS, st.lists(st.builds(Button, st.just("form"), LABELS, IDS), max_size=3).map(tuple))
parts = st.one_of(
    rows,
    st.builds(Heading, LABELS, LABELS),
    st.builds(lambda text: Paragraph(((Span(text),),)), LABELS),
    st.builds(lambda row: Buttons(row.buttons), rows.filter(lambda row: row.buttons)),
    st.builds(lambda text: Footer((Span(text, "https://a.example/"),)), LABELS),
)


@given(st.lists(parts, max_size=120).map(tuple), LABELS)
def test_every_home_and_every_answer_is_a_view_that_slack_takes(said, note):
    reply = Reply("en", "s", (Heading("Home"), *said))
    for view in (home_view(reply, "0.0", note), page_view(reply), loading_view()):
        assert view_refusal(view) is None
        View(**view).to_dict()
        assert '"mrkdwn"' not in json.dumps(view)
