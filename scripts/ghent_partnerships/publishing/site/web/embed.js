/** The answer to a question alone, as a table or a picture, for pages of others. */
import { solutions } from "./answer.js";
import { ask } from "./engine.js";
import { file, json, page, _ } from "./page.js";
import { all, filled, place } from "./questions.js";
import { result, views } from "./results.js";
import { form, withPrefixes } from "./sparql.js";

const by = (id) => document.getElementById(id);

/** The answer that is published with the question where the address changes nothing, else what the engine finds. */
async function answered(question, text, known) {
  if (question && text === question.text && question.answer) return solutions(await (await file(question.answer)).text());
  const whole = withPrefixes(text, known.prefixes);
  return ask({ text: whole, form: form(whole), prefixes: known.prefixes });
}

async function start() {
  const given = place();
  const question = given.has("query") ? null : all.get(given.get("question"));
  if (question === undefined) throw new Error(_("There is no such question."));
  const title = given.get("title") ?? question?.summary ?? _("Your own query");
  by("question").textContent = document.title = title;
  given.delete("example");
  by("asked").href = `${page("query")}#${given}`;
  const [names, site] = await Promise.all(["completions.json", "site.json"].map(json));
  const known = { ...names, site };
  const text = question ? filled(question, given, known.prefixes) : given.get("query");
  const answer = await answered(question, text, known);
  const columns = question?.columns ?? {};
  const view = views(answer, known, columns)[given.get("view")];
  if (view) {
    by("picture").hidden = false;
    by("picture").append(await view.draw());
  } else by("result").append(result(answer, known, columns));
  for (const link of document.querySelectorAll("#result a, #picture a")) link.setAttribute("target", "_blank");
}

start().catch((error) => by("error").append(_("The answer cannot be shown: {message}", { message: error.message })));
