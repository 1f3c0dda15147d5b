// Printed programs on the device that tests have.
import type { Traits } from "@hooke/kernels";
import { Faults } from "../faults.ts";
import { findAdapter, isSoftware } from "../gpu.ts";
import { wantedLimits } from "../limits.ts";
import { PrintedBackend } from "./backend.ts";

/** Starts a backend on a device of its own. @param traits what to take the device for, where that is not what it says */
export async function printedBackend(traits: Partial<Omit<Traits, "dialect">> = {}): Promise<PrintedBackend> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  const { adapter } = found;
  const device = await adapter.requestDevice({ requiredLimits: wantedLimits(adapter.limits) });
  return new PrintedBackend(device, new Faults(device), { onProcessor: isSoftware(adapter.info), ...traits });
}
