#!/usr/bin/python3
"""A window of WebKit on a folder of this disk, driven by WebKitWebDriver; a program of the machine's own Python.

The driver's own MiniBrowser keeps everything in memory, as a private window does. The folder stands in the environment
as VIEW_DATA; whoever drives it adds `--automation`.
"""

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402  # the version is chosen before


def main() -> None:
    """Open what the driver asks for, until it ends the window."""
    folder = os.environ["VIEW_DATA"]
    data = WebKit2.WebsiteDataManager(base_data_directory=folder, base_cache_directory=f"{folder}/cache")
    context = WebKit2.WebContext(website_data_manager=data)
    context.set_automation_allowed(True)
    context.get_cookie_manager().set_persistent_storage(f"{folder}/cookies", WebKit2.CookiePersistentStorage.TEXT)
    context.connect("automation-started", started, context)
    Gtk.main()


def started(_context: WebKit2.WebContext, session: WebKit2.AutomationSession, context: WebKit2.WebContext) -> None:
    """The driver is there: it gets its windows here."""
    about = WebKit2.ApplicationInfo()
    about.set_name("View")
    about.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
    session.set_application_info(about)
    session.connect("create-web-view", view, context)


def view(_session: WebKit2.AutomationSession, context: WebKit2.WebContext) -> WebKit2.WebView:
    """A new window, at a phone's size."""
    made = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    window = Gtk.Window()
    window.set_default_size(390, 844)
    window.add(made)
    window.connect("destroy", lambda *_: sys.exit())
    window.show_all()
    return made


if __name__ == "__main__":
    main()
