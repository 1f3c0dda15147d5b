// Kernels in WGSL: the functions that a kernel calls stand before it, and what it is given is bound.
import type { Dialect } from "../dialect.ts";
import { functions } from "./functions.ts";

export const wgsl: Dialect = {
  backend: "backend webgpu",
  source({ threads, isWide, pointers, levels, shared, statements }) {
    const body = statements.filter((line) => line !== "").join("\n");
    const given = Array.from({ length: pointers }, (_, i) => `p${i} : u32, `).join("");
    return [
      `struct Uniforms { NAN : f32, INFINITY : f32, zero : u32, ${given}}`,
      `@group(0) @binding(0) var<storage, read_write> memory : array<${isWide ? "vec4<u32>" : "u32"}>;`,
      "@group(0) @binding(1) var<uniform> uniforms : Uniforms;",
      ...Array.from({ length: levels }, (_, i) => `@group(1) @binding(${i}) var<uniform> step${i} : u32;`),
      ...shared.map(({ name, vectors }) => `var<workgroup> ${name} : array<vec4<f32>, ${vectors}>;`),
      ...functions(body),
      `@compute @workgroup_size(${threads})`,
      "fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(local_invocation_index) local : u32) {",
      body,
      "}",
    ].join("\n");
  },
};
