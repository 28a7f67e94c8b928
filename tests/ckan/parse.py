"""What CKAN makes of a catalogue in each of its forms, as JSON: its data sets, and the texts of the first in each
language."""

import json
import sys
from pathlib import Path

from ckan.common import config
from ckanext.dcat.processors import RDFParser
from ckanext.dcat.profiles import DCAT, DCT
from ckanext.dcat.profiles.euro_dcat_ap_3 import EuropeanDCATAP3Profile
from rdflib import RDF


def found(catalogue: Path, form: str) -> dict[str, object]:
    parser = RDFParser(profiles=["euro_dcat_ap_3"])
    parser.parse(catalogue.read_bytes(), _format=form)
    profile = EuropeanDCATAP3Profile(parser.g)
    data_set = parser.g.value(predicate=RDF.type, object=DCAT.Dataset)
    texts = {name: profile._object_value(data_set, DCT[name], multilingual=True) for name in ("title", "description")}
    texts["keyword"] = profile._object_value_list_multilingual(data_set, DCAT.keyword)
    for distribution in parser.g.objects(data_set, DCAT.distribution):
        texts[str(distribution)] = profile._object_value(distribution, DCT.title, multilingual=True)
    return {"datasets": list(parser.datasets()), "texts": texts}


config.update({"ckan.locale_default": "en"})
catalogues = zip(sys.argv[1::2], sys.argv[2::2], strict=True)
print(json.dumps({form: found(Path(catalogue), form) for catalogue, form in catalogues}))
