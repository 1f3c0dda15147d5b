// The driver of this machine: its library, opened, and its devices.

import { constants } from "./layouts.ts";
import { type Functions, functionsOf, type Koffi } from "./library.ts";
import { driverSignatures } from "./signatures.ts";

/** A GPU that the driver shows. */
export interface Gpu {
  readonly device: number;
  readonly name: string;
  readonly bytes: number;
  /** Compute capability: 90 is 9.0. */
  readonly capability: number;
  /** Whether memory can be put where it is wanted, and grow there. */
  readonly mapsMemory: boolean;
}

/** A driver that has started. */
export interface Driver {
  readonly koffi: Koffi;
  readonly functions: Functions<typeof driverSignatures>;
  /** The CUDA it was made for: 12040 is 12.4. */
  readonly version: number;
  readonly gpus: readonly [Gpu, ...Gpu[]];
  /** What a code means: its name, and what the driver says of it. */
  explain(code: number): string;
}

/** The oldest CUDA whose graphs take the form of parameters that is used. */
const oldest = 12_000;

/** A version as people write it. */
export const versionText = (version: number): string =>
  `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;

/**
 * Opens the driver, or says why it cannot be had.
 *
 * @param path of its library, or a name that the system's loader knows
 */
export function openDriver(koffi: Koffi, path: string): Driver | { readonly problem: string } {
  let functions: Driver["functions"];
  try {
    functions = functionsOf(koffi.load(path), driverSignatures);
  } catch (error) {
    return { problem: `there is no NVIDIA driver that can be used (${path}: ${(error as Error).message})` };
  }
  const text = (ask: "cuGetErrorName" | "cuGetErrorString", code: number): string | undefined => {
    const pointer = new BigUint64Array(1);
    return functions[ask](code, pointer) === 0 ? koffi.decode.string(pointer[0]!) : undefined;
  };
  const explain = (code: number): string => {
    const [name, said] = [text("cuGetErrorName", code), text("cuGetErrorString", code)];
    return name === undefined ? `error ${code}` : `${name}: ${said}`;
  };
  const started = functions.cuInit(0);
  if (started !== 0) return { problem: `the driver does not start: ${explain(started)}` };
  const number = new Int32Array(1);
  functions.cuDriverGetVersion(number);
  const version = number[0]!;
  if (version < oldest) {
    return { problem: `the driver is for CUDA ${versionText(version)}; graphs of kernels need ${versionText(oldest)}` };
  }
  functions.cuDeviceGetCount(number);
  const gpus = Array.from({ length: number[0]! }, (_, ordinal) => gpuAt(functions, ordinal));
  if (gpus.length === 0) return { problem: "the driver shows no GPU" };
  return { koffi, functions, version, gpus: gpus as [Gpu, ...Gpu[]], explain };
}

function gpuAt(functions: Driver["functions"], ordinal: number): Gpu {
  const [number, bytes, name] = [new Int32Array(1), new BigUint64Array(1), new Uint8Array(256)];
  functions.cuDeviceGet(number, ordinal);
  const device = number[0]!;
  const attribute = (which: number): number => {
    functions.cuDeviceGetAttribute(number, which, device);
    return number[0]!;
  };
  functions.cuDeviceGetName(name, name.length, device);
  functions.cuDeviceTotalMem_v2(bytes, device);
  return {
    device,
    name: new TextDecoder().decode(name.subarray(0, name.indexOf(0))),
    bytes: Number(bytes[0]),
    capability:
      10 * attribute(constants.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) +
      attribute(constants.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
    mapsMemory: attribute(constants.CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED) === 1,
  };
}
