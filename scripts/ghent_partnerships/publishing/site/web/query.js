/** The query page: a question, its parameters and its text; and the answer, stored or asked for. */
import { solutions } from "./answer.js";
import { ask, stop, Stopped } from "./engine.js";
import { address, element, file, json, language, _ } from "./page.js";
import { counted, table, views } from "./results.js";
import { bound, form, skeleton, term, value, Wrong } from "./sparql.js";

const by = (id) => document.getElementById(id);
const questions = new Map(Object.entries(JSON.parse(by("known").textContent)));
const FIRST = "twin-cities";
const EDITED = { name: "", summary: _("Your own query"), parameters: [], columns: {} };
const completions = Promise.all(["completions.json", "site.json"].map(json)).then(([names, site]) => ({ ...names, site }));
completions.catch(() => {}); // whoever waits for them is told

let known; // the completions, when they are here
let question = EDITED;
let text = "";
let editor;
let shown = 0; // which answer is awaited: a later one takes its place
let running = false;
let files = [];

async function start() {
  for (const link of document.querySelectorAll("[data-name]")) link.href = `#example=${link.dataset.name}`;
  by("workspace").firstElementChild.hidden = false;
  by("filter").addEventListener("input", filter);
  by("run").addEventListener("click", run);
  by("stop").addEventListener("click", stop);
  by("share").addEventListener("click", share);
  by("parameters").addEventListener("submit", (event) => (event.preventDefault(), run()));
  window.addEventListener("hashchange", restore);
  restore();
  known = await completions;
  suggest();
  const { edit } = await import("./editor.js");
  by("plain").remove();
  const label = _("The query, in SPARQL");
  editor = edit(by("editor"), { text, label, known: () => known, changed: typed, run });
}

