// Devices that are opened and lost in tests, and rows for what is trained on them.
import { array, type HostArray } from "@hooke/runtime";
import { vi } from "vitest";
import { findAdapter } from "./gpu.ts";

/** Every device that was opened since, the latest last. */
export const devices: GPUDevice[] = [];

export const rows = (count: number, from = 0): HostArray =>
  array(
    Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(1.7 * (i + from))),
    { shape: [count, 2] },
  );

/** Whether devices are lost as soon as they are opened, or while kernels are compiled for them, or none is opened. */
export const fate = { losing: false, losingLate: false, refusing: false };

/** Loses the device in use, as a reset of the driver would. */
export const lose = (): void => devices.at(-1)!.destroy();

/** From here on devices are noted, and have the fate that is set. */
export async function watchDevices(): Promise<void> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) return;
  const prototype = Object.getPrototypeOf(found.adapter) as GPUAdapter;
  const { requestDevice } = prototype;
  vi.spyOn(prototype, "requestDevice").mockImplementation(async function (this: GPUAdapter, ...given) {
    if (fate.refusing) throw new Error("no driver answers");
    const device = await requestDevice.apply(this, given);
    if (fate.losing) device.destroy();
    if (fate.losingLate) {
      device.createComputePipelineAsync = async () => {
        device.destroy();
        throw new Error("no device compiles");
      };
    }
    devices.push(device);
    return device;
  });
}
