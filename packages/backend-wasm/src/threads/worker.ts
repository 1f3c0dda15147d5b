// What a worker runs, as text: it starts from there in Node, in pages and in whatever a bundler makes of them, without a file of its own.
//
// A worker sleeps (`Atomics.wait`) where nothing is to be done, and hears messages only outside: whoever sends one counts it and wakes
// the worker. While it is in a program it says so, so that nobody frees the memory it looks at. A program that finds no memory in a worker
// is computed by the other threads.

/** Words that all threads share, by their places. */
export const words = { signal: 0, sleeping: 1, current: 2, runs: 3, failed: 4, text: 5 } as const;
/** The most characters of an error's message that are passed on. */
export const mostText = 200;
/** The words of one worker: the program it is in, and how many letters were sent to it. */
export const placeOf = (worker: number): number => words.text + mostText + 2 * worker;
export const lettersOf = (worker: number): number => placeOf(worker) + 1;

/** The values of a module's variables, by their names. */
export type Globals = Readonly<Record<string, number>>;

/** A message to a worker. */
export type Letter =
  | { readonly kind: "start"; readonly words: Int32Array; readonly place: number }
  | {
      readonly kind: "add";
      readonly id: number;
      readonly module: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
      /** Variables of the module: the addresses of the worker's own memory, and its number among the threads. */
      readonly globals: Globals;
      /** When the clock of whoever started it began. */
      readonly origin: number;
      /** The address of the word with the number of pending pieces. */
      readonly pending: number;
    }
  | { readonly kind: "drop"; readonly id: number };

export const source = /* js */ `
const port = typeof require === "function" ? require("node:worker_threads").parentPort : self;
const programs = new Map();
let words, place, read = 0;
const take = (letter) => {
  if (letter.kind === "start") ({ words, place } = letter);
  if (letter.kind === "drop") programs.delete(letter.id);
  if (letter.kind === "add") {
    const { id, module, memory, globals, pending, origin } = letter;
    const none = () => {};
    const shift = performance.timeOrigin - origin;
    const clock = () => performance.now() + shift;
    const { exports } = new WebAssembly.Instance(module, { env: { memory, wake: none, wait: none, clock } });
    for (const name in globals) exports[name].value = globals[name];
    programs.set(id, { serve: exports.serve, left: new Int32Array(memory.buffer, pending, 1) });
  }
};
const hear = ({ data }) => {
  try { take(data); } catch {}
  if (++read >= Atomics.load(words, place + 1)) work();
};
if (port.on) port.on("message", (data) => hear({ data }));
else port.onmessage = hear;

function serve({ serve, left }) {
  try {
    serve();
  } catch (error) {
    const text = String(error?.message ?? error).slice(0, ${mostText});
    if (Atomics.compareExchange(words, ${words.failed}, 0, text.length || 1) === 0)
      for (let i = 0; i < text.length; i++) words[${words.text} + i] = text.charCodeAt(i);
    if (Atomics.sub(left, 0, 1) === 1) Atomics.notify(left, 0);
  }
}

function work() {
  for (;;) {
    const signal = Atomics.load(words, ${words.signal});
    const runs = Atomics.load(words, ${words.runs});
    if (Atomics.load(words, place + 1) > read) return;
    const id = Atomics.load(words, ${words.current});
    const program = programs.get(id);
    if (program) {
      Atomics.store(words, place, id);
      if (Atomics.load(words, ${words.current}) === id) serve(program);
      Atomics.store(words, place, 0);
      Atomics.notify(words, place);
    }
    const until = performance.now() + 0.05;
    while (Atomics.load(words, ${words.current}) === 0 && performance.now() < until);
    if (Atomics.load(words, ${words.runs}) !== runs) continue;
    Atomics.store(words, ${words.sleeping}, 1);
    Atomics.wait(words, ${words.signal}, signal);
  }
}
`;
