// The NVIDIA driver and its GPUs, as nvidia-smi tells.
import type { Run } from "./run.ts";

/** A GPU that the driver shows. */
export interface Gpu {
  readonly name: string;
  /** MiB in all. */
  readonly memory: number;
  readonly computeCapability: string;
}

/** The driver. */
export interface Driver {
  readonly version: string;
  /** The newest CUDA that the driver runs, e.g. `"12.8"`. */
  readonly cuda: string | undefined;
  /** In the driver's order; at least one. */
  readonly gpus: readonly [Gpu, ...Gpu[]];
}

const query = ["--query-gpu=driver_version,memory.total,compute_cap,name", "--format=csv,noheader,nounits"];

/** The driver, or why there is none. */
export async function findDriver(run: Run): Promise<Driver | { readonly problem: string }> {
  const list = await run("nvidia-smi", query, { timeout: 30_000 });
  if (list.code === 127) return { problem: "there is no NVIDIA driver (nvidia-smi not found)" };
  const rows = list.stdout
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length >= 4);
  const gpus = rows.map(([, memory, computeCapability, ...name]) => ({
    name: name.join(", "),
    memory: Number(memory),
    computeCapability: computeCapability!,
  }));
  if (list.code !== 0 || gpus.length === 0) {
    const said = (list.stdout + list.stderr).trim().split("\n")[0] || `it ended with code ${list.code}`;
    return { problem: `nvidia-smi shows no GPU: ${said}` };
  }
  const { stdout } = await run("nvidia-smi", [], { timeout: 30_000 });
  return {
    version: rows[0]![0]!,
    cuda: /CUDA Version: *([\d.]+)/.exec(stdout)?.[1],
    gpus: gpus as [Gpu, ...Gpu[]],
  };
}
