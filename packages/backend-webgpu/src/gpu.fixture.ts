// Where tests find WebGPU: a driver of the machine, or SwiftShader.
import type { Availability } from "@hooke/runtime";
import { offerSwiftshader } from "@hooke/testkit/swiftshader";
import { webgpuFactory } from "./backend.ts";

offerSwiftshader();

/** Whether WebGPU runs here. Tests that need it are skipped where it does not. */
export const status: Availability = await webgpuFactory.available();

/** What to add to the name of a skipped suite. */
export const skipped = status.available ? "" : ` (skipped: ${status.reason}. ${status.cure})`;

if (!status.available) console.warn(`WebGPU tests are skipped: ${status.reason}. ${status.cure}`);
