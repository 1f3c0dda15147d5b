// Shared libraries, opened by koffi, an optional package: functions are called by the text of their parameters.
import type { LibraryHandle } from "koffi";
import type { Signatures } from "./signatures.ts";

export type Koffi = typeof import("koffi").default;

/** What a function takes: numbers, handles and addresses (of 64 bits), texts, and memory that it reads or writes before it returns. */
export type Given = number | bigint | string | readonly string[] | ArrayBufferView | null;

/** A function; the code that it returns. */
export interface Call {
  (...given: readonly Given[]): number;
  /** The same on a thread of its own. */
  async(...given: readonly [...Given[], (error: unknown, code: number) => void]): void;
}

export type Functions<S extends Signatures> = { readonly [K in keyof S]: Call };

/** koffi; undefined where it is not installed. */
export async function findKoffi(): Promise<Koffi | undefined> {
  try {
    return (await import("koffi")).default;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Types of C that are whole numbers, as koffi calls them. All others are pointers, or handles, which are pointers too. */
const numbers: Readonly<Record<string, string>> = {
  int: "int",
  "unsigned int": "uint",
  size_t: "size_t",
  "unsigned long long": "ulonglong",
  CUdeviceptr: "ulonglong",
  CUmemGenericAllocationHandle: "ulonglong",
  CUdevice: "int",
  CUresult: "int",
  CUdevice_attribute: "int",
  CUmemAllocationGranularity_flags: "int",
};

function typeOf(parameter: string): string {
  const [, type, stars] = /^(.*?) ?((?:\* ?(?:const \*)?)*)\w+$/.exec(parameter)!;
  if (stars === "") return numbers[type!] ?? "void *";
  if (type === "const char" && stars === "*") return "str";
  return stars === "* const *" ? "str *" : "void *";
}

/** The functions of a library. @throws where it has none of some name */
export function functionsOf<S extends Signatures>(library: LibraryHandle, signatures: S): Functions<S> {
  const entries = Object.entries(signatures).map(([name, parameters]) => {
    const types = parameters.split(", ").map(typeOf);
    return [name, library.func(name, "int", types)];
  });
  return Object.fromEntries(entries) as Functions<S>;
}
