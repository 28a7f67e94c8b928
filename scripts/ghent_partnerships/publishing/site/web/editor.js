/** The editor, in a shadow root: there its styles are constructed sheets, and none stands in an attribute or an element. */
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { Annotation, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { language, _ } from "./page.js";
import { declared } from "./sparql.js";

const KEYWORDS =
  "ASK ASC BASE BIND BY CONSTRUCT COUNT DESC DESCRIBE DISTINCT EXISTS FILTER GROUP HAVING IF LANG LIMIT MINUS NOT OFFSET OPTIONAL ORDER PREFIX SELECT STR UNION VALUES WHERE".split(
    " ",
  );
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.string, tags.atom, tags.literal], color: "var(--wrong)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--inferred)" },
]);
const theme = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", borderRadius: "4px", color: "var(--ink)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.75rem 0" },
  ".cm-gutters": { backgroundColor: "transparent", border: "0", color: "var(--muted)" },
  ".cm-wrong": { textDecoration: "underline wavy var(--wrong) 2px", textUnderlineOffset: "4px" },
  ".cm-wrong-line": { backgroundColor: "var(--mark)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", border: "1px solid var(--line)", color: "var(--ink)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--paper)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", maxWidth: "20rem", padding: "0.5rem" },
});
const silent = Annotation.define(); // what the page itself sets, of which it gets no notice
const setWrong = StateEffect.define();
const wrong = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setWrong)) return effect.value;
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Put an editor into a host. `known()` are the completions, if they are here; `changed` gets the text, and the keys call `run`. */
export function edit(host, { text, label, known, changed, run }) {
  const shadow = host.attachShadow({ mode: "open" });
  const listener = EditorView.updateListener.of(({ docChanged, state, transactions }) => {
    if (docChanged && !transactions.some((transaction) => transaction.annotation(silent))) changed(state.doc.toString());
  });
  const view = new EditorView({
    root: shadow,
    parent: shadow,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }])),
        lineNumbers(),
        history(),
        highlightSpecialChars(),
        bracketMatching(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, autocapitalize: "off" }),
        EditorView.darkTheme.of(matchMedia("(prefers-color-scheme: dark)").matches),
        StreamLanguage.define(sparql),
        syntaxHighlighting(colours),
        autocompletion({ override: [(context) => complete(context, known())], icons: false }),
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        wrong,
        theme,
        EditorView.domEventHandlers({ beforeinput: over }),
        listener,
      ],
    }),
  });
  return {
    /** Put another text in the place of the one that is there. */
    set(next) {
      if (next === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, annotations: silent.of(true) });
    },
    /** Mark what is wrong at an offset; nothing if it is null. */
    mark(offset) {
      view.dispatch({ effects: setWrong.of(offset === null ? Decoration.none : marks(view.state, offset)) });
    },
    /** Go to a place in the text. */
    go(offset) {
      view.dispatch({ selection: { anchor: Math.min(offset, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
  };
}

/** Type over what is selected. Left to do it, Chromium writes a style attribute, against which a strict policy speaks. */
function over(event, view) {
  if (event.inputType !== "insertText" || event.data === null || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(event.data), { scrollIntoView: true, userEvent: "input.type" });
  event.preventDefault();
  return true;
}

function marks(state, offset) {
  const at = Math.min(offset, state.doc.length);
  const line = state.doc.lineAt(at);
  const from = at === line.to && at > line.from ? at - 1 : at; // at the end of a line there is nothing to underline
  const word = /^(?:[\w:?$-]+|.)/u.exec(line.text.slice(from - line.from))?.[0] ?? "";
  const found = [Decoration.line({ class: "cm-wrong-line" }).range(line.from)];
  if (word) found.push(Decoration.mark({ class: "cm-wrong" }).range(from, from + word.length));
  return Decoration.set(found);
}

/** What can stand where the cursor is. */
function complete(context, known) {
  const before = context.matchBefore(/[?$]?[\w-]*(?::[\w-]*)?/);
  if (!known || (before.from === before.to && !context.explicit)) return null;
  if (/^[?$]/.test(before.text)) {
    const found = new Set(context.state.doc.toString().match(/[?$]\w+/g));
    found.delete(before.text);
    return { from: before.from, options: [...found].map((label) => ({ label })) };
  }
  return { from: before.from, options: options(known), validFor: /^[\w-]*(?::[\w-]*)?$/ };
}

let made;
function options(known) {
  const column = known.spoken.indexOf(language);
  made ??= [
    ...known.terms.map(([name, ...texts]) => ({
      label: name,
      detail: texts[column],
      info: texts[known.spoken.length + column] || undefined,
      boost: 2,
      apply: declaring(known),
    })),
    ...known.resources.map(([name, ...labels]) => ({
      label: name,
      detail: labels[column],
      apply: declaring(known),
    })),
    ...Object.entries(known.prefixes).map(([name, iri]) => ({
      label: `${name}:`,
      detail: _("prefix"),
      info: iri,
      boost: -1,
      apply: declaring(known),
    })),
    ...KEYWORDS.map((label) => ({ label, boost: 1 })),
  ];
  return made;
}

/** Puts a name in its place, and declares its prefix if the query does not. */
const declaring = (known) => (view, { label }, from, to) => {
  const text = view.state.doc.toString();
  const prefix = label.split(":")[0];
  const changes = [{ from, to, insert: label }];
  let shift = 0;
  if (!declared(text).has(prefix)) {
    const head = /^(?:\s*#[^\n]*\n)*/.exec(text)[0].length;
    const insert = `PREFIX ${prefix}: <${known.prefixes[prefix]}>\n`;
    if (head <= from) {
      changes.unshift({ from: head, insert });
      shift = insert.length;
    }
  }
  view.dispatch({ changes, selection: { anchor: from + shift + label.length }, userEvent: "input.complete" });
};
