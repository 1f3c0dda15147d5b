// What the runtime says of a name that no plugin provides: the package that has it, which need not be installed.
import { attention } from "@hooke/attention";
import { cuda } from "@hooke/backend-cuda";
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { core } from "@hooke/core";
import { convolution } from "@hooke/layers-conv";
import { sequences } from "@hooke/layers-seq";
import { regularization } from "@hooke/regularization";
import { lookUp } from "@hooke/runtime";
import { describe, expect, it } from "vitest";

const layers = {
  "@hooke/core": core,
  "@hooke/layers-conv": convolution,
  "@hooke/layers-seq": sequences,
  "@hooke/attention": attention,
  "@hooke/regularization": regularization,
};
const backends = { "@hooke/backend-wasm": wasm, "@hooke/backend-webgpu": webgpu, "@hooke/backend-cuda": cuda };

describe.each([
  ["layers", Object.entries(layers).map(([owner, plugin]) => [owner, Object.keys(plugin.layers)] as const)],
  ["backends", Object.entries(backends).map(([owner, plugin]) => [owner, Object.keys(plugin.backends)] as const)],
] as const)("%s", (kind, owners) => {
  it.each(owners)("of %s are named with it", (owner, names) => {
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(() => lookUp([], kind, name), name).toThrow(`It is in ${owner}: install it`);
  });
});
