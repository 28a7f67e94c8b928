"""The description of the data set for portals: DCAT-AP and VoID."""
