// WebGPU in Node for whoever looks for a browser's: Dawn as `navigator.gpu`; and how many kernels are launched through it.
import { offerSwiftshader } from "@hooke/testkit/swiftshader";

/** Puts Dawn where browsers have it. Call it before what looks for it is imported. */
export async function offerNavigator(): Promise<void> {
  offerSwiftshader();
  const { create, globals } = await import("webgpu");
  for (const [key, value] of Object.entries(globals)) {
    if (!(key in globalThis)) Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
  }
  Object.defineProperty(navigator, "gpu", { value: create([]), configurable: true });
}

/** Counts launches from now on, of any device of the process; a function that says how many these are. Call it once Dawn is loaded. */
export function countLaunches(): () => number {
  const { prototype } = GPUComputePassEncoder;
  const launch = prototype.dispatchWorkgroups;
  let count = 0;
  prototype.dispatchWorkgroups = function (...groups) {
    count++;
    return launch.apply(this, groups);
  };
  return () => count;
}
