// Shards: the rows and bits of one dataset in memory, from a disk, a server and a page; orders; what does not fit, is damaged or was changed.
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adam, dense, fit, flatten, mse, sequential } from "@hooke/core";
import { loadRows, type StreamedDataset, split, streamedDataset, take } from "@hooke/data";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { array, type HostArray, randomKey, referenceBackend, zeros } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localFile, localFiles } from "../node/index.ts";
import { holdPieces } from "./held-pieces.ts";
import { type ByteFile, blobFile, httpFile, openShards, type ShardOptions } from "./index.ts";
import { pieceOrder } from "./piece-order.ts";

const sizes = [7, 1, 12, 5];
const total = 25;
const columns = { inputs: "images", targets: "stiffness" } as const;
/** Row `i` holds `i` and its square. */
const rowsFrom = (first: number, count: number): Record<string, HostArray> => {
  const images = zeros([count, 2, 1]);
  const stiffness = zeros([count]);
  for (let i = 0; i < count; i++) {
    images.data.set([(first + i) / total, ((first + i) / total) ** 2], 2 * i);
    stiffness.data[i] = Math.sin((first + i) / 4);
  }
  return { images, stiffness };
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-shards-"));
  let first = 0;
  for (const [i, size] of sizes.entries()) {
    await writeFile(join(folder, `part-${i * 5}.safetensors`), encodeSafetensors(rowsFrom(first, size)));
    first += size;
  }
});
afterAll(() => rm(folder, { recursive: true }));

const opened = async (options: Partial<ShardOptions> = {}): Promise<StreamedDataset> =>
  openShards(await localFiles(folder), { ...columns, ...options });
const whole = rowsFrom(0, total);

describe.each(["rows", "pieces"] as const)("shuffled by %s", (shuffle) => {
  const options = { shuffle, memory: 128 };

  test("rows are those of one dataset, in any order, one twice", async () => {
    const data = await opened(options);
    expect(data.inputs.shape).toEqual([total, 2, 1]);
    expect((await loadRows(data)).inputs).toEqual(whole.images);
    expect(data.targets).toEqual({ ...whole.stiffness, shape: [total, 1] });
    const { inputs } = await loadRows(data, [24, 0, 8, 7, 7, 6]);
    expect([...inputs.data].filter((_, i) => i % 2 === 0)).toEqual(
      [24, 0, 8, 7, 7, 6].map((row) => Math.fround(row / total)),
    );
  });

  test("a training is resumed at any batch with the bits of the uninterrupted one", async () => {
    const parts = async () => split(await opened(options), { train: "rest", validation: 0.2 }, 1);
    const common = {
      backend: referenceBackend(),
      model: sequential([flatten(), dense({ units: 1 })]),
      loss: mse(),
      optimizer: adam(),
      learningRate: 0.01,
      batchSize: 4,
      epochs: 2,
      seed: 2,
    };
    const saved: Uint8Array[] = [];
    const checkpoint = { every: 1, save: (bytes: Uint8Array) => void saved.push(bytes.slice()) };
    const uninterrupted = await fit({ ...common, data: await parts(), checkpoint });
    const resumed = await fit({ ...common, data: await parts(), resume: saved[6]! });
    expect(resumed.model.variables).toEqual(uninterrupted.model.variables);
    expect(resumed.history).toEqual(uninterrupted.history);
    const other = split(await opened({ shuffle, memory: 512 }), { train: "rest", validation: 0.2 }, 1);
    const again = fit({ ...common, data: other, resume: saved[6]! });
    if (shuffle === "pieces") await expect(again).rejects.toThrow("was taken with data");
    else expect((await again).history).toEqual(uninterrupted.history);
  });
});

const iota = (length: number) => Int32Array.from({ length }, (_, i) => i);
const isPermutation = (order: Int32Array, length: number) =>
  expect([...order].sort((a, b) => a - b)).toEqual([...iota(length)]);

