"""What CKAN makes of a catalogue, as JSON: its data sets, and the texts of the first in each language."""

import json
import sys
from pathlib import Path

from ckan.common import config
from ckanext.dcat.processors import RDFParser
from ckanext.dcat.profiles import DCAT, DCT
from ckanext.dcat.profiles.euro_dcat_ap_3 import EuropeanDCATAP3Profile
from rdflib import RDF

config.update({"ckan.locale_default": "en"})
parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(Path(sys.argv[1]).read_bytes(), _format=sys.argv[2])
profile = EuropeanDCATAP3Profile(parser.g)
data_set = parser.g.value(predicate=RDF.type, object=DCAT.Dataset)
texts = {name: profile._object_value(data_set, DCT[name], multilingual=True) for name in ("title", "description")}
texts["keyword"] = profile._object_value_list_multilingual(data_set, DCAT.keyword)
for distribution in parser.g.objects(data_set, DCAT.distribution):
    texts[str(distribution)] = profile._object_value(distribution, DCT.title, multilingual=True)
print(json.dumps({"datasets": list(parser.datasets()), "texts": texts}))
