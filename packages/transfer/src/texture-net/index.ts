/**
 * Weights of `textureNet`, trained on generated textures. An entry of its own: its 0.8 MB are downloaded where they are asked for.
 *
 * @packageDocumentation
 */
import type { Variables } from "@hooke/core";
import { decodeSafetensors } from "@hooke/data/safetensors";
import type { HostArray, Tree } from "@hooke/runtime";

/**
 * What `textureNet` of @hooke/layers-conv learnt from 8,000 generated textures of 64 x 64 points: grey and two-phase, clean, noisy,
 * blurred, scratched, unevenly lit. Its 128 features tell of shares, sizes, directions and connections. No licence but this package's;
 * `examples/texture-backbone` made them and says what they are worth. 307,504 numbers, rounded to 11 significant bits.
 *
 * @example
 * ```ts
 * import { wasmBackend } from "@hooke/backend-wasm";
 * import { predict } from "@hooke/core";
 * import { textureNet } from "@hooke/layers-conv";
 * import { array } from "@hooke/runtime";
 * import { textureNetWeights } from "@hooke/transfer/texture-net";
 *
 * const backbone = { layer: textureNet(), inputShape: [64, 64, 1], variables: await textureNetWeights() };
 * const stripes = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 8 < 4 ? 60 : 200));
 * const features = await predict(backbone, array(stripes, { shape: [1, 64, 64, 1] }), { backend: wasmBackend() });
 * console.log(features.shape); // [ 1, 128 ]
 * ```
 */
export async function textureNetWeights(): Promise<Variables<HostArray>> {
  // Imported here, bundlers give it a file that is downloaded by this call.
  const { weights } = await import("./weights.ts");
  const bytes = Uint8Array.from(atob(weights), (character) => character.charCodeAt(0));
  const variables: { [name: string]: Tree<HostArray> } = {};
  for (const [path, tensor] of Object.entries(decodeSafetensors(bytes, { source: "textureNetWeights" }).tensors)) {
    const names = path.split(".");
    const last = names.pop()!;
    let record = variables;
    for (const name of names) {
      record[name] ??= {};
      record = record[name] as typeof variables;
    }
    record[last] = tensor;
  }
  return variables as unknown as Variables<HostArray>;
}
