/** The engine and the graph: asked for when the first query is, then kept; and the worker in which they run. */
import { address, file, json } from "./page.js";

let kept; // a promise of what a worker starts from
let worker;
let waiting;

export class Stopped extends Error {}

/** The answer to a query. @throws {Stopped} it was stopped; {Error} what the engine says. */
export async function ask(question) {
  worker ??= start();
  const current = worker;
  await current.started;
  if (current !== worker) throw new Stopped();
  const answer = await new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    current.postMessage(question);
  });
  if (answer.broken) stop(); // it ran out of memory or stack: what is left of it is not to be trusted
  if (answer.error !== undefined) throw Object.assign(new Error(answer.error), { mistake: answer.mistake });
  return answer;
}

/** End the query that runs, if any; another worker stands ready for the next. */
export function stop() {
  worker?.terminate();
  worker = kept && start();
  waiting?.reject(new Stopped());
  waiting = null;
}

function start() {
  const made = new Worker(address("assets/worker.js"), { type: "module" });
  made.onmessage = ({ data }) => waiting?.resolve(data);
  made.onerror = (event) => {
    event.preventDefault();
    waiting?.reject(new Error(event.message || "worker"));
  };
  kept ??= Promise.all([compiled(), graph()]);
  made.started = kept.then(
    ([module, graph]) => made.postMessage({ module, graph }),
    (error) => {
      [kept, worker] = [undefined, undefined];
      made.terminate();
      throw error;
    },
  );
  made.started.catch(() => {}); // whoever asks is told
  return made;
}

async function graph() {
  const { stem } = await json("site.json");
  return (await file(`${stem}.nt`)).text();
}

async function compiled() {
  const response = await file("assets/oxigraph.wasm");
  return response.headers.get("Content-Type") === "application/wasm"
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
