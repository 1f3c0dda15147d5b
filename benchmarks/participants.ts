// Who is measured, and how a participant's process is asked. What passes over its pipes is in peers/protocol.ts.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Greeting, Reply, Request } from "./peers/protocol.ts";

/** Something to measure, in a process of its own. */
export interface Participant {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** What its environment has beside this one's. */
  readonly env?: Readonly<Record<string, string>>;
  /** What to do where it is not installed. */
  readonly install: string;
}

const peer = (file: string): string => fileURLToPath(new URL(`peers/${file}`, import.meta.url));
const python = process.env.HOOKE_BENCH_PYTHON || "python3";
const inPython = (file: string, packages: string, name: string, args: readonly string[] = []): Participant => ({
  name,
  // Without -B, Python leaves a folder of compiled files in the source tree.
  command: [python, "-B", peer(file), ...args],
  install: `${python} -m pip install ${packages}, or set HOOKE_BENCH_PYTHON to a Python that has them`,
});
const inNode = (name: string, ...args: readonly string[]): Participant => ({
  name,
  command: [process.execPath, peer(args[0]!), ...args.slice(1)],
  install: "pnpm install",
});

const hooke = (backend: string): Participant => ({ ...inNode("Hooke", "hooke.ts", backend), env: { HOOKE_WIDE: "0" } });
/** With vectors of 256 bits, for which V8 is told. */
const wide: Participant = {
  ...inNode("Hooke, wide", "hooke.ts", "wasm"),
  env: { HOOKE_WIDE: "1" },
  install: "Node 24 on x64",
};
const pytorch = (name: string, ...args: readonly string[]): Participant =>
  inPython("pytorch.py", "torch numpy", name, args);

const onCuda = [pytorch("PyTorch CUDA, eager", "cuda"), pytorch("PyTorch CUDA, compiled", "cuda", "compile")] as const;

/** Who is measured, by the backend that Hooke runs on. Hooke comes first: the others are compared with it. */
export const participants = {
  wasm: [
    hooke("wasm"),
    wide,
    pytorch("PyTorch"),
    inPython("jax_peer.py", "jax numpy", "JAX"),
    inPython("classical.py", "scikit-learn lightgbm", "scikit-learn, LightGBM"),
    inNode("jax-js", "jax-js.ts", "wasm"),
    inNode("tfjs wasm", "tfjs.ts", "wasm"),
    inNode("tfjs cpu", "tfjs.ts", "cpu"),
  ],
  webgpu: [
    hooke("webgpu"),
    inNode("tfjs-layers webgpu", "tfjs-layers.ts"),
    inNode("jax-js", "jax-js.ts", "webgpu"),
    ...onCuda,
    hooke("wasm"),
  ],
  cuda: [hooke("cuda"), ...onCuda, hooke("wasm")],
  "cuda-driver": [hooke("cuda-driver"), hooke("cuda"), ...onCuda, hooke("wasm")],
} as const satisfies Readonly<Record<string, readonly Participant[]>>;

/** PyTorch with its functions under `torch.compile`, on processors: an update and an inference of networks. */
export const compiled = pytorch("PyTorch, compiled", "compile");

/** The same on one core, by `taskset` of Linux. */
export const onOneCore = ({ command, ...rest }: Participant): Participant => ({
  ...rest,
  command: ["taskset", "-c", "0", ...command],
});

/** A participant's running process. */
export interface Process {
  readonly version: string;
  readonly tasks: readonly string[];
  /** One request at a time. @throws with what the process wrote to standard error, if it ends instead of answering */
  ask(request: Request): Promise<Reply>;
  end(): void;
}

/** Why a participant cannot take part. */
export interface Missing {
  readonly missing: string;
}

/** Starts a participant and waits for its greeting. */
export async function start({ name, command: [program, ...args], env }: Participant): Promise<Process | Missing> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  const failure = new Promise<Error>((resolve) => child.once("error", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints += text;
  });
  // Writing to a process that has just ended is reported by the answer that never comes.
  child.stdin.on("error", () => {});
  const next = async <T>(): Promise<T> => {
    const line = await lines.next();
    if (line.done) throw new Error(`${name} ended without an answer: ${reasonOf(complaints)}`);
    return JSON.parse(line.value) as T;
  };
  const greeting = await Promise.race([next<Greeting>(), failure]).catch((error: Error) => error);
  if (greeting instanceof Error) {
    const error = greeting as NodeJS.ErrnoException;
    if (error.code === "ENOENT") return { missing: `there is no program ${program}` };
    throw error;
  }
  if ("missing" in greeting) return { missing: greeting.missing };
  return {
    version: greeting.version,
    tasks: greeting.tasks,
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return next<Reply>();
    },
    end: () => child.stdin.end(),
  };
}

/** The message of an error among what a process wrote, or all of it. */
function reasonOf(complaints: string): string {
  const message = /^(?:\w*Error|HookeError)(?: \[\w+\])?: (.+)$/m.exec(complaints)?.[1];
  return message ?? (complaints.trim() || "it wrote no error");
}
