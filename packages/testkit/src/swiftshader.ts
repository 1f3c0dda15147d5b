// A driver for WebGPU in Node on machines without a GPU: the SwiftShader that Debian's chromium brings. Node only.
import { existsSync } from "node:fs";

const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Points Vulkan to SwiftShader where it is installed, unless `VK_ICD_FILENAMES` names a driver. Call it before Dawn starts. */
export function offerSwiftshader(): void {
  if (process.env.VK_ICD_FILENAMES === undefined && existsSync(driver)) process.env.VK_ICD_FILENAMES = driver;
}
