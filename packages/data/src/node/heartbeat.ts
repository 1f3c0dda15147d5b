// Signs of life: files that a process holds are touched as long as it lives, also while its event loop is busy.
import { Worker } from "node:worker_threads";

/** Seconds between two signs. */
const interval = 5;

/** Seconds without a sign after which a holder that cannot be asked counts as gone. */
export const lease = 60;

// A thread of its own, since a training may keep the event loop for longer than a lease. It touches what it has opened, not what has that
// path later: the file of another process is not kept alive by this one.
const program = `
const { parentPort } = require("node:worker_threads");
const { openSync, closeSync, futimesSync } = require("node:fs");
const open = new Map();
const quietly = (work) => { try { return work(); } catch {} };
parentPort.on("message", ({ path, held }) => {
  if (open.has(path)) closeSync(open.get(path));
  open.delete(path);
  const descriptor = held ? quietly(() => openSync(path, "r+")) : undefined;
  if (descriptor !== undefined) open.set(path, descriptor);
});
setInterval(() => {
  const now = Date.now() / 1000;
  for (const descriptor of open.values()) quietly(() => futimesSync(descriptor, now, now));
}, ${interval * 1000});
`;

/** Undefined until it is asked for, and where processes may have no threads. */
let thread: Worker | undefined;
let forbidden = false;

/** Whether this process can touch what it holds. */
export function canTouch(): boolean {
  if (thread !== undefined || forbidden) return !forbidden;
  try {
    // Options of this process are not its own: with `--input-type=module`, say, it would not run.
    thread = new Worker(program, { eval: true, execArgv: [], env: {}, name: "hooke locks" });
    thread.unref();
  } catch {
    forbidden = true;
  }
  return !forbidden;
}

/** Touches a file every few seconds, until the function that is returned is called. */
export function keepAlive(path: string): () => void {
  if (!canTouch()) return () => undefined;
  const own = thread!;
  own.postMessage({ path, held: true });
  return () => own.postMessage({ path, held: false });
}
