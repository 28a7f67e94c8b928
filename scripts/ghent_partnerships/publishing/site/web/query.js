/** The page that asks: a question, its parameters and its text; and the answer, stored or asked for. */
import { solutions } from "./answer.js";
import { ask, stop, Stopped } from "./engine.js";
import { address, element, file, json, language, page, _ } from "./page.js";
import { all, choicesOf, place } from "./questions.js";
import { counted, result, views } from "./results.js";
import { bound, form, skeleton, term, value, withPrefixes, Wrong } from "./sparql.js";

const by = (id) => document.getElementById(id);
const FIRST = "twin-cities";
const EDITED = { name: "", summary: _("Your own query"), parameters: [], columns: {} };
const TABLE = "table";
const narrow = matchMedia("(max-width: 48rem)");
const completions = Promise.all(["completions.json", "site.json"].map(json)).then(([names, site]) => ({ ...names, site }));
completions.catch(() => {}); // whoever waits for them is told

let known; // the completions, when they are here
let question = EDITED;
let text = "";
let editor;
let shown = 0; // which answer is awaited: a later one takes its place
let running = 0; // the run that is not over, if any
let awaited = ""; // what it asks
let view = TABLE;
let files = [];

async function start() {
  for (const link of document.querySelectorAll("[data-name]")) link.href = `#example=${link.dataset.name}`;
  by("workspace").firstElementChild.hidden = false;
  by("questions").open = !narrow.matches;
  narrow.addEventListener("change", () => (by("questions").open = !narrow.matches));
  by("filter").addEventListener("input", filter);
  by("list").addEventListener("click", chosen);
  by("run").addEventListener("click", run);
  by("stop").addEventListener("click", stop);
  by("share").addEventListener("click", () => copy("link"));
  by("embed").addEventListener("click", () => copy("snippet"));
  by("parameters").addEventListener("submit", (event) => (event.preventDefault(), answer()));
  by("query").addEventListener("toggle", unfold);
  window.addEventListener("hashchange", restore);
  restore();
  known = await completions;
  suggest();
}

/** On a narrow screen the list of questions folds when one is taken, so that its answer is in sight. */
function chosen(event) {
  if (!narrow.matches || !event.target.closest("a")) return;
  by("questions").open = false;
  by("question").focus();
}

/** Load the editor when somebody looks at the query. */
async function unfold() {
  if (!by("query").open || !by("plain") || by("plain").hidden) return;
  by("plain").hidden = true;
  try {
    known ??= await completions;
    const { edit } = await import("./editor.js");
    const label = _("The query, in SPARQL");
    editor = edit(by("editor"), { text, label, known: () => known, changed: typed, run });
    by("plain").remove();
  } catch {
    by("plain").hidden = false; // it can be read, as long as there is no network
  }
}