describe("pieces", () => {
  // 40 pieces of 5 rows, of which 4 are mixed.
  const pieces = Array.from({ length: 40 }, (_, i) => ({ bytes: 10, lane: i % 2 }));
  const pieceOf = (row: number) => Math.floor(row / 5);
  const alone = pieces.map(({ bytes }) => ({ bytes, lane: 0 }));
  const one = pieceOrder({ pieces: alone, pieceOf, mixed: 40, lanes: 1, batchSize: 1 });
  const piecesOf = (rows: Iterable<number>) => [...new Set(Array.from(rows, pieceOf))];

  test("an order holds each row once, of four pieces at a time, another for another key", () => {
    const order = one(randomKey(1), iota(200));
    isPermutation(order, 200);
    expect(one(randomKey(1), iota(200))).toEqual(order);
    expect(one(randomKey(2), iota(200))).not.toEqual(order);
    for (let at = 0; at < 200; at += 20) expect(piecesOf(order.subarray(at, at + 20))).toHaveLength(4);
  });

  test("every row may be the first", () => {
    const firsts = Array.from({ length: 400 }, (_, seed) => one(randomKey(seed), iota(200))[0]!);
    expect(new Set(firsts).size).toBeGreaterThan(150);
  });

  test("a piece larger than what is mixed is one of its own", () => {
    const large = [{ bytes: 50, lane: 0 }, ...[1, 2].map(() => ({ bytes: 1, lane: 0 }))];
    const options = {
      pieces: large,
      pieceOf: (row: number) => Math.max(0, row - 49),
      mixed: 2,
      lanes: 1,
      batchSize: 1,
    };
    const isLarge = [...pieceOrder(options)(randomKey(0), iota(52))].map((row) => row < 50);
    expect(isLarge.indexOf(true)).toBe(isLarge.lastIndexOf(true) - 49);
  });

  test("of some rows are mixed as those of all", () => {
    const rows = iota(200).filter((row) => row % 5 > 1);
    const order = one(randomKey(1), rows);
    isPermutation(order, 120);
    const found = Array.from(order, (place) => rows[place]!);
    for (let at = 0; at < 120; at += 12) expect(piecesOf(found.slice(at, at + 12))).toHaveLength(4);
    isPermutation(one(randomKey(1), Int32Array.of(7, 7, 180)), 3);
  });

  test("each rank reads its own, and every batch has its part of all", () => {
    const ranked = pieceOrder({ pieces, pieceOf, mixed: 40, lanes: 2, batchSize: 7 });
    // A split leaves lanes of different lengths.
    const rows = iota(200).filter((row) => row > 30 || row % 3 === 0);
    const order = ranked(randomKey(5), rows);
    isPermutation(order, rows.length);
    const lanes = Array.from(order, (place) => pieces[pieceOf(rows[place]!)]!.lane);
    for (let batch = 0; batch < 22; batch++) {
      expect(lanes.slice(7 * batch, 7 * batch + 7)).toEqual([0, 0, 0, 1, 1, 1, 1]);
    }
  });

  test("those that were used last are held, as many as memory allows; what failed is read anew", async () => {
    const read: number[] = [];
    let broken = true;
    const pieces = holdPieces(
      async (piece) => {
        read.push(piece);
        if (piece === 9 && broken) throw new Error("no answer");
        return array([piece]);
      },
      () => 10,
      20,
    );
    await pieces([0, 1]);
    await pieces([0]);
    await pieces([2]);
    expect(read).toEqual([0, 1, 2]);
    await pieces([0, 2]);
    expect(read).toEqual([0, 1, 2]);
    await pieces([1]);
    expect(read).toEqual([0, 1, 2, 1]);
    await expect(pieces([9])).rejects.toThrow("no answer");
    broken = false;
    expect((await pieces([9]))[0]!.data).toEqual(Float32Array.of(9));
  });

  test("each is read once in a shuffled epoch, its validation apart", async () => {
    const files = (await localFiles(folder)).map((file) => counted(file));
    const data = await openShards(
      files.map(({ file }) => file),
      { ...columns, shuffle: "pieces", memory: 128 },
    );
    for (const { ranges } of files) ranges.length = 0;
    const order = data.inputs.order!(randomKey(3), iota(total));
    for (let at = 0; at < total; at += 4) await data.inputs.read(order.subarray(at, at + 4));
    // Four files of one piece each.
    expect(files.map(({ ranges }) => ranges.length)).toEqual([1, 1, 1, 1]);
  });
});

/** The file, and what is read of it. */
function counted(file: ByteFile) {
  const ranges: [number, number][] = [];
  const read: ByteFile["read"] = (begin, end, signal) => {
    ranges.push([begin, end]);
    return file.read(begin, end, signal);
  };
  return { file: { ...file, read }, ranges };
}

