// Weights from an address, loaded in a page: what the network and the Cache Storage do there.
import { dense } from "@hooke/core";
import type { HostArray } from "@hooke/runtime";
import { loadWeights } from "@hooke/transfer";

/** The kernel that a file at an address holds, and how many bytes arrived when it was told. */
async function kernelFrom(url: string, sha256: string): Promise<{ kernel: number[]; arrived: number[] }> {
  const arrived: number[] = [];
  const { model } = await loadWeights(url, {
    model: dense({ units: 200, bias: false }),
    inputShape: [500],
    sha256,
    retries: 1,
    timeout: 10,
    onProgress: ({ completed }) => arrived.push(completed),
  });
  const { kernel } = model.variables.params as { readonly kernel: HostArray };
  return { kernel: [...kernel.data.subarray(0, 3)], arrived };
}

declare global {
  interface Window {
    kernelFrom: typeof kernelFrom;
  }
}

window.kernelFrom = kernelFrom;
