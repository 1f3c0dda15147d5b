import { afterEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "./backend.ts";
import { referenceBackend } from "./interpret.ts";
import { type BackendFactory, definePlugin, type LayerConstructor } from "./plugin.ts";
import { createRuntime, lookUp } from "./runtime.ts";
import type { Tensor } from "./tensor.ts";

const layer = (type: string): LayerConstructor => Object.assign((config: object = {}) => ({ type, config }), { type });
const factory = (name: string, backend?: Backend): BackendFactory => ({
  name,
  available: async () =>
    backend
      ? { available: true, device: "this thread", dtypes: ["f32"] }
      : { available: false, reason: "there is no device", cure: "Plug one in." },
  create: async () => backend!,
});
const acme = definePlugin({
  name: "acme",
  layers: { "acme/block": layer("acme/block") },
  losses: { "acme/loss": () => 1 },
  backends: { here: factory("here", { ...referenceBackend(), name: "here" }), gone: factory("gone") },
});

describe("definePlugin", () => {
  it.each([
    ["no name", { name: "" }, "definePlugin: received no name"],
    ["an unknown kind", { name: "acme", layer: {} }, 'plugin "acme": provides "layer", which is not a kind'],
    [
      "a layer under another name",
      { name: "acme", layers: { a: layer("b") } },
      'lists the layer of type "b" under the name "a"',
    ],
    [
      "a backend under another name",
      { name: "acme", backends: { a: factory("b") } },
      'lists the backend "b" under the name "a"',
    ],
  ])("refuses %s", (_, plugin, message) => {
    expect(() => definePlugin(plugin as never)).toThrow(message);
  });

  it("freezes", () => {
    expect(Object.isFrozen(acme)).toBe(true);
  });
});

describe("createRuntime", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("gives what plugins provide", async () => {
    const runtime = await createRuntime({ plugins: [acme], backend: "here" });
    expect(runtime.backend.name).toBe("here");
    expect(runtime.layer("acme/block", { size: 3 })).toEqual({ type: "acme/block", config: { size: 3 } });
    expect(runtime.get("losses", "acme/loss")()).toBe(1);
    expect(runtime.names("layers")).toEqual(["acme/block"]);
    expect((await runtime.run((x: Tensor) => x, 3)).data[0]).toBe(3);
    expect((await runtime.compile((x: Tensor) => x)(3)).data[0]).toBe(3);
  });

  it("refuses two plugins of one name, and two that provide one name", async () => {
    const other = definePlugin({ name: "acme" });
    await expect(createRuntime({ plugins: [acme, other], backend: "here" })).rejects.toThrow(
      'two plugins are named "acme"',
    );
    const rival = definePlugin({ name: "rival", layers: { "acme/block": layer("acme/block") } });
    await expect(createRuntime({ plugins: [acme, rival] as never, backend: referenceBackend() })).rejects.toThrow(
      'plugins "acme" and "rival" both provide "acme/block" among layers; rename one, e.g. "rival/acme/block"',
    );
  });

  it("names the package of an unknown layer", () => {
    expect(() => lookUp([acme], "layers", "lstm")).toThrow(
      'no plugin provides "lstm" among layers. It is in @hooke/layers-seq: install it and add its plugin to createRuntime({ plugins }). Plugins [acme] provide: acme/block.',
    );
    expect(() => lookUp([acme], "layers", "umbrella/block")).toThrow('the package of the plugin "umbrella"');
    expect(() => lookUp([], "losses", "mse2")).toThrow(
      'no plugin provides "mse2" among losses. Plugins [] provide: none.',
    );
  });

  it("lists backends with device, reason and cure", async () => {
    const runtime = await createRuntime({ plugins: [acme], backend: referenceBackend() });
    expect(await runtime.backends()).toEqual([
      { name: "here", available: true, device: "this thread", dtypes: ["f32"] },
      { name: "gone", available: false, reason: "there is no device", cure: "Plug one in." },
    ]);
  });

  it("never replaces an explicit choice", async () => {
    vi.stubEnv("HOOKE_BACKEND", "here");
    await expect(createRuntime({ plugins: [acme], backend: "gone" })).rejects.toThrow(
      "backend gone: is unavailable: there is no device. Plug one in.",
    );
  });

  it("chooses what HOOKE_BACKEND names", async () => {
    vi.stubEnv("HOOKE_BACKEND", "");
    expect((await createRuntime({ plugins: [acme], backend: "auto" })).backend.name).toBe("here");
    vi.stubEnv("HOOKE_BACKEND", "here");
    expect((await createRuntime({ plugins: [acme], backend: "auto" })).choice).toEqual({
      name: "here",
      reason: "named by HOOKE_BACKEND",
    });
    vi.stubEnv("HOOKE_BACKEND", "gone");
    await expect(createRuntime({ plugins: [acme], backend: "auto" })).rejects.toThrow("backend gone: is unavailable");
    vi.stubEnv("HOOKE_BACKEND", "nowhere");
    await expect(createRuntime({ plugins: [acme], backend: "auto" })).rejects.toThrow(
      'no plugin provides "nowhere" among backends',
    );
  });

  it("says what to do where no backend is available", async () => {
    vi.stubEnv("HOOKE_BACKEND", "");
    const only = definePlugin({ name: "only", backends: { gone: factory("gone") } });
    await expect(createRuntime({ plugins: [only], backend: "auto" })).rejects.toThrow(
      "no backend can do this. gone: unavailable, there is no device. Plug one in.",
    );
    await expect(createRuntime({ plugins: [], backend: "auto" })).rejects.toThrow(
      "no plugin provides a backend; add one",
    );
  });
});
