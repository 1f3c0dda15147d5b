// The library of HDF5, h5wasm: a file is opened for one call and closed behind it, so that nothing is left in the library's memory.
//
// The library is C in WebAssembly. A damaged file can crash it, after which nothing it says can be believed: it is then left
// alone, and the next file gets a fresh one.
import { fail, HookeError } from "@hooke/runtime";
import type * as H5wasm from "h5wasm";
import { missing } from "../optional.ts";
import { Hdf5Bytes } from "./hdf5-bytes.ts";
import { heapFault } from "./heap.ts";

interface Operations {
  read(stream: unknown, to: Int8Array, offset: number, length: number, position: number): number;
}

/** What the library's types leave out: its standard error is its third stream, and each file has operations of its own. */
interface Streams {
  readonly streams: readonly [unknown, unknown, { stream_ops: object }];
  readonly ErrnoError: new (code: number) => Error;
  lookupPath(path: string): { readonly node: { stream_ops: Operations } };
}

/** The code of an error while reading, of Emscripten. */
const readError = 29;

/** A file while it is open. */
export interface OpenHdf5 {
  readonly bytes: Uint8Array;
  readonly library: typeof H5wasm;
  readonly module: typeof H5wasm.Module;
  readonly id: bigint;
  /** The speaker of errors. */
  readonly who: string;
  /**
   * What `call` returns.
   *
   * @throws where the library complains, in its own words (`"corrupt-file"`)
   */
  ask<T>(what: string, call: () => T): T;
}

/** A signal's reason, which may be anything, or what a callback threw: no crash. */
class Stopped {
  readonly reason: unknown;

  constructor(reason: unknown) {
    this.reason = reason;
  }
}

/** Between two calls of the library: the event loop turns, progress is told and a signal heard. */
export async function breathe(
  pause: () => Promise<void> | undefined,
  signal: AbortSignal | undefined,
  tell: () => void,
) {
  await pause();
  if (signal?.aborted) throw new Stopped(signal.reason);
  try {
    tell();
  } catch (error) {
    throw new Stopped(error);
  }
}

interface Instance {
  readonly library: typeof H5wasm;
  /** What the library has written to its standard error since this was cleared; and what was found before it could read it. */
  readonly complaints: { text: string; found: string | undefined };
}

let instance: Promise<Instance> | undefined;
let crashes = 0;
let files = 0;

async function load(): Promise<Instance> {
  const library = crashes === 0 ? await first() : await another();
  await library.ready;
  const complaints: Instance["complaints"] = { text: "", found: undefined };
  const standardError = (library.FS as unknown as Streams).streams[2];
  standardError.stream_ops = {
    ...standardError.stream_ops,
    write(_: unknown, buffer: Int8Array, offset: number, length: number): number {
      if (complaints.text.length < 100_000)
        complaints.text += String.fromCharCode(...buffer.subarray(offset, offset + length));
      return length;
    },
  };
  return { library, complaints };
}

const first = (): Promise<typeof H5wasm> => import("h5wasm").catch(missing("readHdf5", "h5wasm", "^0.10.3"));

/** A module of another address is another instance. */
async function another(): Promise<typeof H5wasm> {
  try {
    return await import(
      /* @vite-ignore */ /* webpackIgnore: true */ `${import.meta.resolve("h5wasm")}?crashes=${crashes}`
    );
  } catch (cause) {
    throw new HookeError(
      "readHdf5: h5wasm crashed on a damaged file, and cannot be loaded anew here. Load the page again; read files you do not trust in a worker.",
      { code: "unavailable", cause },
    );
  }
}

/** What is asked for waits for what was asked before: a file that crashes the library takes no other with it. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Opens a file, uses it and closes it.
 *
 * @throws where it is none, is cut short or damaged, also where the library crashes on it (`"corrupt-file"`)
 */
export function withHdf5<T>(bytes: Uint8Array, who: string, use: (file: OpenHdf5) => T | Promise<T>): Promise<T> {
  const result = last.then(() => withLibrary(bytes, who, use));
  last = result.catch(() => undefined);
  return result;
}

async function withLibrary<T>(bytes: Uint8Array, who: string, use: (file: OpenHdf5) => T | Promise<T>): Promise<T> {
  instance ??= load();
  const loaded = await instance.catch((error: unknown) => {
    instance = undefined;
    throw error;
  });
  try {
    return await useFile(loaded, bytes, who, use);
  } catch (cause) {
    if (cause instanceof HookeError) throw cause;
    if (cause instanceof Stopped) throw cause.reason;
    instance = undefined;
    crashes++;
    throw new HookeError(`${who}: h5wasm crashes on it (${text(cause)}): the file is damaged.`, {
      code: "corrupt-file",
      cause,
    });
  }
}

async function useFile<T>(
  { library, complaints }: Instance,
  bytes: Uint8Array,
  who: string,
  use: (file: OpenHdf5) => T | Promise<T>,
): Promise<T> {
  const { Module: module, FS } = library as typeof library & { FS: NonNullable<typeof H5wasm.FS> };
  const name = `/file-${files++}`;
  // Owned, it is not copied; it is only read.
  FS.writeFile(name, bytes, { canOwn: true } as never);
  refuseFaultyHeaps(FS as unknown as Streams, name, bytes, complaints);
  const ask = <R>(what: string, call: () => R): R => {
    complaints.text = "";
    complaints.found = undefined;
    let result: R | undefined;
    let thrown: string | undefined;
    try {
      result = call();
    } catch (error) {
      // Exceptions of the library's own code are plain errors; all else is a crash.
      if (error instanceof HookeError || Object.getPrototypeOf(error) !== Error.prototype) throw error;
      thrown = (error as Error).message;
    }
    if (complaints.text === "" && thrown === undefined) return result as R;
    if (complaints.text.includes("file signature not found")) {
      fail(who, "is no HDF5 file, or one whose beginning is damaged.", "corrupt-file");
    }
    return fail(
      who,
      `${what} cannot be read (${complaints.found ?? reason(complaints.text) ?? thrown}): the file is damaged.`,
      "corrupt-file",
    );
  };
  const id = ask("it", () => module.open(name, module.H5F_ACC_RDONLY, false, -1, -1));
  try {
    return await use({ bytes, library, module, id, who, ask });
  } finally {
    module.close_file(id);
    FS.unlink(name);
  }
}

/** Looks at each heap that the library is about to read, which reads one from where it starts; a faulty one is an error while reading. */
function refuseFaultyHeaps(
  { lookupPath, ErrnoError }: Streams,
  name: string,
  bytes: Uint8Array,
  complaints: Instance["complaints"],
): void {
  const { node } = lookupPath(name);
  const { read } = node.stream_ops;
  const file = new Hdf5Bytes(bytes);
  node.stream_ops = {
    ...node.stream_ops,
    read(stream, to, offset, length, position) {
      complaints.found ??= heapFault(file, position);
      if (complaints.found !== undefined) throw new ErrnoError(readError);
      return read(stream, to, offset, length, position);
    },
  };
}

/** The innermost complaint: the last line that starts with a number. */
function reason(complaints: string): string | undefined {
  return [...complaints.matchAll(/#\d+: .* in \w+\(\): (.*)/g)].at(-1)?.[1];
}

const text = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
