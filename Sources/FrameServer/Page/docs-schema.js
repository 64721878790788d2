// Schemas as tables: a row a field, those of objects within objects indented.

import { element } from "./text.js";

const DEEPEST = 5;

/** What a `$ref` leads to within its document; everything else is itself. */
export function resolve(root, value) {
  let found = value;
  while (found?.$ref) {
    found = found.$ref.slice(2).split("/").reduce((at, step) => at?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], root);
  }
  return found ?? {};
}

/** The fields of a schema, and what it says of itself; nothing where it has no fields. */
export function schemaTable(root, schema) {
  const rows = fields(root, schema, 0, []);
  if (!rows.length) return element("p", { class: "type" }, prose(root, schema));
  return element("table", { class: "fields" }, [element("tbody", {}, rows)]);
}

/** A schema in a few words, such as "number 0 … 1" or "list of Scene". */
export function typeName(root, schema) {
  if (schema.$ref && !isWord(resolve(root, schema))) return schema.$ref.split("/").at(-1);
  const found = resolve(root, schema);
  if ("const" in found) return JSON.stringify(found.const);
  if (found.enum) return found.enum.map((value) => JSON.stringify(value)).join(" | ");
  for (const choice of [found.oneOf, found.anyOf]) {
    if (choice) return [...new Set(choice.map((one) => typeName(root, one)))].join(" | ");
  }
  if (found.allOf) return found.allOf.map((one) => typeName(root, one)).join(" + ");
  const types = [found.type ?? "anything"].flat();
  return types.map((type) => (type === "array" ? listName(root, found) : type + range(found, type))).join(" | ");
}

function isWord(schema) {
  return schema.enum || ["string", "number", "integer", "boolean"].includes(schema.type);
}

function listName(root, schema) {
  const count = schema.minItems && schema.minItems === schema.maxItems ? `${schema.minItems} × ` : "list of ";
  return count + typeName(root, schema.items ?? {});
}

function range({ minimum, maximum, minLength, maxLength, format }, type) {
  if (type === "null" || type === "boolean" || type === "object") return "";
  if (type === "string") {
    if (format) return ` (${format})`;
    if (maxLength) return ` of ${minLength ?? 0} to ${maxLength}`;
    return "";
  }
  const number = (value) => (Number.isInteger(value) ? value : +value.toFixed(3));
  if (minimum !== undefined && maximum !== undefined) return ` ${number(minimum)} … ${number(maximum)}`;
  if (minimum !== undefined && (minimum !== 0 || type === "number")) return ` ≥ ${number(minimum)}`;
  return "";
}

function prose(root, schema) {
  const text = resolve(root, schema).description;
  return [element("code", {}, [typeName(root, schema)]), ...(text ? [` ${text}`] : [])];
}

function fields(root, schema, depth, above) {
  if (depth > DEEPEST || above.includes(schema.$ref)) return [];
  const seen = schema.$ref ? [...above, schema.$ref] : above;
  const found = resolve(root, schema);
  const within = (part, deeper = 0) => fields(root, part, depth + deeper, seen);
  const rows = (found.allOf ?? []).flatMap((part) => within(part));
  for (const choice of [found.oneOf, found.anyOf]) {
    for (const [n, one] of (choice ?? []).entries()) {
      const inner = within(one, 1);
      const name = typeName(root, one);
      if (inner.length) rows.push(headRow(name === "object" ? (n ? "or" : "either") : name, depth), ...inner);
    }
  }
  const required = new Set(found.required ?? []);
  for (const [name, part] of Object.entries(found.properties ?? {})) {
    rows.push(row(root, name, part, required.has(name), depth), ...within(part, 1));
  }
  if (found.items) rows.push(...within(found.items));
  if (found.additionalProperties) {
    rows.push(row(root, "…", found.additionalProperties, false, depth), ...within(found.additionalProperties, 1));
  }
  return rows;
}

function headRow(text, depth) {
  const cell = element("th", { colspan: "3", scope: "rowgroup", class: `deep-${depth}` }, [text]);
  return element("tr", { class: "either" }, [cell]);
}

function row(root, name, schema, isRequired, depth) {
  const label = element("th", { scope: "row", class: `deep-${depth}` }, [element("code", {}, [name])]);
  if (!isRequired) label.append(element("span", { class: "maybe", title: "May be absent" }, ["?"]));
  const text = schema.description ?? resolve(root, schema).description ?? "";
  return element("tr", {}, [
    label,
    element("td", { class: "type" }, [element("code", {}, [typeName(root, schema)])]),
    element("td", { class: "text" }, [text]),
  ]);
}