test("rows that stand together are read at once", async () => {
  const files = (await localFiles(folder)).map((file) => counted(file));
  const data = await openShards(
    files.map(({ file }) => file),
    columns,
  );
  for (const { ranges } of files) ranges.length = 0;
  await data.inputs.read(Int32Array.of(10, 3, 9, 2, 8, 17));
  expect(files.map(({ ranges }) => ranges.length)).toEqual([1, 0, 2, 0]);
});

describe("files", () => {
  /** A server of the folder; what is asked of it. */
  async function served<T>(answer: RequestListener | undefined, use: (address: string) => Promise<T>): Promise<T> {
    const files: RequestListener = async (request, response) => {
      const bytes = await readFile(join(folder, request.url!.slice(1).split("?")[0]!)).catch(() => undefined);
      if (bytes === undefined) return void response.writeHead(404).end();
      const [, begin, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "")!;
      const part = bytes.subarray(Number(begin), Number(end) + 1);
      const range = `bytes ${begin}-${Number(begin) + part.length - 1}/${bytes.length}`;
      const etag = createHash("md5").update(bytes).digest("hex");
      response.writeHead(206, { "content-range": range, etag }).end(part);
    };
    const server = createServer(answer ?? files);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }
  const name = "part-10.safetensors";

  test("of a server and of a page have the same rows", async () => {
    const inputs = await served(undefined, async (address) => {
      const names = [0, 5, 10, 15].map((i) => `${address}/part-${i}.safetensors?token=1`);
      const files = await Promise.all(names.map((url) => httpFile(url)));
      return (await loadRows(await openShards(files, { ...columns, shuffle: "pieces" }))).inputs;
    });
    expect(inputs).toEqual(whole.images);
    const blobs = await Promise.all(
      [0, 5, 10, 15].map(async (i) => {
        const bytes = await readFile(join(folder, `part-${i}.safetensors`));
        return blobFile(new File([bytes], `part-${i}.safetensors`));
      }),
    );
    expect((await loadRows(await openShards(blobs, columns))).inputs).toEqual(whole.images);
  });

  test("on a server that fails for a moment are asked for again, and named where it goes on failing", async () => {
    let asked = 0;
    const busy = served(
      (_, response) => void response.writeHead(++asked < 3 ? 503 : 206, { "content-range": "bytes 0-0/99" }).end("x"),
      (address) => httpFile(`${address}/${name}`),
    );
    expect((await busy).size).toBe(99);
    let sent = 0;
    const cut = served(
      (_, response) => {
        response.writeHead(206, { "content-range": "bytes 0-0/99", "content-length": 1 });
        if (++sent !== 2) return void response.end("x");
        response.flushHeaders();
        setTimeout(() => response.destroy(), 20);
      },
      async (address) => (await httpFile(`${address}/${name}`)).read(0, 1),
    );
    expect([(await cut).length, sent]).toEqual([1, 3]);
    const gone = served(undefined, (address) => httpFile(`${address}/missing.safetensors`));
    await expect(gone).rejects.toThrow("missing.safetensors: cannot be had (404 Not Found).");
    const all = served(
      (_, response) => void response.writeHead(200).end("all of it"),
      (address) => httpFile(`${address}/${name}`),
    );
    await expect(all).rejects.toThrow("the server sends the whole file where a part is asked for.");
  });

  test("on a server that is busy are waited for until a signal", async () => {
    const stopping = new AbortController();
    const reason = new Error("enough");
    let asked = 0;
    const stopped = served(
      (_, response) => {
        asked++;
        response.writeHead(503).end();
        // The answer has come by then, and the second asking has not.
        setTimeout(() => stopping.abort(reason), 100);
      },
      (address) => httpFile(`${address}/${name}`, { signal: stopping.signal }),
    );
    await expect(stopped).rejects.toBe(reason);
    expect(asked).toBe(1);
  });

  test("that were changed are refused", async () => {
    const path = join(folder, "changing.safetensors");
    await writeFile(path, encodeSafetensors(rowsFrom(0, 4)));
    const file = await localFile(path);
    const data = await openShards([file], columns);
    await served(undefined, async (address) => {
      const far = await openShards([await httpFile(`${address}/changing.safetensors`)], columns);
      await writeFile(path, encodeSafetensors(rowsFrom(9, 4)));
      const changed = 'rows 2 to 2 of tensor "images" (bytes';
      await expect(far.inputs.read(Int32Array.of(2))).rejects.toThrow("is another file than when it was opened");
      await expect(far.inputs.read(Int32Array.of(2))).rejects.toThrow(changed);
    });
    await expect(data.inputs.read(Int32Array.of(2))).rejects.toThrow("was changed since it was opened");
    await rm(path);
    await expect(data.inputs.read(Int32Array.of(2))).rejects.toThrow("changing.safetensors");
  });
});

