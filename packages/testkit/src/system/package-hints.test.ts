// What the runtime says of a name that no plugin provides: the package that has it, which need not be installed. The runtime knows
// the names by a file that is written here, from the plugins: vitest run packages/testkit/src/system/package-hints.test.ts -u.
import { attention } from "@hooke/attention";
import { cuda } from "@hooke/backend-cuda";
import { wasm } from "@hooke/backend-wasm";
import { webgpu } from "@hooke/backend-webgpu";
import { core } from "@hooke/core";
import { convolution } from "@hooke/layers-conv";
import { graphs } from "@hooke/layers-graph";
import { sequences } from "@hooke/layers-seq";
import { pinn } from "@hooke/pinn";
import { regularization } from "@hooke/regularization";
import { lookUp, type Plugin } from "@hooke/runtime";
import { transfer } from "@hooke/transfer";
import { expect, it } from "vitest";

const plugins: Readonly<Record<string, Plugin>> = {
  "@hooke/core": core,
  "@hooke/layers-conv": convolution,
  "@hooke/layers-seq": sequences,
  "@hooke/layers-graph": graphs,
  "@hooke/attention": attention,
  "@hooke/regularization": regularization,
  "@hooke/pinn": pinn,
  "@hooke/transfer": transfer,
  "@hooke/backend-wasm": wasm,
  "@hooke/backend-webgpu": webgpu,
  "@hooke/backend-cuda": cuda,
};

const kinds = ["layers", "backends"] as const;

it("the runtime's file names every layer and backend of every package, and no other", async () => {
  const lines = Object.entries(plugins).map(([owner, plugin]) => {
    const names = kinds.flatMap((kind) => Object.keys(plugin[kind] ?? {})).sort();
    const line = `  "${owner}": "${names.join(" ")}",`;
    return line.length <= 120 ? line : line.replace(": ", ":\n    ");
  });
  const text = [
    "// Where the layers and backends of Hooke's own packages are, so that a missing one can be named without being installed.",
    "// Written by packages/testkit/src/system/package-hints.test.ts.",
    "",
    "/** Names by package, separated by spaces. */",
    "export const packageHints: Readonly<Record<string, string>> = {",
    ...lines,
    "};",
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../../../runtime/src/package-hints.ts");
});

it.each(Object.keys(plugins))("what %s has is looked for there", (owner) => {
  for (const kind of kinds) {
    for (const name of Object.keys(plugins[owner]![kind] ?? {})) {
      expect(() => lookUp([], kind, name), name).toThrow(`It is in ${owner}: install it`);
    }
  }
});
