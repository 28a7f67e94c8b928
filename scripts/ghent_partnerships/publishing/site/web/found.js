/** The page of results: what the address asks for, each with what it is. */
import { element, ngettext, _ } from "./page.js";
import { home, load } from "./search.js";

const MOST = 100;
const by = (id) => document.getElementById(id);
const field = by("wanted");

async function search() {
  const wanted = field.value.trim();
  by("every").hidden = Boolean(wanted);
  by("results").replaceChildren();
  by("number").textContent = "";
  if (!wanted) return;
  try {
    const found = (await load())(wanted, MOST);
    if (wanted !== field.value.trim()) return;
    by("results").append(...found.map(item));
    const count = ngettext("1 result", "{number} results", found.length, { number: found.length });
    by("number").textContent = found.length ? count : _("Nothing is called so, nor nearly so.");
    by("every").hidden = found.length > 0;
  } catch {
    by("number").textContent = _("The search is out of reach.");
  }
}

function item(thing) {
  const { label, match, type, facts } = thing;
  const other = match ? [element("span", { class: "match", lang: match.language || null, dir: "auto" }, match.name), " "] : [];
  const about = facts.length ? [element("span", { class: "facts" }, facts.join(" · "))] : [];
  return element("li", {}, element("a", { href: home(thing), dir: "auto" }, label), " ", ...other, element("span", { class: "type" }, type), ...about);
}

/** The address keeps what is looked for, so that it can be shared. */
function keep() {
  const asked = field.value.trim();
  history.replaceState(null, "", asked ? `?${new URLSearchParams({ q: asked })}` : location.pathname);
  for (const other of document.querySelectorAll("a.language")) other.search = location.search;
}

field.value = new URLSearchParams(location.search).get("q") ?? "";
field.addEventListener("input", () => (keep(), search()));
field.form.addEventListener("submit", (event) => (event.preventDefault(), keep(), search()));
keep();
search();
