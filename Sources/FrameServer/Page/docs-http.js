// What can be asked for over HTTP, from /openapi.json.

import { resolve, schemaTable, typeName } from "./docs-schema.js";
import { element } from "./text.js";
import { authorization, withToken } from "./token.js";

const METHODS = ["get", "post", "put", "delete"];
/** Characters of an answer that are shown. */
const SHOWN = 6000;

/** One section a tag: `{title, text, entries: [{id, label, method, node}]}`. */
export function httpSections(root) {
  const operations = Object.entries(root.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      path, method, ...item[method], parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])],
    })));
  return root.tags.map((tag) => ({
    title: tag.name,
    text: tag.description,
    entries: operations.filter((one) => one.tags?.includes(tag.name)).map((one) => ({
      id: one.operationId,
      label: one.path,
      method: one.method,
      words: `${one.path} ${one.summary}`,
      node: operation(root, one),
    })),
  }));
}

function operation(root, one) {
  const details = element("details", { class: "entry", id: one.operationId }, [
    element("summary", {}, [
      element("span", { class: `method ${one.method}` }, [one.method.toUpperCase()]),
      element("code", { class: "path" }, [one.path]),
      element("span", { class: "gist" }, [one.summary]),
    ]),
  ]);
  // Built when it is opened: sixty of them are many nodes.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(body(root, one));
  });
  return details;
}

function body(root, one) {
  const content = element("div", { class: "body" });
  if (one.description) content.append(element("p", {}, [one.description]));
  content.append(element("pre", { class: "call" }, [curl(root, one)]));
  if (isAskable(root, one)) content.append(...asking(one));
  const parameters = one.parameters.map((parameter) => resolve(root, parameter));
  if (parameters.length) {
    content.append(element("h4", {}, ["Parameters"]), element("table", { class: "fields" }, [
      element("tbody", {}, parameters.map((parameter) => parameterRow(root, parameter)))]));
  }
  const asked = one.requestBody?.content["application/json"];
  if (asked) {
    content.append(element("h4", {}, [one.requestBody.required ? "Body" : "Body, which may be left out"]), schemaTable(root, asked.schema));
    for (const example of examples(asked)) content.append(sample(example));
  }
  content.append(element("h4", {}, ["Answers"]), ...Object.entries(one.responses).map(([status, answer]) => response(root, status, answer)));
  return content;
}

function parameterRow(root, { name, in: place, required, description, schema }) {
  const label = element("th", { scope: "row" }, [element("code", {}, [place === "query" ? `?${name}` : `{${name}}`])]);
  if (!required) label.append(element("span", { class: "maybe", title: "May be absent" }, ["?"]));
  return element("tr", {}, [
    label,
    element("td", { class: "type" }, [element("code", {}, [typeName(root, schema)])]),
    element("td", { class: "text" }, [description ?? ""]),
  ]);
}

function examples({ example, examples: several }) {
  return several ? Object.values(several).map((one) => one.value) : example === undefined ? [] : [example];
}

export function sample(value) {
  return element("pre", { class: "sample" }, [pretty(value)]);
}

/** JSON with short lists on one line. */
function pretty(value) {
  return JSON.stringify(value, null, 2).replace(/\[\s+([^[\]{}]{0,90}?)\s+\]/g, (_, items) => `[${items.replace(/\s*\n\s*/g, " ")}]`);
}

function response(root, status, given) {
  const answer = resolve(root, given);
  const tone = status < 400 ? "good" : "bad";
  const head = [element("span", { class: `status ${tone}` }, [status]), element("span", {}, [answer.description])];
  const [type, media] = Object.entries(answer.content ?? {})[0] ?? [];
  if (type && type !== "application/json") head.push(element("code", { class: "media" }, [type.split(";")[0]]));
  // Errors are all alike; the introduction shows them.
  const isTold = media?.schema && tone === "good" && type === "application/json" && hasFields(root, media.schema);
  if (!isTold) return element("p", { class: "answer" }, head);
  return element("details", { class: "answer", open: "" }, [element("summary", {}, head), schemaTable(root, media.schema)]);
}

function hasFields(root, schema) {
  const found = resolve(root, schema);
  return Boolean(found.properties || found.allOf || found.items);
}

function curl(root, one) {
  const url = new URL(one.path.slice(1), document.baseURI);
  url.search = "";
  let address = decodeURI(url.href);
  for (const parameter of one.parameters.map((given) => resolve(root, given))) {
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, parameter.example ?? parameter.name);
  }
  const asked = one.requestBody?.content["application/json"];
  const words = ["curl"];
  if (one.method === "delete" || one.method === "put" || (one.method === "post" && !asked)) words.push(`-X ${one.method.toUpperCase()}`);
  if (one.path.endsWith(".png") || one.path.endsWith(".jpg")) words.push("-O");
  words.push(address);
  if (asked) words.push(`-d '${JSON.stringify(examples(asked)[0])}'`);
  return words.join(" ");
}

/** Whether the page can ask for it and show the answer. */
function isAskable(root, one) {
  const types = Object.keys(resolve(root, one.responses["200"] ?? {}).content ?? {});
  return one.method === "get" && !one.path.includes("{") && types.some((type) => /json|text\/plain/.test(type));
}

function asking(one) {
  const button = element("button", { type: "button", class: "ask" }, ["Ask this server"]);
  const answer = element("pre", { class: "sample", role: "status" });
  answer.hidden = true;
  button.addEventListener("click", async () => {
    answer.hidden = false;
    try {
      const response = await fetch(withToken(one.path.slice(1)), { headers: authorization });
      const text = await response.text();
      const isJSON = response.headers.get("Content-Type")?.includes("json");
      const shown = isJSON ? pretty(JSON.parse(text)) : text;
      answer.textContent = `${response.status}\n${shown.length > SHOWN ? `${shown.slice(0, SHOWN)}\n… ${shown.length - SHOWN} more` : shown}`;
    } catch {
      answer.textContent = "The server does not answer; try again once it runs.";
    }
  });
  return [button, answer];
}
