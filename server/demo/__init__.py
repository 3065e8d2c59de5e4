"""The demonstration company: people, customers, parts, rules and a week of reported faults."""

from server.demo.load import DEMONSTRATION, load_demo
from server.demo.people import ACCOUNTS, PASSWORD, Account

__all__ = ["ACCOUNTS", "DEMONSTRATION", "PASSWORD", "Account", "load_demo"]
