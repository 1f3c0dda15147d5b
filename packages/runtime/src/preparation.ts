// One function prepared for arguments of one structure: recorded at once, compiled in the background, run and freed.
import { describe, type HostArray } from "./array.ts";
import type { Backend, Executable } from "./backend.ts";
import { fail } from "./error.ts";
import { show } from "./options/show.ts";
import { optimize } from "./passes/optimize.ts";
import type { Aval, Program } from "./program.ts";
import { type Recording, recordAs } from "./record.ts";
import { type Tree, treeUnflatten } from "./tree.ts";
import { uploadAll } from "./upload.ts";

/** Fails by name where a program needs a dtype that the backend lacks. */
export function checkDTypes(backend: Backend, program: Program): void {
  const check = (aval: Aval): void => {
    if (!backend.dtypes.includes(aval.dtype)) {
      fail(
        `backend ${backend.name}`,
        `does not run ${aval.dtype} (${describe(aval)}); it runs ${backend.dtypes.join(", ")}.`,
        "unsupported",
      );
    }
  };
  program.inputs.forEach(check);
  for (const node of program.nodes) {
    node.outputs.forEach(check);
    if (node.primitive === "scan") checkDTypes(backend, node.params.body);
  }
}

/** Fails where somebody hands in the name of a backend instead of the backend. */
export function checkStarted(who: string, backend: Backend): void {
  if (typeof backend?.prepare === "function") return;
  const received = typeof backend === "string" ? `the name "${backend}"` : show(backend);
  fail(
    who,
    `received ${received} as the backend; expected one that has started, such as wasmBackend() or ` +
      'the backend of await createRuntime({ plugins, backend: "auto" }).',
  );
}

/** A program on its way to a backend, or there. */
export class Preparation {
  private readonly backend: Backend;
  private readonly recording: Recording;
  private readonly pending: Promise<Executable>;

  /**
   * @param who the speaker of errors
   * @param args their shapes, dtypes and structure are recorded
   * @param onFailure called when the backend could not prepare the program
   * @throws what recording throws
   */
  constructor(
    who: string,
    backend: Backend,
    fn: unknown,
    args: readonly Tree<HostArray>[],
    onFailure: (failed: Preparation) => void = () => {},
  ) {
    this.backend = backend;
    this.recording = recordAs(who, fn as (...inner: never[]) => unknown, args);
    checkDTypes(backend, this.recording.program);
    this.pending = backend.prepare(optimize(this.recording.program));
    this.pending.catch(() => onFailure(this));
  }

  /** Runs once. The arguments are on the backend before it returns; whatever happens, nothing of the call stays there. */
  async run(args: readonly Tree<HostArray>[]): Promise<unknown> {
    const { backend, recording } = this;
    const buffers = uploadAll(backend, args);
    try {
      const executable = await this.pending;
      const outputs = executable.run([...buffers]);
      buffers.push(...outputs);
      const results = await Promise.all(outputs.map((output) => backend.read(output)));
      return treeUnflatten(recording.result, results);
    } finally {
      for (const buffer of buffers) backend.free(buffer);
    }
  }

  /** Frees the program, after the runs that were begun. */
  free(): void {
    this.pending.then(
      (executable) => executable.free(),
      () => {},
    );
  }
}
