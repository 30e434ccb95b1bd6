# SPDX-License-Identifier: Apache-2.0
"""What stands in the way of a client besides the Hub: the page of a captive portal."""
from answers import Answer

PAGE = (b"<!DOCTYPE html><html><head><title>Welcome to Guest Wi-Fi</title></head><body><h1>Welcome</h1>"
        b"<form action=/login method=post><button>Accept and connect</button></form></body></html>")


def portal_page(status=200):
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, PAGE)
