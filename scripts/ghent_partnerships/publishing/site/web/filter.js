// Filters a long list by words, and opens what an address names in a folded part of the page.

const field = document.querySelector(".filtering");
const input = field?.querySelector("input");

/** The text without accents and capitals. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

if (field && input) {
  const items = [...document.querySelectorAll("[data-filter]")].map((item) => ({ item, text: plain(item.textContent) }));
  const sections = [...document.querySelectorAll("main section:has([data-filter])")];
  const status = field.querySelector("[role=status]");
  field.hidden = false;
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { item, text } of items) {
      item.hidden = !words.every((word) => text.includes(word));
      shown += item.hidden ? 0 : 1;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector("[data-filter]:not([hidden])");
    }
    status.textContent = shown ? "" : status.dataset.none;
  });
}

/** Unfold what the fragment of the address names: older browsers leave it folded. */
function reveal() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = named?.closest("details");
  if (folded && !folded.open) {
    folded.open = true;
    named.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);
reveal();