const fixture = (name: string): Promise<ByteFile> =>
  localFile(fileURLToPath(new URL(`../parquet/fixtures/${name}.parquet`, import.meta.url)));

test.each(["none", "zstd"])("columns of Parquet, compressed by %s", async (codec) => {
  const files = [await fixture(codec), await fixture(codec)];
  const data = await openShards(files, { inputs: ["x"], targets: "x", dtype: "f64" });
  const { inputs, count } = await loadRows(data, [0, 999, 1000, 1500]);
  expect(data.count).toBe(2000);
  expect([...inputs.data]).toEqual([0, 499.5, 0, 250]);
  expect([data.inputNames, data.targetNames, count]).toEqual([["x"], ["x"], 4]);
  expect(data.inputs.order).toBeDefined();
});

test("what a Parquet file says of itself is read once", async () => {
  const { file, ranges } = counted(await fixture("zstd"));
  await openShards([file], { inputs: ["x"], targets: "i" });
  expect(ranges.filter(([, end]) => end === file.size)).toHaveLength(1);
});

test("a Parquet file that is none, or of groups that are too large, is named with the cure", async () => {
  const other = openShards([blobFile(new Blob(["text, and no columns"]), "a.parquet")], { inputs: "x", targets: "i" });
  await expect(other).rejects.toThrow("a.parquet: cannot be read as Parquet (");
  const large = openShards([await fixture("zstd")], { inputs: "x", targets: "i", memory: 1000 });
  await expect(large).rejects.toThrow("the option memory allows 1000. Raise it, or write groups of fewer rows");
});

