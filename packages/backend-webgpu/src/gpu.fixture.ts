// Where tests find WebGPU: a driver of the machine, or the SwiftShader that Debian's chromium brings.
import { existsSync } from "node:fs";
import type { Availability } from "@hooke/runtime";
import { webgpuFactory } from "./backend.ts";

const swiftshader = "/usr/lib/chromium/vk_swiftshader_icd.json";
if (process.env.VK_ICD_FILENAMES === undefined && existsSync(swiftshader)) process.env.VK_ICD_FILENAMES = swiftshader;

/** Whether WebGPU runs here. Tests that need it are skipped where it does not. */
export const status: Availability = await webgpuFactory.available();

/** What to add to the name of a skipped suite. */
export const skipped = status.available ? "" : ` (skipped: ${status.reason}. ${status.cure})`;

if (!status.available) console.warn(`WebGPU tests are skipped: ${status.reason}. ${status.cure}`);
