/** The questions that the page knows, what there is to choose from for their parameters, and what an address asks. */
import { bound, term } from "./sparql.js";

const { choices, questions } = JSON.parse(document.getElementById("known").textContent);

/** The questions by their names. */
export const all = new Map(Object.entries(questions));

/** What there is to choose from for a parameter, each with its label; null where a person types. */
export const choicesOf = (field) => (field.choices ? choices[field.choices] : null);

/** What the address of the page asks for, as parameters: behind the # or the ?; of the same name the former counts. */
export function place() {
  const given = new URLSearchParams(location.search);
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) given.set(name, value);
  if (given.has("example")) given.set("question", given.get("example"));
  return given;
}

/** The text of a question with the values that an address gives to its parameters.
 *
 * @throws {Wrong} a value is not of the kind of its parameter.
 */
export function filled(question, given, prefixes) {
  let text = question.text;
  for (const field of question.parameters) {
    const value = given.get(field.name);
    if (value !== null && value !== field.value) text = bound(text, field.name, term(field, value, text, prefixes)) ?? text;
  }
  return text;
}
