/** The search at the head of every page; what it searches is loaded when somebody goes there. */
import { element, ngettext, page, _ } from "./page.js";

const place = document.querySelector("search.search");
const input = place.querySelector("input");
const list = place.querySelector("ul");
const status = place.querySelector("[role=status]");

const MOST = 8;

let finder; // a promise of what finds
let found = [];
let chosen = -1;
let asked = 0;

input.addEventListener("focus", () => load().catch(() => {}));
input.addEventListener("input", search);
input.addEventListener("keydown", keys);
input.addEventListener("blur", close);
list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", (event) => {
  const option = event.target.closest("li");
  if (option && !option.classList.contains("none")) open([...list.children].indexOf(option), event.ctrlKey || event.metaKey);
});
document.addEventListener("keydown", (event) => {
  const typing = event.composedPath()[0].closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
});

/** What finds, when it is here. */
export function load() {
  finder ??= import("./finder.js").then(({ find }) => find(place.dataset.index));
  finder.catch(() => (finder = undefined)); // another try may find a network
  return finder;
}

async function search() {
  const turn = ++asked;
  const wanted = input.value.trim();
  if (!wanted) return close();
  try {
    const find = await load();
    if (turn === asked) show(find(wanted, MOST));
  } catch {
    if (turn === asked) status.textContent = _("The search is out of reach.");
  }
}

function show(next) {
  found = next;
  list.replaceChildren(...found.map(option));
  if (found.length) list.append(element("li", { id: "found-all", class: "all", role: "option", "aria-selected": "false" }, _("All results")));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  choose(found.length ? 0 : -1);
  const none = _("Nothing found");
  if (!found.length) list.append(element("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, none));
  const count = ngettext("1 result", "{number} results", found.length, { number: found.length });
  status.textContent = found.length ? count : none;
}

function option({ label, match, type, facts }, number) {
  const name = element("span", { class: "label", dir: "auto" }, label);
  const other = match ? [element("span", { class: "match", lang: match.language || null, dir: "auto" }, match.name)] : [];
  const year = facts.filter((fact) => /^\d+$/.test(fact)).slice(0, 1);
  const attributes = { id: `found-${number}`, role: "option", "aria-selected": "false" };
  return element("li", attributes, name, " ", ...other.flatMap((hint) => [hint, " "]), element("span", { class: "type" }, [...year, type].join(" · ")));
}

function choose(number) {
  chosen = number;
  [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) input.removeAttribute("aria-activedescendant");
  else {
    input.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  }
}

function close() {
  asked += 1;
  found = [];
  chosen = -1;
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  status.textContent = "";
}

/** The page about a thing. */
export const home = ({ folder, slug }) => (folder === "ontology" ? page("ontology", slug) : page(`doc/${folder}/${slug}`));

/** Go to what was chosen, or, where that is none of the things, to the page of all results. */
function open(number, apart) {
  const to = found[number] ? home(found[number]) : `${page("search")}?${new URLSearchParams({ q: input.value.trim() })}`;
  if (apart) window.open(to);
  else {
    close();
    location.assign(to);
  }
}

function keys(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const number = found.length + 1; // and all
  if (step && list.hidden) search();
  else if (step && found.length) choose((chosen + step + number) % number);
  else if (event.key === "Enter" && input.value.trim()) open(chosen, event.ctrlKey || event.metaKey);
  else if (event.key === "Escape" && !list.hidden) close();
  else return;
  event.preventDefault();
}
