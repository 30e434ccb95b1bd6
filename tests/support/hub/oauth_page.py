# SPDX-License-Identifier: Apache-2.0
"""The page where a person approves a device code of the Hub stand-in, for logins by hand. No scripts, no style."""
from html import escape

from answers import Answer

HTML = {"Content-Type": "text/html; charset=utf-8"}


def code_page(user_code, accounts):
    """GET /oauth/device: one button an account, and one to refuse."""
    buttons = "".join(f'<p><button name="account" value="{escape(name)}">Approve as {escape(name)}</button></p>'
                      for name in accounts)
    return _page(f'<form method="post" action="/oauth/decide"><p>Code <input name="user_code" value="{escape(user_code)}"></p>'
                 f'{buttons}<p><button name="account" value="">Deny</button></p></form>')


def decided_page(text, status=200):
    return _page(f"<p>{escape(text)}</p>", status)


def _page(body, status=200):
    text = f"<!DOCTYPE html><html><head><title>Hub stand-in</title></head><body><h1>Device login</h1>{body}</body></html>"
    return Answer(status, dict(HTML), text.encode())
