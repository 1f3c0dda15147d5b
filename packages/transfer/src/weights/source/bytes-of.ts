// Where the bytes of a file come from: given, or from the disk.
import { type Check, fail, show } from "@hooke/runtime";
import { nodeModules } from "./platform.ts";
import { checkSha256 } from "./sha256.ts";

/** A path or a file URL, in Node, or bytes. */
export type WeightsSource = string | URL | Uint8Array;

/** What decides how a file is got. */
export interface SourceOptions {
  /** SHA-256 of the file, 64 hexadecimal digits; another file is refused. Default: any file. */
  readonly sha256?: string;
}

/** Checks of {@link SourceOptions}. */
export const sourceChecks: { readonly [K in keyof SourceOptions]-?: Check } = {
  sha256: (value) =>
    typeof value === "string" && /^[0-9a-fA-F]{64}$/.test(value)
      ? undefined
      : "64 hexadecimal digits, as sha256sum prints them",
};

/** The bytes of a file and what messages call it. */
export async function bytesOf(
  source: WeightsSource,
  { sha256 }: SourceOptions,
): Promise<{ readonly bytes: Uint8Array; readonly name: string }> {
  const { bytes, name } = await read(source);
  if (sha256 !== undefined) await checkSha256(bytes, sha256, name);
  return { bytes, name };
}

async function read(source: WeightsSource): Promise<{ bytes: Uint8Array; name: string }> {
  if (source instanceof Uint8Array) return { bytes: source, name: "weights" };
  if (source instanceof URL && source.protocol === "file:") return read(nodeModules()?.url.fileURLToPath(source) ?? "");
  if (typeof source === "string" && source !== "") {
    const { fs } =
      nodeModules() ??
      fail("loadWeights", `cannot read ${source}: there are no paths here. Give bytes.`, "unavailable");
    try {
      return { bytes: await fs.readFile(source), name: source };
    } catch (error) {
      fail("loadWeights", `cannot read ${source}: ${(error as Error).message}.`, "file-system");
    }
  }
  return fail(
    "loadWeights",
    `received ${show(source)} as the source; expected a path, a file URL or bytes (a Uint8Array).`,
  );
}
