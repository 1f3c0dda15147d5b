// Printed programs on the device that tests have.
import { PrintedBackend, type Traits } from "@hooke/kernels";
import { Faults } from "../faults.ts";
import { findAdapter, isSoftware } from "../gpu.ts";
import { wantedLimits } from "../limits.ts";
import { GpuMachine } from "./machine.ts";

export async function openDevice(): Promise<GPUDevice> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  return found.adapter.requestDevice({ requiredLimits: wantedLimits(found.adapter.limits) });
}

/** Starts a backend on a device of its own. @param traits what to take the device for, where that is not what it says */
export async function printedBackend(traits: Partial<Omit<Traits, "dialect">> = {}): Promise<PrintedBackend> {
  const device = await openDevice();
  const machine = new GpuMachine(device, new Faults(device), {
    onProcessor: isSoftware(device.adapterInfo),
    ...traits,
  });
  return new PrintedBackend("webgpu", machine);
}
