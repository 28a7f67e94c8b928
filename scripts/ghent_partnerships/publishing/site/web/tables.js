/** Tables that readers sort by their columns and filter by a word. */
import { element, language, ngettext, _ } from "./page.js";

const { compare } = new Intl.Collator(language, { numeric: true });

for (const table of document.querySelectorAll("table[data-sortable]")) enliven(table);

function enliven(table) {
  const [body] = table.tBodies;
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = element("button", { type: "button", click: () => sort(head, column) }, ...head.childNodes);
    head.replaceChildren(button);
  });

  function sort(head, column) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[column].textContent.trim();
    const order = (one, other) => (!key(one) - !key(other)) || (down ? -1 : 1) * compare(key(one), key(other)); // what is empty is last
    body.append(...rows.toSorted(order));
  }

  const status = element("span", { role: "status", class: "count" });
  const filter = () => {
    const wanted = input.value.trim().toLocaleLowerCase(language);
    let count = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLocaleLowerCase(language).includes(wanted);
      count += !row.hidden;
    }
    status.textContent = wanted ? ngettext("1 row", "{number} rows", count, { number: String(count) }) : "";
  };
  const label = _("Only rows with this word");
  const input = element("input", { type: "search", "aria-label": label, placeholder: label, input: filter, spellcheck: "false" });
  table.before(element("p", { class: "filter" }, input, " ", status));
}
