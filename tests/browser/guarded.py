"""A page of a real Chromium under guard: dialogs, broken policies, and elements that no template of ours writes."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Dialog, Page

from tests.console_kit import HouseThread

FORBIDDEN = """
() => [...document.querySelectorAll('*')].filter(e =>
    [...e.attributes].some(a => a.name.startsWith('on') || /^\\s*(java|vb)script:|^\\s*data:text/i.test(a.value)
      && !['value', 'placeholder', 'content'].includes(a.name))
    || /^(iframe|object|embed|base|svg|math|img|video|audio|style|marquee|frame|applet)$/i.test(e.localName)
    || e.localName === 'script' && e.getAttribute('src') !== '/static/console.js'
    || e.localName === 'form' && new URL(e.action).origin !== location.origin
    || e.localName === 'a' && (!/^https?:$/.test(e.protocol) || e.origin !== location.origin
      && (e.rel !== 'noopener noreferrer nofollow' || e.referrerPolicy !== 'no-referrer'
        || !location.pathname.endsWith('/leave')))
    || e.localName === 'a' && e.getAttribute('href').includes('/leave?to=') && e.rel !== 'noopener noreferrer nofollow')
  .map(e => e.outerHTML.slice(0, 200))
"""


class Guarded:
    """A signed-in page that counts dialogs and broken policies, and looks at every element of what it opens."""

    def __init__(self, browser: Browser, office: HouseThread) -> None:
        self.base, self.opened = office.base, list[str]()
        self.dialogs, self.reports, self.elements, self.errors = list[str](), list[str](), list[str](), list[str]()
        context = browser.new_context(locale="zh-CN")
        context.expose_binding("tellPolicy", lambda _source, what: self.reports.append(what))
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => window.tellPolicy(e.effectiveDirective + ' ' +"
            " e.blockedURI))"
        )
        self.page: Page = context.new_page()
        self.page.on("dialog", self._close)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _close(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, path: str) -> str:
        """Everything on the page at this path as text, after every fold of it was opened."""
        self.page.goto(self.base + path, wait_until="domcontentloaded")
        return self.look()

    def look(self) -> str:

        self.opened.append(self.page.url.removeprefix(self.base)[:60])
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        self.elements += self.page.evaluate(FORBIDDEN)
        values = "[...document.querySelectorAll('input, textarea')].map(e => e.value).join(' ')"
        text: str = self.page.evaluate(f"document.body.textContent + ' ' + {values}")
        return plain(text)

    def send(self, form: str, **values: str) -> str:
        """Send a form with these values, however long, and look at what comes back."""
        fill = """([selector, values]) => {
          const form = document.querySelector(selector);
          for (const [name, value] of Object.entries(values)) form.querySelector(`[name=${name}]`).value = value;
          form.submit();
        }"""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.evaluate(fill, [form, values])
        return self.look()


def plain(text: str) -> str:
    """Without blanks: pages, fields and documents break lines differently."""
    return re.sub(r"[\s\x00-\x1f]+", "", text)
