// The file that a fitted method is kept in: safetensors with a checksum, what is no array as JSON in its metadata.
import { ownDTypes, parseJson, readSafetensors, writeSafetensors } from "@hooke/data/safetensors";
import {
  checkArgument,
  checkOptions,
  fail,
  HookeError,
  type HostArray,
  lookUp,
  type Plugin,
  show,
} from "@hooke/runtime";
import manifest from "../../package.json" with { type: "json" };
import { isMethod } from "./define-method.ts";
import { withPredict } from "./fitted.ts";
import { forms } from "./form.ts";
import type { Fitted, Method } from "./method.ts";
import { inputsForm } from "./samples.ts";
import { attachArrays, detachArrays, type Json } from "./state.ts";

/** What stands beside the state. */
const schemaForms = () => {
  const { number, text, list, record, either, oneOf, optional } = forms;
  return {
    target: either(
      record({ name: text, type: oneOf(["number"]), unit: optional(text) }),
      record({ name: text, type: oneOf(["class"]), classes: list(text) }),
    ),
    inputs: inputsForm(),
    rowCount: number,
    seed: number,
    warnings: list(text),
  };
};

const format = 1;
const entry = "hooke.method";
const parts = ["format", "version", "method", "target", "inputs", "rowCount", "seed", "warnings", "state"] as const;
type Header = Readonly<Record<(typeof parts)[number], Json>>;

/** A fitted method as the bytes of a safetensors file with a checksum (CRC-32C) over all of it; {@link decodeFitted} reads them. */
export function encodeFitted(fitted: Fitted): Uint8Array<ArrayBuffer> {
  checkArgument("encodeFitted", "the fitted method", fitted, (value) =>
    isMethod((value as Partial<Fitted> | null)?.method)
      ? undefined
      : "a fitted method, such as await ridge().fit(table, target) gives",
  );
  const { method, target, inputs, rowCount, seed, warnings } = fitted;
  const { json: state, arrays } = detachArrays(method.method, fitted.state);
  const header = { format, version: manifest.version, method, target, inputs, rowCount, seed, warnings, state };
  return writeSafetensors(
    arrays.map((array, index) => [`state.${index}`, array]),
    { [entry]: JSON.stringify(header) },
    true,
  );
}

/**
 * Reads a fitted method.
 *
 * @param options where its methods come from: `{ plugins: [baselines] }`
 * @throws on files that are not bit for bit as they were written (`"corrupt-file"`), of another kind (`"mismatch"`), and on methods that no
 *   plugin has (`"unavailable"`)
 */
export function decodeFitted(bytes: Uint8Array, options: { readonly plugins: readonly Plugin[] }): Fitted {
  const who = "fitted method";
  checkArgument("decodeFitted", "the file", bytes, (value) => (value instanceof Uint8Array ? undefined : "its bytes"));
  checkOptions<{ plugins: readonly Plugin[] }>("decodeFitted", options, {
    required: {
      plugins: (value) => (Array.isArray(value) ? undefined : "a list of plugins: { plugins: [baselines] }"),
    },
  });
  const { plugins } = options;
  const { tensors, metadata, checksum } = readSafetensors(bytes, who, ownDTypes);
  const text = metadata[entry];
  if (text === undefined || checksum === undefined) {
    return fail(
      who,
      "is a safetensors file of another kind; encodeFitted writes those that are read here.",
      "mismatch",
    );
  }
  const header = parseJson(text, who, "its description") as Header;
  if (header?.format !== format) {
    return fail(who, `has format ${show(header?.format)}; this version reads format ${format}.`, "unsupported");
  }
  const names = Object.keys(header);
  if (names.length !== parts.length || parts.some((name) => !names.includes(name))) {
    return fail(who, `describes ${names.join(", ")}; expected ${parts.join(", ")}.`, "corrupt-file");
  }
  const arrays = Array.from({ length: Object.keys(tensors).length }, (_, i) => own(tensors, `state.${i}`));
  try {
    const method = methodFrom(who, header.method, plugins) as Method;
    if (!isMethod(method))
      fail(who, `has the method ${show(header.method)}; expected { method, options }.`, "corrupt-file");
    const state = attachArrays(who, header.state, arrays);
    for (const [name, form] of Object.entries({ ...schemaForms(), ...(method.form && { state: method.form }) })) {
      const fault = form(name === "state" ? state : header[name as keyof Header], name);
      if (fault === undefined) continue;
      fail(
        who,
        `${fault}. A version of ${method.method} that keeps other things wrote it (${show(header.version)}): fit it again.`,
        "corrupt-file",
      );
    }
    return withPredict({
      method,
      target: header.target as unknown as Fitted["target"],
      inputs: header.inputs as unknown as Fitted["inputs"],
      rowCount: header.rowCount as number,
      seed: header.seed as number,
      warnings: header.warnings as readonly string[],
      state,
    });
  } catch (error) {
    if (error instanceof HookeError) throw error;
    throw new HookeError(`${who}: cannot be rebuilt: ${String(error)}`, { code: "corrupt-file", cause: error });
  }
}

const own = (tensors: Readonly<Record<string, HostArray>>, name: string): HostArray | undefined =>
  Object.hasOwn(tensors, name) ? tensors[name] : undefined;

/** A method, and the methods among its options, from JSON. */
export function methodFrom(who: string, json: unknown, plugins: readonly Plugin[]): unknown {
  if (Array.isArray(json)) return json.map((part) => methodFrom(who, part, plugins));
  if (typeof json !== "object" || json === null) return json;
  const revived = Object.fromEntries(
    Object.entries(json).map(([name, part]) => [name, methodFrom(who, part, plugins)]),
  );
  const { method, options, ...rest } = revived;
  if (typeof method !== "string" || typeof options !== "object" || Object.keys(rest).length > 0) return revived;
  return (lookUp(plugins, "methods", method, who) as (options: unknown) => Method)(options);
}
