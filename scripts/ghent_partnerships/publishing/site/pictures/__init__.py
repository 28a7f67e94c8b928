"""Maps, timeline and diagram as SVG."""
