"""The tools and the resources for assistants: the Model Context Protocol, https://modelcontextprotocol.io/."""