describe("what is not right is refused by name", () => {
  const file = (name: string, tensors: Record<string, HostArray>): ByteFile =>
    blobFile(new Blob([encodeSafetensors(tensors)]), name);
  const good = file("a.safetensors", rowsFrom(0, 3));
  const open = (files: readonly ByteFile[], options: Partial<ShardOptions> = {}) =>
    openShards(files, { ...columns, ...options });

  test.each<readonly [string, () => Promise<unknown>]>([
    ["openShards: received no files", () => open([])],
    ["openShards: received 3 as the files; expected a list of files that are read by parts", () => open(3 as never)],
    ['a.safetensors: has no tensor "imges". Did you mean "images"?', () => open([good], { inputs: "imges" })],
    ["a.safetensors: received a list of names", () => open([good], { inputs: ["images"] })],
    ["notes.txt: ends neither in", () => open([file("notes.txt", {})])],
    [
      'b.safetensors: tensor "images" has 2 rows and tensor "stiffness" 3',
      () => open([good, file("b.safetensors", { images: zeros([2, 2, 1]), stiffness: zeros([3]) })]),
    ],
    [
      "b.safetensors: holds inputs f32[3, 1] and targets f32[] a row; a.safetensors holds inputs f32[2, 1] and",
      () => open([good, file("b.safetensors", { images: zeros([2, 3, 1]), stiffness: zeros([2]) })]),
    ],
    [
      "b.safetensors: row 1 holds NaN",
      () => open([good, file("b.safetensors", { images: zeros([2, 2, 1]), stiffness: array([0, Number.NaN]) })]),
    ],
    [
      "openShards: row 1 of b.safetensors holds NaN",
      async () => {
        const images = zeros([2, 2, 1]);
        images.data[3] = Number.NaN;
        return loadRows(await open([good, file("b.safetensors", { images, stiffness: zeros([2]) })]));
      },
    ],
    [
      "a.safetensors: row 2 holds Infinity",
      () =>
        open([file("a.safetensors", { images: array([[1], [2], [Number.POSITIVE_INFINITY]]), stiffness: zeros([3]) })]),
    ],
    [
      "single precision moves the values of column",
      () => {
        const images = array([[1.7e9], [1.7e9 + 1]], { dtype: "f64" });
        return open([file("t.safetensors", { images, stiffness: zeros([2]) })]);
      },
    ],
    [
      "target 1 is 0.5; classes are numbered from 0.",
      () =>
        open([file("a.safetensors", { images: zeros([2, 1]), stiffness: array([0, 0.5]) })], { classes: ["a", "b"] }),
    ],
    [
      "cut.safetensors: tensor",
      () => open([blobFile(new Blob([encodeSafetensors(rowsFrom(0, 3)).subarray(0, -4)]), "cut.safetensors")]),
    ],
    ['column "name" holds text', async () => open([await fixture("none")], { inputs: ["name"], targets: "x" })],
    [
      "rows of Parquet are not read alone",
      async () => open([await fixture("none")], { inputs: ["x"], targets: "x", shuffle: "rows" }),
    ],
    ["its columns take", async () => open([await fixture("none")], { inputs: ["x"], targets: "x", memory: 64 })],
  ])("%s", async (message, act) => {
    await expect(act()).rejects.toThrow(message);
  });

  test("a file that fails later ends the reading by name, row and bytes", async () => {
    let broken = false;
    const flaky: ByteFile = {
      ...good,
      read: async (begin, end) => (broken ? Promise.reject(new Error("cable out")) : good.read(begin, end)),
    };
    const data = await open([flaky]);
    broken = true;
    await expect(data.inputs.read(Int32Array.of(1))).rejects.toThrow(
      /^a.safetensors: rows 1 to 1 of tensor "images" \(bytes \d+ to \d+\) cannot be read: cable out/,
    );
  });

  test("an order that is none", async () => {
    const data = await open([good]);
    const wrong = { ...data.inputs, order: () => Int32Array.of(0, 1, 1) };
    const { inputs } = streamedDataset({ inputs: wrong, targets: data.targets });
    expect(() => inputs.order!(randomKey(0), iota(3))).toThrow(
      "order returned 3 places; it must return each of 3 once.",
    );
  });
});

test("small whole numbers become floats, labels stay whole", async () => {
  const { header, data } = {
    header:
      '{"images":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]},"kind":{"dtype":"I64","shape":[2],"data_offsets":[4,20]}}',
    data: [0, 255, 7, 8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  };
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  bytes.set(data, 8 + header.length);
  const files = [blobFile(new Blob([bytes]), "u8.safetensors")];
  const found = await openShards(files, { inputs: "images", targets: "kind", classes: ["ferrite", "pearlite"] });
  expect((await loadRows(found)).inputs).toEqual(
    array([
      [0, 255],
      [7, 8],
    ]),
  );
  expect(found.targets).toEqual(array([1, 0], { dtype: "i32" }));
});

test("of two ranks each reads its own files, the same rows as one", async () => {
  const names: string[] = [];
  const ranks = { size: 2, batchSize: 4 };
  const files = (await localFiles(folder)).map((file) => ({
    ...file,
    read: (begin: number, end: number) => {
      names.push(file.name);
      return file.read(begin, end);
    },
  }));
  const data = await openShards(files, { ...columns, shuffle: "pieces", memory: 128, ranks });
  const order = data.inputs.order!(randomKey(6), iota(total));
  names.length = 0;
  // Lanes have 12 and 13 rows: after six batches of two and two, one row is left.
  for (let at = 0; at < 24; at += 4) await data.inputs.read(order.subarray(at, at + 2));
  const first = new Set(names);
  names.length = 0;
  for (let at = 0; at < 24; at += 4) await data.inputs.read(order.subarray(at + 2, at + 4));
  expect(names.length + first.size).toBeGreaterThanOrEqual(3);
  expect(names.filter((name) => first.has(name))).toEqual([]);
  isPermutation(order, total);
});

test("some rows, one twice, have an order of their own", async () => {
  const data = take(await opened({ shuffle: "pieces", memory: 128 }), [3, 20, 3, 9]);
  isPermutation(data.inputs.order!(randomKey(4), iota(4)), 4);
  expect((await loadRows(data)).inputs.data[0]).toBe(Math.fround(3 / total));
});
