// `hooke-cuda doctor --engine driver`: what the engine needs, what is there, and the command that cures what is not.
import type { Report } from "../doctor.ts";
import { versionText } from "./driver.ts";
import type { Found, Lack } from "./find.ts";

/** In the order in which one needs the other. */
const names = ["koffi", "driver", "GPU", "NVRTC"] as const;

export function reportOf(found: Found | Lack): Report {
  if ("reason" in found) {
    const { what, reason, cure } = found;
    const there = names.slice(0, names.indexOf(what)).map((name) => ({ name, state: "ok", found: "there" }) as const);
    return { findings: [...there, { name: what, state: "missing", found: reason, cure }], usable: false };
  }
  const { driver, gpu, compiler } = found;
  const said = {
    koffi: driver.koffi.version,
    driver: `for CUDA up to ${versionText(driver.version)}`,
    GPU: `${gpu.name}, ${Math.round(gpu.bytes / 2 ** 20)} MiB, compute capability ${gpu.capability / 10}`,
    NVRTC: `of CUDA ${versionText(compiler.version)}, ${compiler.path}`,
  };
  return { findings: names.map((name) => ({ name, state: "ok", found: said[name] })), usable: true };
}