/** Show what the address says: a question with values for its parameters, or a query; and how. */
function restore() {
  const given = place();
  const written = given.get("query");
  view = given.get("view") ?? TABLE;
  if (written !== null) {
    choose(EDITED);
    write(written);
    by("query").open = true;
  } else {
    choose(all.get(given.get("question")) ?? all.get(FIRST) ?? all.values().next().value ?? EDITED);
    for (const field of question.parameters) {
      const value = given.get(field.name);
      if (value === null) continue;
      put(field, value);
      bind(field);
    }
  }
  for (const link of document.querySelectorAll("[data-name]")) {
    if (link.dataset.name === question.name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const other of document.querySelectorAll("a.language")) other.hash = location.hash;
  if (written === null && question.name) answer();
  else addresses();
}

/** Show the answer to what is asked now: the one that is published with the question, or what the engine finds. */
function answer() {
  if (by("parameters").querySelector("[aria-invalid]")) return undefined;
  if (text !== question.text || !question.answer) return run();
  if (running) stop();
  fail("");
  keepPlace();
  return stored().catch(() => status(_("The stored answer is out of reach.")));
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

/** A parameter of the question as a labelled field: a list to choose from where there is one. */
function field(of) {
  const { kind, label, name, value } = of;
  const id = `parameter-${name}`;
  const attributes = { id, name, class: kind, autocomplete: "off", "aria-describedby": `${id}-wrong` };
  const changed = () => (bind(of), answer());
  const choices = choicesOf(of);
  const made = choices
    ? element("select", { ...attributes, change: changed }, ...choices.map(([value, label]) => element("option", { value }, label)))
    : element("input", { ...attributes, spellcheck: "false", input: () => (bind(of), clear()), change: changed });
  if (!choices && (kind === "year" || kind === "integer")) made.setAttribute("inputmode", "numeric");
  if (!choices && kind === "iri") made.setAttribute("list", "suggested");
  fit(made, value);
  const wrong = element("span", { id: `${id}-wrong`, class: "wrong" });
  return element("div", { class: "parameter" }, element("label", { for: id }, label), made, wrong);
}

/** Give a field a value; a list to choose from takes it up if it lacks it. */
function fit(made, value) {
  if (made.localName === "select" && ![...made.options].some((option) => option.value === value)) {
    made.append(element("option", { value }, value));
  }
  made.value = value;
}

const input = (name) => by(`parameter-${name}`);
const put = ({ name }, value) => fit(input(name), value);

/** Put the value of a field into the query, if it is one. */
function bind(of) {
  const { name } = of;
  const wrong = by(`parameter-${name}-wrong`);
  try {
    const next = bound(text, name, term(of, input(name).value, text, known?.prefixes ?? {}));
    if (next === null) throw new Wrong(_("the query has no VALUES ?{name} { … } any more", { name }));
    wrong.textContent = "";
    input(name).removeAttribute("aria-invalid");
    if (next !== text) write(next);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    wrong.textContent = error.message;
    input(name).setAttribute("aria-invalid", "true");
    clear();
  }
}

/** The text was changed in the editor: the fields follow. */
function typed(next) {
  text = next;
  fail("");
  head();
  for (const { name } of question.parameters) {
    const now = value(text, name);
    if (now !== null && document.activeElement !== input(name)) fit(input(name), now);
  }
}

/** Offer names for the fields that take any IRI. */
function suggest() {
  if (!known || by("suggested") || !question.parameters.some((of) => of.kind === "iri" && !choicesOf(of))) return;
  const column = known.spoken.indexOf(language);
  const options = known.resources.map(([name, ...labels]) => element("option", { value: name }, labels[column]));
  by("workspace").append(element("datalist", { id: "suggested" }, ...options));
}

/** What an address says that brings this back: the question by the name that is given for it, or the query. */
function asked(name) {
  const place = new URLSearchParams();
  const values = question.name ? changed() : null;
  if (values) {
    place.set(name, question.name);
    for (const [parameter, now] of values) place.set(parameter, now);
  } else place.set("query", text);
  if (view !== TABLE) place.set("view", view);
  return place;
}

/** The values of the parameters that are others than at first; null if more of the query was changed. */
function changed() {
  const values = new Map();
  let same = question.text;
  for (const of of question.parameters) {
    const now = value(text, of.name);
    if (now === null || now === of.value) continue;
    values.set(of.name, now);
    same = bound(same, of.name, term(of, now, same, known?.prefixes ?? {}));
  }
  return same === text ? values : null;
}

/** Show the addresses of what is asked, here and alone. What is one's own stands behind the #: hosts never see it. */
function addresses() {
  by("link").value = `${location.origin}${location.pathname}#${asked("example")}`;
  const place = asked("question");
  const src = `${page("embed")}${place.has("query") ? "#" : "?"}${place}`;
  const frame = element("iframe", { src, title: by("question").textContent, width: "100%", height: "480", loading: "lazy" });
  by("snippet").value = frame.outerHTML;
}

async function copy(id) {
  keepPlace();
  by(id).select();
  try {
    await navigator.clipboard.writeText(by(id).value);
    status(_("It is copied."));
  } catch {
    status(_("It is selected, to be copied."));
  }
}

/** The address says what the page shows. */
function keepPlace() {
  if (location.hash || location.search || question.name !== FIRST || text !== question.text || view !== TABLE) {
    history.replaceState(null, "", `${location.pathname}#${asked("example")}`);
  }
  for (const other of document.querySelectorAll("a.language")) other.hash = location.hash;
  addresses();
}

/** Show the answer that is published with the question. */
async function stored() {
  const turn = ++shown;
  const found = solutions(await (await file(question.answer)).text());
  known ??= await completions;
  if (turn !== shown) return;
  show(found);
  status(summary(found));
}

async function run() {
  if (running && text === awaited) return;
  if (running) stop();
  const turn = ++shown;
  fail("");
  let of;
  try {
    known ??= await completions;
    write(withPrefixes(text, known.prefixes));
    of = form(text);
  } catch (error) {
    clear();
    by("query").open = true;
    fail(error.message, error.offset);
    return;
  }
  keepPlace();
  busy(turn);
  awaited = text;
  status(_("Running…"));
  const slow = setTimeout(() => status(_("Still running; Stop ends it.")), 3000);
  try {
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
    if (running === turn) busy(0);
  }
}

const duration = (took) => `${took < 10 ? took.toFixed(1) : Math.round(took)} ms`;

/** Show that a run is not over, or, with 0, that none is. */
function busy(turn) {
  running = turn;
  const focused = document.activeElement === by("stop");
  by("stop").hidden = !turn;
  if (focused && !turn) (by("query").open ? by("run") : by("question")).focus();
  by("workspace").setAttribute("aria-busy", String(turn > 0));
}

/** What is wrong with the query, and where; or else what the engine says. */
function explain({ message, mistake }) {
  status("");
  by("query").open = true;
  if (!mistake) return fail(_("The query could not be answered: {message}", { message }));
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

/** Show an answer, and the pictures that its columns allow: the one that was chosen, if it is among them. */
function show(found) {
  by("answer").hidden = false;
  by("picture").hidden = true;
  by("views").replaceChildren();
  by("result").replaceChildren(result(found, known, question.columns));
  const offered = Object.entries(views(found, known, question.columns));
  if (!offered.some(([name]) => name === view)) view = TABLE;
  if (offered.length) {
    const options = [[TABLE, { title: _("Table") }], ...offered];
    by("views").append(...options.map(([name, { title, draw }]) => choice(name, title, draw)));
    picture(offered.find(([name]) => name === view)?.[1].draw);
  }
  for (const file of files) URL.revokeObjectURL(file);
  const names = { csv: "CSV", json: "JSON", ttl: "Turtle" };
  const links = Object.entries(found.files).map(([ending, content]) => {
    const href = URL.createObjectURL(content);
    return element("a", { href, download: `${question.name || "query"}.${ending}` }, _("Download {format}", { format: names[ending] }));
  });
  files = links.map((link) => link.href);
  by("files").replaceChildren(...links);
  addresses();
}

function choice(name, title, draw) {
  const change = () => {
    view = name;
    picture(draw);
    keepPlace();
  };
  const made = element("input", { type: "radio", name: "view", value: name, id: `view-${name}`, change });
  made.checked = name === view;
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
