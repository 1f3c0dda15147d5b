// HDF5 files of h5py: every type, cycles, MATLAB's layout; damage is refused, and the next file is read all the same.
import { readFileSync } from "node:fs";
import { array, zeros } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { readHdf5 } from "./read-hdf5.ts";
import type { Hdf5Dataset, Hdf5Group, Hdf5Node } from "./tree.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));
const types = await readHdf5(fixture("types.h5"), { source: "types.h5" });

test.each(Object.entries((types.root.children.numbers as Hdf5Group).children))("numbers of %s", async (name, node) => {
  const { path, shape } = node as Hdf5Dataset;
  expect(shape).toEqual([2, 3]);
  const dtype = /f8$/.test(name) ? "f64" : /f/.test(name) ? "f32" : name === "u4" ? "u32" : "i32";
  expect(await types.read(path)).toEqual(
    array(
      [
        [0, 1, 2],
        [3, 4, 100],
      ],
      { dtype },
    ),
  );
});

test.each(["layouts.h5", "layouts-latest.h5"])(
  "bits that are elsewhere are found, or refused by name: %s",
  async (name) => {
    const file = await readHdf5(fixture(name), { source: name });
    for (const path of ["/bfloat16 LE", "/bfloat16 BE", "/of a named type"]) {
      expect((file.root.children[path.slice(1)] as Hdf5Dataset).type).toBe("BF16");
      expect(await file.read(path)).toEqual(array([1.5, -2, 3.25]));
    }
    await expect(file.read("/11 of the exponent")).rejects.toThrow(
      `${name}: /11 of the exponent holds floats of 32 bits with 11 of the exponent; write it as numbers`,
    );
    await expect(file.read("/12 bits")).rejects.toThrow(
      "/12 bits holds whole numbers of 12 bits from bit 2 of 16; write",
    );
  },
);

test.each(["attributes.h5", "attributes-latest.h5"])(
  "attributes whose bits are elsewhere are left out: %s",
  async (name) => {
    const { root } = await readHdf5(fixture(name), { source: name });
    for (const [group, others] of [
      ["few", 1],
      ["many", 60],
    ] as const) {
      const { attributes } = root.children[group] as Hdf5Group;
      expect({ ...attributes }).toEqual({
        "12 bits": undefined,
        "of a named type": undefined,
        "11 of the exponent": undefined,
        plain: [1, -2, 3],
        ...Object.fromEntries(Array.from({ length: others }, (_, i) => [`note ${i}`, 0.5 * i])),
      });
    }
  },
);

test("other types", async () => {
  const kinds = Object.fromEntries(
    Object.values(types.root.children).map((node) => [node.path, node.kind === "dataset" ? node.type : node.kind]),
  );
  expect(kinds).toMatchObject({
    "/bool": "BOOL",
    "/enum": "I16",
    "/compound": "compound (cycles: I32, load: F64)",
    "/complex": "compound (r: F64, i: F64)",
    "/lists": "lists of I32",
    "/references": "references",
    "/type": "datatype",
    "/text": "group",
  });
  expect(await types.read("/bool")).toEqual(array([true, false]));
  expect(await types.read("/scalar")).toEqual(array(2.5, { dtype: "f64" }));
  expect(await types.read("no rows")).toEqual(zeros([0, 3], "f32"));
  expect(await types.readText("/text/fixed")).toEqual(["ab", "c"]);
  expect(await types.readText("/text/any")).toEqual(["größe", ""]);
  expect(await types.readText("/text/one")).toEqual(["steel"]);
  expect(await types.readReferences("/references")).toEqual(["/bool", null]);
});

test.each([
  ["/complex", "types.h5: /complex holds compound (r: F64, i: F64); write it as numbers"],
  ["/text/one", "/text/one holds text; readText reads it."],
  ["/none", "/none holds no value."],
  ["/large", "/large is I64 and holds 9007199254740993 at element 0; i32 ends"],
  ["/huge", "/huge takes 400000000000000 bytes; the option limit allows 1073741824. Read it in parts with slices."],
  ["/numbers", "/numbers is a group; give the path of a dataset."],
  ["/numbers/f16", '/numbers has no "f16". It has >f4,'],
])("%s is refused", async (path, message) => {
  await expect(types.read(path)).rejects.toThrow(message);
});

test("attributes", () => {
  expect({ ...(types.root.children.numbers as Hdf5Group).attributes }).toEqual({
    unit: "MPa",
    scale: 1.5,
    count: 3,
    axes: ["time", "strain"],
    limits: [0, 10],
    nothing: undefined,
    half: undefined,
    complex: undefined,
  });
});

test("slices", async () => {
  const all = array(
    Array.from({ length: 100 }, (_, i) => Array.from({ length: 10 }, (_, j) => 10 * i + j)),
    { dtype: "i32" },
  );
  expect(await types.read("/chunked")).toEqual(all);
  const part = await types.read("/chunked", { slices: [[31, 34], null] });
  expect(part).toEqual({ ...all, shape: [3, 10], data: all.data.slice(310, 340) });
  expect(
    await types.read("/chunked", {
      slices: [
        [99, 100],
        [9, 10],
      ],
    }),
  ).toEqual(array([[999]], { dtype: "i32" }));
  expect((await types.read("/chunked", { slices: [[5, 5], null] })).shape).toEqual([0, 10]);
  // Never written, it is the fill value.
  expect(
    await types.read("/huge", {
      slices: [
        [10 ** 7 - 1, 10 ** 7],
        [0, 2],
      ],
    }),
  ).toEqual(array([[1.5, 1.5]]));
  await expect(types.read("/chunked", { slices: [[0, 101], null] })).rejects.toThrow(
    "expected [start, stop] from 0 to 100.",
  );
  await expect(types.read("/chunked", { slices: [[0, 1]] })).rejects.toThrow(
    "received 1 slices of /chunked, which has 2 axes",
  );
});

