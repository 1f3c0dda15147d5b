// A page that computes with large kernels, and counts the workers it starts.
import { wasmBackend } from "@hooke/backend-wasm";
import { array, compile, matmul, sum, type Tensor, tanh } from "@hooke/runtime";

export interface ThreadsResult {
  /** Numbers of several runs, all of them. */
  readonly numbers: readonly number[];
  readonly workers: number;
}

/** Runs a program often enough for workers to take part. It runs in Node, too. */
export async function runThreads(threads: number): Promise<ThreadsResult> {
  let workers = 0;
  const Original = globalThis.Worker as typeof Worker | undefined;
  if (Original) {
    globalThis.Worker = class extends Original {
      constructor(url: string | URL) {
        super(url);
        workers++;
      }
    };
  }
  const size = 200;
  const values = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  const backend = wasmBackend({ threads });
  const power = compile(backend, (x: Tensor) => sum(tanh(matmul(x, x)), { axes: 0 }));
  const numbers = new Set<string>();
  const end = performance.now() + 500;
  while (performance.now() < end) {
    numbers.add(String((await power(array(values, { shape: [size, size] }))).data));
    // Workers start while the page is idle.
    await new Promise((resolve) => setTimeout(resolve));
  }
  power.free();
  return { numbers: [...numbers].flatMap((text) => text.split(",").map(Number)), workers };
}

declare global {
  interface Window {
    runThreads: typeof runThreads;
  }
}

if (typeof window !== "undefined") window.runThreads = runThreads;
