"""last_refresh is no moment in RFC 3339: blank, without a time zone, a date, a number.

That makes the whole file unreadable, so that Codex is signed out though every token is in order.
"""

from harness import SIGNED_IN, Scenario, Unreadable, edited

PREMATURE = "premature end of input at line 10 column {}"
NUMBER = "invalid type: integer `{}`, expected an RFC 3339 formatted date and time string"

FORMS = {
    "blank": ("", PREMATURE.format(20)),
    "no-zone": ("2999-01-01T00:00:00", PREMATURE.format(39)),
    "date": ("2999-01-01", PREMATURE.format(30)),
    "number": (1790000000, NUMBER.format(1790000000) + " at line 10 column 28"),
}

scenarios = {
    name: Scenario(
        auth=edited(SIGNED_IN, last_refresh=form),
        taken_for=Unreadable(fault),
        stages=["session", "cli"],
        reports=["Loongphy/codex-auth#129"],
    )
    for name, (form, fault) in FORMS.items()
}
