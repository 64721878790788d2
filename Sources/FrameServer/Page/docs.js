// The page /docs: what the server takes and answers, from the two documents that it serves.

import { httpSections } from "./docs-http.js";
import { socketSections } from "./docs-socket.js";
import { element } from "./text.js";
import { authorization, withToken } from "./token.js";

const node = (id) => document.getElementById(id);

async function load(path) {
  const response = await fetch(withToken(path), { headers: authorization });
  if (!response.ok) throw new Error(`${path} could not be read (${response.status}); reload the page, with ?token= where viewing needs one.`);
  return response.json();
}

/** Text with `code` in it. */
function paragraphs(text) {
  return text.split("\n\n").map((paragraph) => element("p", {}, paragraph.split("`").map((part, n) => (n % 2 ? element("code", {}, [part]) : part))));
}

function section({ title, text, extra = [], entries }, id, isPath) {
  return element("section", { id }, [
    element("h3", { class: isPath ? "address" : "" }, [title]),
    element("p", { class: "sub" }, [text ?? ""]),
    ...extra,
    ...entries.map((entry) => entry.node),
  ]);
}

function contents(title, sections, prefix) {
  return element("li", {}, [
    element("h2", {}, [title]),
    element("ol", {}, sections.map((one, n) => element("li", { class: "group" }, [
      element("a", { href: `#${prefix}-${n}` }, [one.title]),
      element("ol", {}, one.entries.map((entry) => {
        const link = element("a", { href: `#${entry.id}` }, [
          element("span", { class: `method ${entry.method}` }, [mark(entry.method)]), element("span", {}, [entry.label])]);
        link.dataset.words = entry.words.toLowerCase();
        return element("li", {}, [link]);
      })),
    ]))),
  ]);
}

function mark(method) {
  return { get: "GET", post: "POST", put: "PUT", delete: "DEL", in: "→", out: "←" }[method];
}

/** Hides what the words are not in, and groups of which nothing is left. */
function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const link of node("contents").querySelectorAll("a[data-words]")) {
    link.parentElement.hidden = !words.every((word) => link.dataset.words.includes(word));
  }
  for (const group of node("contents").querySelectorAll(".group")) {
    group.hidden = !group.querySelector("li:not([hidden])");
  }
}

/** Opens what the address names. */
function follow() {
  const target = node(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.matches("details")) target.open = true;
  target.scrollIntoView({ block: "start" });
}

async function show() {
  const [http, sockets] = await Promise.all([load("openapi.json"), load("asyncapi.json")]);
  const parts = [
    { title: "HTTP", prefix: "http", text: http.info.description, sections: httpSections(http) },
    { title: "WebSocket", prefix: "socket", text: sockets.info.description, sections: socketSections(sockets) },
  ];
  node("edition").textContent = `API ${http.info.version}`;
  node("contents").replaceChildren(...parts.map((part) => contents(part.title, part.sections, part.prefix)));
  node("sheet").replaceChildren(...parts.flatMap((part) => [
    element("h2", { class: "part" }, [part.title]),
    element("div", { class: "preface" }, paragraphs(part.text)),
    ...part.sections.map((one, n) => section(one, `${part.prefix}-${n}`, part.prefix === "socket")),
  ]));
  follow();
}

node("home").href = withToken("./");
node("openapi").href = withToken("openapi.json");
node("asyncapi").href = withToken("asyncapi.json");
node("find").addEventListener("input", () => filter(node("find").value));
node("find").addEventListener("keydown", (event) => {
  if (event.key === "Enter") node("contents").querySelector("li:not([hidden]) > a[data-words]:not([hidden])")?.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  node("find").focus();
});
window.addEventListener("hashchange", follow);
show().catch((error) => node("sheet").replaceChildren(element("p", { class: "trouble" }, [error.message])));
