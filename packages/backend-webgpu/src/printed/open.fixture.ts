// Printed programs on the device that tests have.
import { PrintedBackend } from "@hooke/kernels";
import { Faults } from "../faults.ts";
import { findAdapter, isSoftware } from "../gpu.ts";
import { wantedLimits } from "../limits.ts";
import { iterationsOf } from "./loops.ts";
import { type DeviceTraits, GpuMachine } from "./machine.ts";

export async function openDevice(): Promise<GPUDevice> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  return found.adapter.requestDevice({ requiredLimits: wantedLimits(found.adapter.limits) });
}

/** Starts a backend on a device of its own. @param traits what to take the device for, where that is not what it says */
export async function printedBackend(traits: Partial<DeviceTraits> = {}): Promise<PrintedBackend> {
  const device = await openDevice();
  const machine = new GpuMachine(device, new Faults(device, "Open another"), {
    onProcessor: isSoftware(device.adapterInfo),
    mostIterations: await iterationsOf(device),
    ...traits,
  });
  return new PrintedBackend("webgpu", machine);
}
