"""The action plan on a page: calendar, indicators, money, who does what, one action in full."""
