"""What the columns of answers are called: by the header of the question, or else by the name of the variable."""

from __future__ import annotations

import re

from ...sparql.library import Question
from ...text import Text
from ...translation import message as _
from .story import capital

_NAMES: dict[str, Text] = {  # the variables of the questions that come with the package, and of those like them
    "age": _("Years"),
    "agreement": _("Agreement"),
    "asStated": _("As the source calls it"),
    "asserted": _("Identified"),
    "candidate": _("May be"),
    "city": _("City"),
    "counted": _("Counted"),
    "counterpart": _("Partner or twin city"),
    "counterparts": _("Partner and twin cities"),
    "country": _("Country"),
    "day": _("Day"),
    "decade": _("Decade"),
    "duration": _("Duration"),
    "first": _("First year"),
    "firstCity": _("First city"),
    "fragment": _("Sentence number"),
    "from": _("From"),
    "group": _("Group"),
    "home": _("Home city"),
    "instrument": _("Form of agreement"),
    "item": _("Wikidata item"),
    "kind": _("Kind"),
    "last": _("Last year"),
    "lastCity": _("Last city"),
    "meant": _("Which is meant"),
    "mostConspicuous": _("Most conspicuous"),
    "name": _("Name"),
    "named": _("Named"),
    "number": _("Number"),
    "outcome": _("Outcome"),
    "partner": _("Partner"),
    "partnership": _("Partnership"),
    "partnerships": _("Partnerships"),
    "property": _("What is stated"),
    "readWith": _("Read with"),
    "reason": _("Reason"),
    "reoriented": _("What was reoriented"),
    "scope": _("Scope"),
    "sentence": _("Sentence"),
    "since": _("Since"),
    "source": _("Source"),
    "start": _("Start year"),
    "stated": _("Stated"),
    "suburbOf": _("Described as a suburb of"),
    "to": _("To"),
    "towards": _("Towards"),
    "trend": _("Trend"),
    "until": _("Until"),
    "value": _("Value"),
    "which": _("Which ones"),
    "wikidata": _("Wikidata item"),
    "year": _("Year"),
    "years": _("Years"),
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


def title(variable: str, question: Question) -> Text:
    """What the column of a variable is called in the answer to a question.

    A name that is not known is split into its words: ``firstCity`` and ``first_city`` are "First city".
    """
    stated = next((column.title for column in question.columns if column.name == variable), None)
    if stated is not None:
        return stated
    return _NAMES.get(variable) or capital(Text(_HUMP.sub(" ", variable).lower()))
