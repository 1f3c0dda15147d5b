// A model as a file: what was fitted, and the domain it was fitted in, in one safetensors file so that neither is lost.
import { baselines, decodeFitted, encodeFitted, type Fitted } from "@hooke/baselines";
import { decodeSafetensors, encodeSafetensors, parseJson } from "@hooke/data/safetensors";
import { checkArgument, checkOptions, fail, type Plugin } from "@hooke/runtime";
import { type DomainCard, domainForm } from "../domain/domain.ts";

/** What a model file holds. */
export interface ModelFile {
  readonly fitted: Fitted;
  /** Undefined in files of `encodeFitted` alone. */
  readonly domain?: DomainCard;
}

const entry = "hooke.domain";
const format = 1;

/** The bytes of a model file. `decodeFitted` of `@hooke/baselines` reads it too, and leaves the domain out. */
export function encodeModelFile(model: ModelFile): Uint8Array<ArrayBuffer> {
  checkArgument("encodeModelFile", "the model", model, (value) =>
    typeof value === "object" && value !== null ? undefined : "{ fitted, domain }, such as await advice.fit() gives",
  );
  const { fitted, domain } = model;
  const bytes = encodeFitted(fitted);
  if (domain === undefined) return bytes;
  const { tensors, metadata } = decodeSafetensors(bytes);
  const card = JSON.stringify({ format, ...domain, rows: [...domain.rows] });
  return encodeSafetensors(tensors, { ...withoutChecksum(metadata), [entry]: card }, { checksum: true });
}

/** Options of {@link decodeModelFile}. */
export interface ModelFileOptions {
  /** Where methods come from that are no classical ones, such as `network` of `@hooke/model-advisor/network`. Default none. */
  readonly plugins?: readonly Plugin[];
}

/**
 * Reads a model file.
 *
 * @throws on files that are damaged (`"corrupt-file"`), or of another kind (`"mismatch"`)
 */
export function decodeModelFile(bytes: Uint8Array, options: ModelFileOptions = {}): ModelFile {
  checkArgument("model file", "the bytes", bytes, (value) =>
    value instanceof Uint8Array ? undefined : "a Uint8Array",
  );
  checkOptions<ModelFileOptions>("decodeModelFile", options, {
    optional: { plugins: (value) => (Array.isArray(value) ? undefined : "a list of plugins") },
  });
  const fitted = decodeFitted(bytes, { plugins: [baselines, ...(options.plugins ?? [])] });
  const text = decodeSafetensors(bytes).metadata[entry];
  if (text === undefined) return { fitted };
  const card = parseJson(text, "model file", "its domain") as { readonly format?: unknown; readonly rows?: unknown };
  if (card?.format !== format || !Array.isArray(card.rows) || card.rows.some((value) => typeof value !== "number")) {
    return fail("model file", "has a domain that this version does not read; train it again.", "unsupported");
  }
  const { format: _, ...domain } = card as unknown as DomainCard & { readonly format: number };
  // JSON has no infinity: a single row is infinitely far from others.
  const read = {
    ...domain,
    rows: Float64Array.from(domain.rows),
    ...(domain.usual === null && { usual: Number.POSITIVE_INFINITY }),
  };
  const fault = domainForm()(read, "domain");
  if (fault !== undefined)
    return fail("model file", `${fault}. Another version wrote it: train it again.`, "corrupt-file");
  return { fitted, domain: read };
}

const withoutChecksum = ({ checksum: _, ...rest }: Readonly<Record<string, string>>): Record<string, string> => rest;
