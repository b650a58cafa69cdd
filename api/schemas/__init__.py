"""What goes over the wire, as pydantic models: the source of validation and of the OpenAPI file."""
