"""The JSON API of organizations, governments, regions, persons, posts and terms of office."""