/** Show what the address says: an example with values for its parameters, or a query. */
function restore() {
  const place = new URLSearchParams(location.hash.slice(1));
  const written = place.get("query");
  if (written !== null) {
    choose(EDITED);
    write(written);
  } else {
    choose(questions.get(place.get("example")) ?? questions.get(FIRST) ?? questions.values().next().value ?? EDITED);
    for (const field of question.parameters) {
      const given = place.get(field.name);
      if (given === null) continue;
      input(field.name).value = given;
      bind(field);
    }
  }
  for (const link of document.querySelectorAll("[data-name]")) {
    if (link.dataset.name === question.name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const other of document.querySelectorAll("a.language")) other.hash = location.hash;
  if (text === question.text && question.answer) {
    stored().catch(() => status(_("The stored answer is out of reach.")));
  }
}

/** Take a question, as it is. */
function choose(next) {
  question = next;
  by("parameters").replaceChildren(...question.parameters.map(field));
  suggest();
  fail("");
  clear();
  write(question.text ?? "");
}

/** Say what is asked: the question, or, where more than the values of its parameters was changed, one's own. */
function head() {
  const edited = skeleton(text) !== skeleton(question.text ?? "");
  by("question").textContent = edited ? EDITED.summary : question.summary;
  by("parameters").hidden = edited;
}

function write(next) {
  text = next;
  head();
  if (editor) editor.set(text);
  else if (by("plain")) by("plain").textContent = text;
}

/** A parameter of the question as a labelled field. */
function field({ kind, label, name, value }) {
  const id = `parameter-${name}`;
  const attributes = { id, name, value, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-wrong` };
  if (kind === "year" || kind === "integer") attributes.inputmode = "numeric";
  if (kind === "iri" || kind === "language") attributes.list = `suggested-${kind}`;
  const made = element("input", { ...attributes, class: kind, input: () => bind({ name }) });
  const wrong = element("span", { id: `${id}-wrong`, class: "wrong" });
  return element("div", { class: "parameter" }, element("label", { for: id }, label), made, wrong);
}

const input = (name) => by(`parameter-${name}`);

/** Put the value of a field into the query, if it is one. */
function bind({ name }) {
  const of = question.parameters.find((parameter) => parameter.name === name);
  const wrong = by(`parameter-${name}-wrong`);
  try {
    const next = bound(text, name, term(of, input(name).value, text, known?.prefixes ?? {}));
    if (next === null) throw new Wrong(_("the query has no VALUES ?{name} { … } any more", { name }));
    wrong.textContent = "";
    input(name).removeAttribute("aria-invalid");
    if (next !== text) {
      write(next);
      clear();
    }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    wrong.textContent = error.message;
    input(name).setAttribute("aria-invalid", "true");
  }
}

/** The text was changed in the editor: the fields follow. */
function typed(next) {
  text = next;
  fail("");
  head();
  for (const { name } of question.parameters) {
    const now = value(text, name);
    if (now !== null && document.activeElement !== input(name)) input(name).value = now;
  }
}

/** Offer names for the fields that take an IRI, and the languages that names are in. */
function suggest() {
  if (!known) return;
  const column = known.spoken.indexOf(language);
  const offered = {
    iri: known.resources.map(([name, ...labels]) => element("option", { value: name }, labels[column])),
    language: known.languages.map((language) => element("option", { value: language })),
  };
  for (const [kind, options] of Object.entries(offered)) {
    if (question.parameters.some((parameter) => parameter.kind === kind) && !by(`suggested-${kind}`)) {
      by("workspace").append(element("datalist", { id: `suggested-${kind}` }, ...options));
    }
  }
}

/** What follows the # in an address that brings this back. */
function fragment() {
  const place = new URLSearchParams();
  if (question.name) {
    place.set("example", question.name);
    let same = question.text;
    for (const { name, value: first } of question.parameters) {
      const now = value(text, name);
      if (now === null || now === first) continue;
      place.set(name, now);
      same = bound(same, name, term(question.parameters.find((parameter) => parameter.name === name), now, same, known?.prefixes ?? {}));
    }
    if (same === text) return place.toString();
  }
  return new URLSearchParams({ query: text }).toString();
}

async function share() {
  keepPlace();
  try {
    await navigator.clipboard.writeText(location.href);
    status(_("The link is copied."));
  } catch {
    status(_("The link is in the address bar."));
  }
}

/** The address says what the page shows. */
function keepPlace() {
  history.replaceState(null, "", `#${fragment()}`);
  for (const other of document.querySelectorAll("a.language")) other.hash = location.hash;
}

/** Show the answer that is published with the question. */
async function stored() {
  const turn = ++shown;
  const found = solutions(await (await file(question.answer)).text());
  known ??= await completions;
  if (turn !== shown) return;
  show(found);
  status(_("{summary}, stored.", { summary: summary(found) }));
}

async function run() {
  if (running) return;
  const turn = ++shown;
  fail("");
  let of;
  try {
    of = form(text);
  } catch (error) {
    clear();
    fail(error.message, error.offset);
    return;
  }
  keepPlace();
  busy(true);
  status(_("Running…"));
  const slow = setTimeout(() => status(_("Still running; Stop ends it.")), 3000);
  try {
    known ??= await completions;
    const found = await ask({ text, form: of, prefixes: known.prefixes });
    if (turn !== shown) return;
    show(found);
    status(_("{summary} in {duration}.", { summary: summary(found), duration: duration(found.took) }));
    offline();
  } catch (error) {
    if (turn !== shown) return;
    clear();
    if (error instanceof Stopped) status(_("Stopped."));
    else explain(error);
  } finally {
    clearTimeout(slow);
    busy(false);
  }
}

const duration = (took) => `${took < 10 ? took.toFixed(1) : Math.round(took)} ms`;

function busy(now) {
  running = now;
  const focused = document.activeElement === by("stop");
  by("run").disabled = now;
  by("stop").hidden = !now;
  if (focused) by("run").focus();
  by("workspace").setAttribute("aria-busy", String(now));
}

/** What is wrong with the query, and where; or else what the engine says. */
function explain({ message, mistake }) {
  status("");
  if (!mistake) return fail(_("The engine says: {message}", { message }));
  return fail(_("this is not SPARQL: {what}", { what: mistake.parts.map(([text, values]) => _(text, values)).join(" ") }), mistake.offset);
}

/** Say what is wrong, and mark where; nothing is wrong if there is no message. */
function fail(message, offset = null) {
  by("error").replaceChildren();
  editor?.mark(offset);
  if (!message) return;
  status("");
  if (offset !== null) {
    const before = text.slice(0, offset).split("\n");
    const [line, column] = [before.length, [...before.at(-1)].length + 1];
    const name = _("Line {line}, column {column}", { line, column });
    by("error").append(element("button", { type: "button", click: () => editor?.go(offset) }, name), ": ");
  }
  by("error").append(message);
}

/** Show an answer: as a table, as Turtle, or as yes or no; and offer the pictures that its columns allow. */
function show(answer) {
  by("answer").hidden = false;
  by("picture").hidden = true;
  by("views").replaceChildren();
  by("result").replaceChildren(
    answer.turtle !== undefined
      ? element("pre", { tabindex: "0", "aria-label": "Turtle" }, answer.turtle)
      : answer.boolean !== undefined
        ? element("p", { class: "boolean" }, answer.boolean ? _("Yes") : _("No"))
        : table(answer, known, question.columns),
  );
  const offered = Object.entries(views(answer, known));
  if (offered.length) {
    const options = [["table", { title: _("Table") }], ...offered];
    by("views").append(...options.map(([name, { title, draw }]) => choice(name, title, draw)));
  }
  for (const file of files) URL.revokeObjectURL(file);
  const names = { csv: "CSV", json: "JSON", ttl: "Turtle" };
  const links = Object.entries(answer.files).map(([ending, content]) => {
    const href = URL.createObjectURL(content);
    return element("a", { href, download: `${question.name || "query"}.${ending}` }, _("Download {format}", { format: names[ending] }));
  });
  files = links.map((link) => link.href);
  by("files").replaceChildren(...links);
}

function choice(name, title, draw) {
  const attributes = { type: "radio", name: "view", value: name, id: `view-${name}` };
  const made = element("input", { ...attributes, change: () => picture(draw) });
  made.checked = name === "table";
  return element("label", {}, made, element("span", {}, title));
}

async function picture(draw) {
  const turn = shown;
  const drawn = draw ? await draw() : null;
  if (turn !== shown) return;
  by("picture").hidden = !drawn;
  by("picture").replaceChildren(...(drawn ? [drawn] : []));
}

function summary(answer) {
  if (answer.turtle !== undefined) return _("A graph");
  if (answer.boolean !== undefined) return answer.boolean ? _("Yes") : _("No");
  return counted(answer);
}

function clear() {
  shown += 1;
  by("answer").hidden = true;
  status("");
}

function status(message) {
  by("status").textContent = message;
}

function filter() {
  const wanted = by("filter").value.trim().toLowerCase();
  for (const list of by("list").querySelectorAll("ul")) {
    for (const item of list.children) item.hidden = !item.textContent.toLowerCase().includes(wanted);
    list.hidden = list.previousElementSibling.hidden = [...list.children].every((item) => item.hidden);
  }
}

/** After the first run, keep what the page needs for when there is no network. */
async function offline() {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(address("offline.js"));
    await navigator.serviceWorker.ready;
    document.documentElement.dataset.offline = "ready";
  } catch {
    // it works without, as long as there is a network
  }
}

start();
