"""The field: entities, value objects, frozen views, vocabulary and rules. Standard library only."""
