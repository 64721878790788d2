// What is spoken over the WebSockets, from /asyncapi.json.

import { sample } from "./docs-http.js";
import { resolve, schemaTable } from "./docs-schema.js";
import { element } from "./text.js";

/** One section a channel, in the form of `httpSections`. */
export function socketSections(root) {
  return Object.entries(root.channels).map(([name, channel]) => {
    const entries = Object.entries(channel.messages).map(([key, reference]) => {
      const id = `${name}-${key}`;
      const message = resolve(root, reference);
      const way = direction(root, name, key);
      return { id, label: message.name, method: way, words: `${channel.address} ${message.name} ${message.summary}`, node: entry(root, id, message, way, replies(root, name, key)) };
    });
    return { title: channel.address, text: channel.description, extra: extras(root, channel), entries };
  });
}

/** Whether clients send a message or the server does. */
function direction(root, channel, key) {
  const reference = `#/channels/${channel}/messages/${key}`;
  const taken = Object.values(root.operations).some((one) => one.action === "receive" && one.messages.some((message) => message.$ref === reference));
  return taken ? "in" : "out";
}

/** The names of the messages that answer one. */
function replies(root, channel, key) {
  const reference = `#/channels/${channel}/messages/${key}`;
  return Object.values(root.operations)
    .filter((one) => one.action === "receive" && one.messages.some((message) => message.$ref === reference))
    .flatMap((one) => one.reply?.messages ?? []).map((message) => message.$ref.split("/").at(-1));
}

function entry(root, id, message, way, answers) {
  const details = element("details", { class: "entry", id }, [
    element("summary", {}, [
      element("span", { class: `method ${way}`, title: way === "in" ? "From a client to the server" : "From the server to a client" }, [way === "in" ? "→ server" : "→ client"]),
      element("code", { class: "path" }, [message.name]),
      element("span", { class: "gist" }, [message.summary]),
    ]),
  ]);
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    const body = element("div", { class: "body" });
    if (answers.length) body.append(element("p", { class: "sub" }, [`Answered with ${answers.join(" or ")}.`]));
    body.append(message["x-layout"] ? layoutTable(message["x-layout"]) : schemaTable(root, message.payload));
    for (const { payload } of message.examples ?? []) body.append(sample(payload));
    details.append(body);
  });
  return details;
}

function layoutTable(layout) {
  return element("table", { class: "fields" }, [element("tbody", {}, layout.map(({ offset, type, field, description }) => element("tr", {}, [
    element("th", { scope: "row" }, [element("span", { class: "offset" }, [String(offset)]), element("code", {}, [field])]),
    element("td", { class: "type" }, [element("code", {}, [type])]),
    element("td", { class: "text" }, [description]),
  ])))]);
}

function extras(root, channel) {
  const found = [];
  const query = channel.bindings?.ws?.query;
  // The token is told of once, in the introduction.
  if (Object.keys(query?.properties ?? {}).some((name) => name !== "token")) found.push(element("h4", {}, ["In the address"]), schemaTable(root, query));
  const codes = channel["x-close-codes"];
  if (codes) {
    found.push(element("h4", {}, ["Close codes"]), element("table", { class: "fields" }, [element("tbody", {}, Object.entries(codes).map(([code, text]) =>
      element("tr", {}, [element("th", { scope: "row" }, [element("code", {}, [code])]), element("td", { class: "text", colspan: "2" }, [text])])))]));
  }
  return found;
}
