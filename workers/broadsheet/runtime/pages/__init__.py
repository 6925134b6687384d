"""The work of the agent for pages: what a message becomes, and what follows where it fails."""
