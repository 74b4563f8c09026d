"""The part of JSON Schema that our published schemas use."""

from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


def complaints(schema: dict[str, Any], value: Any, where: str = "$") -> list[str]:
    """Return a sentence for every place where a value is not as the schema says; an unknown word of it fails."""
    known = {"$schema", "$id", "title", "description", "type", "const", "enum", "properties", "required", "items",
             "additionalProperties"}  # fmt: skip
    assert set(schema) <= known, set(schema) - known
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    is_bool = isinstance(value, bool)
    if kinds and not any(isinstance(value, TYPES[one]) and (one == "boolean") == is_bool for one in kinds):
        return [f"{where} is no {kinds}"]
    if "const" in schema and value != schema["const"]:
        return [f"{where} is not {schema['const']}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where} is none of {schema['enum']}"]
    found = []
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{where} has no {name}" for name in schema.get("required", []) if name not in value]
        for name, inner in value.items():
            if name in schema["properties"]:
                found += complaints(schema["properties"][name], inner, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{where} has {name}, which is not in the schema")
    if isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            found += complaints(schema["items"], inner, f"{where}[{number}]")
    return found
