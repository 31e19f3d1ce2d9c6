"""Pages of organizations, governments, persons and posts."""