test("cycles of links end", async () => {
  const { root, read } = await readHdf5(fixture("cycles.h5"));
  const lines: string[] = [];
  const walk = (node: Hdf5Node): void => {
    lines.push(node.kind === "link" ? `${node.path} -> ${node.file ?? ""}${node.target}` : node.path);
    if (node.kind === "group") Object.values(node.children).forEach(walk);
  };
  walk(root);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "/
    /group
    /group/again -> /x
    /group/elsewhere -> other.h5/y
    /group/loop -> /group/loop
    /group/nowhere -> /nowhere
    /group/relative -> again
    /group/self -> /group
    /group/soft -> /group/again
    /group/through -> /group/self/self
    /group/up -> /
    /x"
  `);
  for (const path of ["/x", "/group/again", "/group/soft", "/group/relative", "/group/through/up/group/self/again"]) {
    expect((await read(path)).data, path).toEqual(Float64Array.of(0, 1, 2));
  }
  await expect(read("/group/loop")).rejects.toThrow("leads through more than 32 links");
  await expect(read("/group/nowhere")).rejects.toThrow('/ has no "nowhere".');
  await expect(read("/group/elsewhere")).rejects.toThrow("leads to /y of another file, other.h5");
});

test("MATLAB's files have MATLAB's shapes, logical values and characters", async () => {
  const file = await readHdf5(fixture("matlab.mat"));
  expect(await file.read("/A")).toEqual(
    array(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      { dtype: "f64" },
    ),
  );
  expect(
    await file.read("/A", {
      slices: [
        [1, 2],
        [0, 2],
      ],
    }),
  ).toEqual(array([[3, 4]], { dtype: "f64" }));
  const b = await file.read("/B", { slices: [null, [1, 3], [3, 4]] });
  expect(b).toEqual(
    array(
      [
        [[7], [11]],
        [[19], [23]],
      ],
      { dtype: "i32" },
    ),
  );
  expect(await file.read("/flags")).toEqual(array([[true, false, true]]));
  expect(await file.read("/empty")).toEqual(zeros([0, 3], "f64"));
  expect(await file.readText("/name")).toEqual(["größe", "steel"]);
  expect(await file.readReferences("/cell")).toEqual(["/#refs#/a", "/#refs#/b"]);
  expect((file.root.children.struct as Hdf5Group).attributes.MATLAB_class).toBe("struct");
});

describe("a damaged file", () => {
  test("is refused cut short anywhere", async () => {
    const file = fixture("cycles.h5");
    for (let length = 0; length < file.length; length += 97) {
      await expect(readHdf5(file.subarray(0, length)), `${length}`).rejects.toMatchObject({ code: "corrupt-file" });
    }
    await expect(readHdf5(new TextEncoder().encode("a,b\n1,2\n"), { source: "a.csv" })).rejects.toThrow(
      "a.csv: is no HDF5 file, or one whose beginning is damaged.",
    );
  });

  test("that crashes the library takes no other with it, and the next one gets a fresh library", async () => {
    const before = await import("h5wasm");
    const alongside = readHdf5(fixture("matlab.mat"));
    // What a hostile file would have done to the library's memory: its next call ends in a trap of WebAssembly.
    let destroyed = false;
    const hostile = readHdf5(fixture("types.h5"), {
      source: "hostile.h5",
      onProgress({ objects }) {
        if (objects === 3) destroyed = before.Module.HEAPU8.fill(0xff).length > 0;
      },
    });
    const after = readHdf5(fixture("cycles.h5"));
    const message = /^hostile\.h5: h5wasm crashes on it \(RuntimeError: .*\): the file is damaged\.$/;
    await expect(hostile).rejects.toThrow(message);
    expect(destroyed).toBe(true);
    expect((await alongside).root.children.A).toMatchObject({ shape: [2, 3] });
    expect((await (await after).read("/x")).data).toEqual(Float64Array.of(0, 1, 2));
    // The one that was open before is read by the fresh library, too.
    expect((await types.read("/scalar")).data[0]).toBe(2.5);
  });
});

describe("long work", () => {
  test("tells how far it is, and stops at a signal, without harm", async () => {
    const objects: number[] = [];
    const file = await readHdf5(fixture("types.h5"), { onProgress: (told) => void objects.push(told.objects) });
    expect(objects).toEqual(Array.from({ length: objects.length }, (_, i) => i + 1));
    expect(objects.length).toBeGreaterThan(30);
    const parts: number[] = [];
    const large = await readHdf5(fixture("layouts.h5"));
    const { shape, data } = await large.read("/unwritten", { onProgress: ({ bytes }) => void parts.push(bytes) });
    expect([shape, data[8_999_999], parts]).toEqual([[3000, 3000], 1.5, [16_776_000, 33_552_000, 36_000_000]]);

    const stopping = new AbortController();
    const stop = { signal: stopping.signal, onProgress: () => stopping.abort(new Error("enough")) };
    await expect(large.read("/unwritten", stop)).rejects.toThrow("enough");
    await expect(file.read("/scalar", { signal: stopping.signal })).rejects.toThrow("enough");
    await expect(readHdf5(fixture("types.h5"), { signal: stopping.signal })).rejects.toThrow("enough");
    const thrown = readHdf5(fixture("types.h5"), {
      onProgress() {
        throw new TypeError("the caller's own");
      },
    });
    await expect(thrown).rejects.toThrow(TypeError);
    expect((await file.read("/scalar")).data[0]).toBe(2.5);
  });
});
