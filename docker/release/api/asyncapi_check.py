"""Checks an AsyncAPI 3.0 document: as much of the specification as a description of WebSockets uses. The official JSON schema is not
on PyPI."""

from jsonschema import Draft202012Validator

# The fields that the specification has, by object; a name that begins with x- is free.
FIELDS = {
    "document": {"asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"},
    "info": {"title", "version", "description", "termsOfService", "contact", "license", "tags", "externalDocs"},
    "server": {"host", "protocol", "protocolVersion", "pathname", "description", "title", "summary", "variables", "security", "tags", "externalDocs", "bindings"},
    "channel": {"address", "messages", "title", "summary", "description", "servers", "parameters", "tags", "externalDocs", "bindings"},
    "operation": {"action", "channel", "title", "summary", "description", "security", "tags", "externalDocs", "bindings", "traits", "messages", "reply"},
    "reply": {"address", "channel", "messages"},
    "message": {"headers", "payload", "correlationId", "contentType", "name", "title", "summary", "description", "tags", "externalDocs", "bindings", "examples", "traits"},
    "example": {"headers", "payload", "name", "summary"},
    "components": {
        "schemas", "servers", "channels", "operations", "messages", "securitySchemes", "serverVariables", "parameters", "correlationIds", "replies",
        "replyAddresses", "externalDocs", "tags", "operationTraits", "messageTraits", "serverBindings", "channelBindings", "operationBindings", "messageBindings",
    },
}
NEEDED = {
    "document": {"asyncapi", "info"}, "info": {"title", "version"}, "server": {"host", "protocol"}, "operation": {"action", "channel"},
    "message": {"payload"}, "example": {"payload"},
}
SECURITY_TYPES = {
    "userPassword", "apiKey", "X509", "symmetricEncryption", "asymmetricEncryption", "httpApiKey", "http", "oauth2", "openIdConnect", "plain",
    "scramSha256", "scramSha512", "gssapi",
}


def target(document, reference):
    """What `#/a/b` leads to; None where it leads nowhere."""
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found if reference.startswith("#/") else None


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def names(kind, value, where):
    """Fields that an object of this kind does not have, and those that it lacks."""
    if not isinstance(value, dict):
        yield f"{where} is no object"
        return
    for name in sorted(set(value) - FIELDS[kind]):
        if not name.startswith("x-"):
            yield f"{where} has {name}, which no {kind} has"
    for name in sorted(NEEDED.get(kind, set()) - set(value)):
        yield f"{where} lacks {name}"


def payload_faults(document, payload, where, examples):
    # The components are where the references of the schema lead.
    schema = {**payload, "components": document.get("components", {})}
    try:
        Draft202012Validator.check_schema(payload)
    except Exception as error:
        yield f"{where}: the schema is none: {str(error).splitlines()[0]}"
        return
    for number, example in enumerate(examples):
        for error in Draft202012Validator(schema).iter_errors(example.get("payload")):
            yield f"{where}: example {number + 1} does not fit: {error.message[:200]}"


def faults(document):
    """Sentences on what is wrong; nothing where all is well."""
    yield from names("document", document, "the document")
    if document.get("asyncapi") != "3.0.0":
        yield f"the document is of version {document.get('asyncapi')}, not 3.0.0"
    lost = [reference for reference in sorted(set(references(document))) if target(document, reference) is None]
    yield from (f"{reference} leads nowhere" for reference in lost)
    if lost:
        # Schemas cannot be read then.
        return
    yield from names("info", document.get("info", {}), "info")
    components = document.get("components", {})
    yield from names("components", components, "components")
    for name, server in document.get("servers", {}).items():
        yield from names("server", server, f"the server {name}")
    for name, scheme in components.get("securitySchemes", {}).items():
        if scheme.get("type") not in SECURITY_TYPES:
            yield f"the security scheme {name} is of no type that there is"
    for name, message in components.get("messages", {}).items():
        where = f"the message {name}"
        yield from names("message", message, where)
        for example in message.get("examples", []):
            yield from names("example", example, f"an example of {where}")
        yield from payload_faults(document, message.get("payload", {}), where, message.get("examples", []))
    for name, schema in components.get("schemas", {}).items():
        yield from payload_faults(document, schema, f"the schema {name}", [])
    channels = document.get("channels", {})
    for name, channel in channels.items():
        yield from names("channel", channel, f"the channel {name}")
    for name, operation in document.get("operations", {}).items():
        where = f"the operation {name}"
        yield from names("operation", operation, where)
        if operation.get("action") not in ("send", "receive"):
            yield f"{where} neither sends nor receives"
        parts = [operation] + ([operation["reply"]] if "reply" in operation else [])
        for part in parts:
            if part is not operation:
                yield from names("reply", part, f"the reply of {where}")
            channel = part.get("channel", {}).get("$ref", "")
            if not channel.startswith("#/channels/"):
                yield f"{where} has no channel of the document"
            for message in part.get("messages", []):
                if not message.get("$ref", "").startswith(f"{channel}/messages/"):
                    yield f"{where} has a message that its channel does not have: {message.get('$ref')}"
