// The workers of a JavaScript thread, which all its backends share: one program runs at a time, and who finds no work sleeps.
import { fail } from "@hooke/runtime";
import { control, controlBytes } from "./control.ts";
import { type Globals, type Letter, lettersOf, placeOf, source, words } from "./worker.ts";

/** Where no piece ends for this long, in milliseconds, a worker is taken to be dead: pieces take a thousandth of that. */
const longestPiece = 60_000;
const mostWorkers = 64;

const who = "backend wasm";
const cure =
  "Make a new backend, with { threads: 1 } if it happens again; a training goes on from its last checkpoint.";

/** Whether this thread may sleep. The main thread of a page may not: it looks again and again. */
function maySleep(words: Int32Array): boolean {
  try {
    Atomics.wait(words, 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** Starts a worker; where that is forbidden, letters go nowhere and other threads do the work. */
function startWorker(): (letter: Letter) => void {
  const node = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  try {
    if (node !== undefined) {
      const worker = new node.Worker(source, { eval: true, execArgv: [], env: {}, name: "hooke" });
      worker.on("error", () => {});
      // Neither the worker nor what is sent to it keeps a process alive.
      worker.unref();
      return (letter) => worker.postMessage(letter);
    }
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    worker.onerror = (event) => event.preventDefault();
    return (letter) => worker.postMessage(letter);
  } catch {
    return () => {};
  }
}

/** A program that threads compute together. */
export class SharedProgram {
  private readonly pool: Pool;
  readonly id: number;
  private readonly memory: WebAssembly.Memory;
  private readonly address: number;
  private readonly block: Int32Array;
  private readonly pending: Int32Array;

  /** @param address of the control block */
  constructor(pool: Pool, id: number, memory: WebAssembly.Memory, address: number, threads: number) {
    this.pool = pool;
    this.id = id;
    this.memory = memory;
    this.address = address;
    this.block = new Int32Array(memory.buffer, address, controlBytes(threads) / 4);
    this.pending = this.block.subarray(control.pending / 4);
    this.block.fill(0);
    this.set("over", 1);
  }

  /** What the program's module imports: it wakes workers that sleep, and returns once no piece is pending. */
  readonly wake = (): void => this.pool.wakeSleeping();
  readonly wait = (): void => {
    if (!this.pool.untilZero(this.pending)) this.refuse();
  };

  /** Has workers load the program, each with memory of its own, whose addresses are variables of the module. */
  start(module: WebAssembly.Module, own: readonly Globals[]): void {
    const { id, memory, address } = this;
    this.pool.send(
      own.map((each, i) => ({
        kind: "add",
        id,
        module,
        memory,
        globals: { ...each, thread: i + 1 },
        origin: performance.timeOrigin,
        pending: address + control.pending,
      })),
    );
    this.pool.register(this);
  }

  /** Calls the program's `main` while workers help. @throws where a thread failed */
  run(main: () => void): void {
    if (this.pool.lost) this.refuse();
    this.set("over", 0);
    try {
      this.pool.open(this.id, main);
    } catch (error) {
      if (!this.pool.lost) this.settle();
      throw error;
    } finally {
      this.set("over", 1);
    }
  }

  /** Releases what workers hold. False if one still looks at the program's memory, which must stay then. */
  end(): boolean {
    return this.pool.end(this);
  }

  /** After an error in this thread's piece: nobody begins another, and those begun end before their memory is used again. */
  private settle(): void {
    let given = 0;
    for (let at = control.unclaimed / 4; at < this.block.length; at += 16) {
      given += Math.max(0, Atomics.exchange(this.block, at, 0));
    }
    if (Atomics.load(this.pending, 0) === 0) return;
    Atomics.sub(this.pending, 0, given + 1);
    this.pool.untilZero(this.pending);
  }

  private refuse(): never {
    return fail(who, `a thread does not answer. ${cure}`, "device-lost");
  }

  private set(name: keyof typeof control, value: number): void {
    Atomics.store(this.block, control[name] / 4, value);
  }
}

class Pool {
  private readonly words = new Int32Array(new SharedArrayBuffer(4 * placeOf(mostWorkers)));
  private workers: ((letter: Letter) => void)[] = [];
  private readonly sleeps = maySleep(this.words);
  private readonly forgotten = new FinalizationRegistry<number>((id) => this.drop(id));
  private programs = 0;
  /** Whether a worker did not end in time: it may still write anywhere, and wake up later. */
  lost = false;

  program(memory: WebAssembly.Memory, address: number, threads: number): SharedProgram {
    return new SharedProgram(this, ++this.programs, memory, address, threads);
  }

  register(program: SharedProgram): void {
    this.forgotten.register(program, program.id, program);
  }

  /** Opens a program to workers while `main` runs. */
  open(id: number, main: () => void): void {
    Atomics.store(this.words, words.current, id);
    Atomics.add(this.words, words.runs, 1);
    try {
      main();
    } finally {
      Atomics.store(this.words, words.current, 0);
    }
    const length = Atomics.exchange(this.words, words.failed, 0);
    if (length === 0) return;
    const text = String.fromCharCode(...this.words.subarray(words.text, words.text + length));
    fail(who, `a thread failed: ${text}. ${cure}`, "device-lost");
  }

  /** Sends one letter to each of the first workers, which are started if need be. */
  send(letters: readonly Letter[]): void {
    this.start(letters.length);
    for (const [i, letter] of letters.entries()) this.post(i, letter);
    this.wake();
  }

  /** Starts workers until there are so many. */
  start(count: number): void {
    for (let i = this.workers.length; i < count; i++) {
      this.workers.push(startWorker());
      this.post(i, { kind: "start", words: this.words, place: placeOf(i) });
    }
  }

  end(program: SharedProgram): boolean {
    const { id } = program;
    this.forgotten.unregister(program);
    this.drop(id);
    return this.workers.every((_, i) => {
      const place = this.words.subarray(placeOf(i));
      return Atomics.load(place, 0) !== id || this.untilZero(place);
    });
  }

  /** Whether a word becomes 0 before it has stayed as it was for too long. */
  untilZero(word: Int32Array): boolean {
    let before = 0;
    let since = 0;
    for (;;) {
      const value = Atomics.load(word, 0);
      if (value === 0) return true;
      const now = performance.now();
      if (value !== before) [before, since] = [value, now];
      if (now - since > longestPiece) this.lost = true;
      if (this.lost) return false;
      if (this.sleeps) Atomics.wait(word, 0, value, 1000);
    }
  }

  wakeSleeping(): void {
    // Once: it takes a sleeper longer to wake up than a kernel takes.
    if (Atomics.load(this.words, words.sleeping) !== 0 && Atomics.exchange(this.words, words.sleeping, 0) !== 0)
      this.wake();
  }

  private drop(id: number): void {
    this.send(this.workers.map(() => ({ kind: "drop", id })));
  }

  private post(worker: number, letter: Letter): void {
    this.workers[worker]!(letter);
    Atomics.add(this.words, lettersOf(worker), 1);
  }

  private wake(): void {
    Atomics.add(this.words, words.signal, 1);
    Atomics.notify(this.words, words.signal);
  }
}

let current: Pool | undefined;

/** This thread's pool, which is made, or replaced by another, if need be. */
function pool(): Pool {
  if (current === undefined || current.lost) current = new Pool();
  return current;
}

/** Has workers start, so that so many threads are there when a program needs them: that takes some ten milliseconds. */
export const startThreads = (threads: number): void => pool().start(threads - 1);

/** A program for this thread's pool. Its control block lies at `address`. */
export const shareProgram = (memory: WebAssembly.Memory, address: number, threads: number): SharedProgram =>
  pool().program(memory, address, threads);
