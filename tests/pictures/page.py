"""Payloads → a page that shows them, roughly as the platform would: what the open likenesses leave out is drawn here.

Judge height, order, noise and where the eye goes by it, not pixels.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FONTS = '"Lato","DejaVu Sans","Noto Sans CJK SC",sans-serif'
_LOGO = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='48' height='48'%3E"
    "%3Crect width='48' height='48' rx='8' fill='%231f3a5f'/%3E"
    "%3Ctext x='13' y='34' font-size='28' fill='%23fff' font-family='sans-serif'%3EB%3C/text%3E%3C/svg%3E"
)
_DATE = "16/11/2026 08:00"
Json = Mapping[str, Any]


def page(platform: str, payloads: Sequence[Json]) -> str:
    """Give a page that shows payloads one below the other, beside the built scripts."""
    return (_slack if platform == "slack" else _discord)(payloads)


# ---------------------------------------------------------------- Slack


def _slack(payloads: Sequence[Json]) -> str:
    shown = json.dumps([_as_message(one) for one in payloads], ensure_ascii=False).replace("</", "<\\/")
    return (
        f"<!doctype html><meta charset=utf-8><link rel=stylesheet href=slack.css><style>"
        f"*{{overflow-wrap:anywhere!important}}body{{margin:0;padding:12px;background:#fff;font-family:{FONTS}}}"
        f"</style><div id=root></div>"
        f"<script>window.PAYLOADS={shown};window.LOGO={json.dumps(_LOGO)}</script><script src=slack.js></script>"
    )


def _as_message(payload: Json) -> Json:
    """Give a view as blocks: a modal with its title above them and its buttons below."""
    if payload.get("type") != "modal":
        # The likeness shows links as text where a section is verbatim.
        return json.loads(json.dumps(payload).replace(', "verbatim": true', ""))  # type: ignore[no-any-return]
    ends = [("close", {}), ("submit", {"style": "primary"})]
    buttons = [
        {"type": "button", "action_id": end, "text": payload[end], **style} for end, style in ends if end in payload
    ]
    header = {"type": "header", "text": payload["title"]}
    fields = [_as_field(block) for block in payload["blocks"]]
    return {"blocks": [header, *fields, {"type": "actions", "elements": buttons}]}


def _as_field(block: Json) -> Json:
    """Show what is chosen: the likeness leaves it out, and has no menu that is searched."""
    element = block.get("element", {})
    chosen = element.get("initial_option")
    if element.get("type") not in ("static_select", "external_select"):
        return block
    known = {"type": "static_select", "options": [chosen] if chosen else []}
    shown = chosen["text"] if chosen else {"type": "plain_text", "text": " "}
    return {**block, "element": {"action_id": element["action_id"], **known, "placeholder": shown}}


# ---------------------------------------------------------------- Discord

_BOX = (
    "border:1px solid #4e5058;border-radius:8px;padding:8px 12px;color:#b5bac1;background:#1e1f22;box-sizing:border-box"
)
_FRAME = "background:#2b2d31;border-radius:8px;padding:12px 16px;display:flex;flex-direction:column;gap:8px"


def _discord(payloads: Sequence[Json]) -> str:
    body = "".join(map(_modal if "title" in payloads[0] else _message, payloads))
    return (
        f"<!doctype html><meta charset=utf-8><style>body{{margin:0;background:#313338;color:#dbdee1;"
        f"font-family:{FONTS}}}</style><discord-messages>{body}</discord-messages><script src=discord.js></script>"
    )


def _message(payload: Json) -> str:
    inside = "".join(map(_component, payload["components"]))
    return f'<discord-message author="Briefbot" bot avatar="{_LOGO}" timestamp="{_DATE}">{inside}</discord-message>'


def _modal(modal: Json) -> str:
    inside = "".join(map(_component, modal["components"]))
    return (
        f'<div style="{_FRAME};margin:12px"><b style="font-size:20px">{html.escape(modal["title"])}</b>{inside}</div>'
    )


def _component(one: Json) -> str:
    """Show one component; the numbers are Discord's types."""
    inside = "".join(map(_component, one.get("components", ())))
    match one["type"]:
        case 1:
            return f"<discord-action-row>{inside}</discord-action-row>"
        case 2:
            return f'<discord-button type="secondary">{html.escape(one["label"])}</discord-button>'
        case 3 | 4 | 8:
            return _field(one)
        case 10:
            return f"<div>{''.join(_marked(one['content'].splitlines()))}</div>"
        case 17:
            return f'<div style="{_FRAME};border-left:4px solid #{one["accent_color"]:06x}">{inside}</div>'
        case 18:
            hint = (
                f'<div style="font-size:12px">{html.escape(one["description"])}</div>' if "description" in one else ""
            )
            return f"<div><b>{html.escape(one['label'])}</b>{hint}{_component(one['component'])}</div>"
    raise ValueError(f"nobody has said how to draw {one['type']}")


def _field(field: Json) -> str:
    chosen = [option["label"] for option in field.get("options", ()) if option.get("default")]
    text = ", ".join(chosen) or field.get("value") or field.get("placeholder") or "\u00a0"
    height = ";min-height:80px" if field.get("style") == 2 else ""
    arrow = "" if field["type"] == 4 else "<span style='float:right'>⌄</span>"
    return f'<div style="{_BOX};width:100%;margin-top:4px{height}">{arrow}{html.escape(text)}</div>'


def _marked(lines: Iterable[str]) -> Iterable[str]:
    """Give lines of Discord's Markdown, as far as the bot writes it."""
    fence: list[str] | None = None
    for line in lines:
        if line == "```" and fence is None:
            fence = []
        elif line == "```":
            yield f"<pre style='{_BOX};margin:4px 0;font-size:13px'>{html.escape(chr(10).join(fence or ()))}</pre>"
            fence = None
        elif fence is not None:
            fence.append(line)
        else:
            yield _line(line)


def _line(line: str) -> str:
    if found := re.match(r"(#{1,3}) (.*)", line):
        return f'<discord-header level="{len(found[1])}">{_inline(found[2])}</discord-header>'
    for mark, tag in (("-# ", "discord-subscript"), ("> ", "discord-quote")):
        if line.startswith(mark):
            return f"<{tag}>{_inline(line.removeprefix(mark))}</{tag}>"
    if line.startswith("- "):
        item = f"<discord-list-item>{_inline(line.removeprefix('- '))}</discord-list-item>"
        return f"<discord-unordered-list>{item}</discord-unordered-list>"
    return f"<div>{_inline(line) or '&nbsp;'}</div>"


def _inline(text: str) -> str:
    text = html.escape(text, quote=False)
    text = re.sub(r"\\([^a-zA-Z0-9\s])", lambda sign: f"\x01{ord(sign[1])}\x02", text)
    text = re.sub(r"`([^`]+)`", r"<discord-code>\1</discord-code>", text)
    text = re.sub(r"\[([^\[\]]+)\]\((?:&lt;)?(.+?)(?:&gt;)?\)", r'<discord-link href="#">\1</discord-link>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub("\x01(\\d+)\x02", lambda sign: html.escape(chr(int(sign[1]))), text)
