// Sets of images, from folders and from files of a page: order, labels, what is broken, batches ahead of their use, memory.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { adam, dense, fit, flatten, mse, sequential } from "@hooke/core";
import { batches, loadRows, parseCsv } from "@hooke/data";
import { referenceBackend } from "@hooke/runtime";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageFolder } from "../node/image-folder.ts";
import { volumeFolder } from "../node/volume-folder.ts";
import { centerCrop } from "./crop.ts";
import floats from "./fixtures/tiff-float.json" with { type: "json" };
import { imageBatches } from "./image-batches.ts";
import { imageFiles } from "./image-files.ts";
import { loadImages, streamImages } from "./load-images.ts";
import { naturalOrder } from "./natural-order.ts";

/** A grey PNG of one level. */
const png = (level: number, width = 3, height = 2): Uint8Array =>
  encode({ width, height, channels: 1, data: new Uint8Array(width * height).fill(level) });

let folder: string;
const write = async (name: string, content: Uint8Array | string): Promise<void> => {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "images-"));
  const levels = { "class2/b10.png": 51, "class2/b9.png": 102, "class10/deep/c.PNG": 153, "class10/d.png": 204 };
  for (const [name, level] of Object.entries(levels)) await write(`steel/${name}`, png(level));
  await write("steel/loose.png", png(255));
  await write("steel/class2/notes.txt", "none");
  await write("steel/class2/.hidden.png", "none");
  for (let i = 0; i < 12; i++) await write(`many/${i}.png`, i % 5 === 3 ? png(i).subarray(0, 40) : png(i));
  for (const i of [2, 10, 1]) await write(`bone/slice${i}.png`, png(i));
  await write("unlike/1.png", png(1));
  await write("unlike/2.png", png(1, 5, 4));
  await write("empty/readme.txt", "none");
  await write("broken/1.png", "none");
});
afterAll(() => rm(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

test("paths are in natural order, on every machine", () => {
  const sorted = ["1", "01", "2", "10", "10a", "B", "a/2", "a/10", "a1/b", "b", "x9y2", "x9y10", "x10", "ä"];
  expect([...sorted].reverse().sort(naturalOrder)).toEqual(["01", "1", ...sorted.slice(2)]);
});

describe("folders", () => {
  test("name the classes", async () => {
    const images = await imageFolder(at("steel"));
    expect(images.names).toEqual(["class2/b9.png", "class2/b10.png", "class10/d.png", "class10/deep/c.PNG"]);
    expect([images.classes, [...images.targets.data]]).toEqual([
      ["class2", "class10"],
      [0, 0, 1, 1],
    ]);
    expect(images.warnings).toEqual([`${at("steel")}: 1 image is ("loose.png") in no folder, and left out.`]);
    const { data, warnings } = await loadImages(images);
    expect([data.inputs.shape, data.inputs.data[0], data.inputs.data.at(-1)]).toEqual([
      [4, 2, 3, 1],
      Math.fround(0.4),
      Math.fround(0.6),
    ]);
    expect([data.classes, data.inputNames, warnings]).toEqual([images.classes, ["grey"], images.warnings]);
  });

  test("are refused where they cannot be read, or nothing in them is an image or named", async () => {
    await expect(imageFolder(at("nowhere"))).rejects.toThrow(
      /^imageFolder: cannot read .*nowhere \(ENOENT\): there is nothing at this path\. Correct it\.$/,
    );
    await expect(imageFolder(at("empty"))).rejects.toThrow(
      "it holds no images: no file ends with .png, .tif, .tiff, .jpg or .jpeg.",
    );
    await expect(imageFolder(at("many"))).rejects.toThrow(
      "its images are in no folders that could name their classes.",
    );
  });
});

describe("tables", () => {
  const labels = (text: string, target: string) => ({
    table: parseCsv(text, { source: "labels.csv" }),
    file: "image",
    target,
  });

  test("say what images show, in their order; what does not match is named", async () => {
    const text = "image,hardness\nclass10/d.png,4.5\n./class2\\b9.png,2\ngone.png,1";
    const images = await imageFolder(at("steel"), { labels: labels(text, "hardness") });
    expect(images.names).toEqual(["class10/d.png", "class2/b9.png"]);
    expect([...images.targets.data, ...images.lines!]).toEqual([4.5, 2, 2, 3]);
    expect(images.warnings).toEqual([
      `labels.csv: 1 file is ("gone.png") not in ${at("steel")}, and left out.`,
      `${at("steel")}: 3 images are ("class2/b10.png", "class10/deep/c.PNG", "loose.png") not in labels.csv, and left out.`,
    ]);
    const { data } = await loadImages(images);
    expect([data.targets.shape, data.targetNames, [...data.lines!]]).toEqual([[2, 1], ["hardness"], [2, 3]]);
  });

  test("may name classes", async () => {
    const images = await imageFolder(at("many"), {
      labels: labels("image,state\n0.png,ok\n1.png,crack\n2.png,ok", "state"),
    });
    expect([images.classes, images.targets.dtype, [...images.targets.data]]).toEqual([
      ["crack", "ok"],
      "i32",
      [1, 0, 1],
    ]);
  });

  test.each([
    ["names that are numbers", "image,y\n1,2", 'labels.csv: column "image" holds numbers, not the names of files'],
    ["names of no image", "image,y\n0.jpg,2", 'column "image" names none of the images: "0.jpg" first'],
    ["a name twice", "image,y\n0.png,2\n0.png,3", 'labels.csv: lines 2 and 3 both name "0.png"; leave one out.'],
    ["a missing target", "image,y\n0.png,1\n1.png,", "labels.csv: line 3 holds NaN"],
  ])("with %s are refused", async (_, text, message) => {
    await expect(imageFolder(at("many"), { labels: labels(text, "y") })).rejects.toThrow(message);
  });
});

describe("broken images", () => {
  test("are left out and named", async () => {
    const images = await imageFolder(at("many"), { labels: "none" });
    const progress: number[] = [];
    const { data, names, failures, warnings } = await loadImages(images, {
      onProgress: ({ done }) => void progress.push(done),
    });
    expect([data.count, names.length, progress.length, names.includes("3.png")]).toEqual([10, 10, 12, false]);
    expect(failures.map(({ name, index }) => [name, index])).toEqual([
      ["3.png", 3],
      ["8.png", 8],
    ]);
    expect(failures[0]!.reason).toBe(`${at("many/3.png")}: the file is cut short after 40 bytes. Get it again.`);
    expect(warnings).toEqual([
      `${at("many")}: 2 of 12 images cannot be read, and are left out. ${failures[0]!.reason} ${failures[1]!.reason}`,
    ]);
  });

  test("are thrown where asked, and where no image is left", async () => {
    const images = await imageFolder(at("many"), { labels: "none" });
    await expect(loadImages(images, { onBroken: "throw" })).rejects.toThrow("3.png: the file is cut short");
    const broken = await imageFolder(at("broken"), { labels: "none" });
    const message = /^loadImages: none of 1 images of .*broken can be read; .*it is no PNG, TIFF or JPEG/;
    await expect(loadImages(broken)).rejects.toThrow(message);
    await expect(imageBatches(broken, { batchSize: 4 }).next()).rejects.toThrow(/^imageBatches: none of 1 images/);
  });
});

test("images of other sizes are refused by name, or resized, cropped and coloured alike", async () => {
  const images = await imageFolder(at("unlike"), { labels: "none" });
  await expect(loadImages(images)).rejects.toThrow(
    "2.png is 5x4, 1 channel of 8 bits; 1.png is 3x2, 1 channel of 8 bits. Make them alike: size: 224, or { height, width }.",
  );
  const shapeOf = async (options: object) =>
    (await loadImages(await imageFolder(at("unlike"), { labels: "none", ...options }))).data.inputs.shape;
  expect(await shapeOf({ size: 4, channels: 3 })).toEqual([2, 4, 4, 3]);
  expect(
    await shapeOf({
      transform: (image: Parameters<typeof centerCrop>[0]) => centerCrop(image, { height: 2, width: 2 }),
    }),
  ).toEqual([2, 2, 2, 1]);
  await expect(imageFolder(at("unlike"), { size: 0.5 })).rejects.toThrow(
    "expected a whole number above 0, or { height, width }",
  );
});

test("floats are in their own unit, and are not mixed with whole numbers, which become shares of the largest", async () => {
  const [grey] = floats.cases.filter(({ name }) => name === "floats, tiles");
  const { width, height } = floats;
  await write("mixed/1.tif", Uint8Array.from(Buffer.from(grey!.file, "base64")));
  const one = await loadImages(await imageFolder(at("mixed"), { labels: "none" }));
  expect(one.data.inputs.data).toEqual(new Float32Array(Uint8Array.from(Buffer.from(grey!.values, "base64")).buffer));
  await write("mixed/2.png", png(1, width, height));
  const images = await imageFolder(at("mixed"), { labels: "none" });
  await expect(streamImages(images)).rejects.toThrow(
    "2.png is 37x21, 1 channel of 8 bits; 1.tif is 37x21, 1 channel of floats. Make them alike: keep floats and whole",
  );
});

describe("batches", () => {
  test("come in the order of their seed, however much is read ahead, with what is broken", async () => {
    const images = await imageFolder(at("many"), { labels: "none" });
    const plan = batches({ count: 12, batchSize: 5, seed: 7, epoch: 1 });
    for (const prefetch of [0, 1, 3]) {
      const found: number[][] = [];
      const broken: string[] = [];
      for await (const { inputs, indices, failures } of imageBatches(images, {
        batchSize: 5,
        shuffle: { seed: 7, epoch: 1 },
        prefetch,
      })) {
        expect(inputs.shape).toEqual([indices.length, 2, 3, 1]);
        expect([...indices].map((index, i) => inputs.data[6 * i] === Math.fround(index / 255))).not.toContain(false);
        found.push([...indices]);
        broken.push(...failures.map(({ name }) => name));
      }
      expect(found).toEqual(plan.map((batch) => [...batch].filter((index) => index % 5 !== 3)));
      expect(broken.sort()).toEqual(["3.png", "8.png"]);
    }
  });

  test("stop at a signal, and when their user leaves", async () => {
    const controller = new AbortController();
    const images = await imageFolder(at("many"), { labels: "none" });
    let reads = 0;
    const counting = {
      ...images,
      read(index: number) {
        reads++;
        return images.read(index);
      },
    };
    const stream = imageBatches(counting, { batchSize: 2, signal: controller.signal });
    await stream.next();
    controller.abort(new Error("enough"));
    await expect(stream.next()).rejects.toThrow("enough");
    for await (const _ of imageBatches(counting, { batchSize: 2 })) break;
    expect(reads).toBeLessThan(12);
  });

  test("of many images take the memory of a few", async () => {
    const images = await imageFolder(at("steel"), { size: 192 });
    const many = {
      ...images,
      count: 80,
      names: Array.from({ length: 80 }, () => "x"),
      read: (i: number) => images.read(i % 4),
    };
    const targets = { shape: [80, 0], dtype: "f64", data: new Float64Array(0) } as const;
    const used = (): number => {
      globalThis.gc!();
      return process.memoryUsage().arrayBuffers;
    };
    const before = used();
    let most = 0;
    let seen = 0;
    for await (const { inputs } of imageBatches({ ...many, targets }, { batchSize: 8 })) {
      seen += inputs.shape[0]!;
      if (seen % 16 === 0) most = Math.max(most, used() - before);
    }
    expect(seen).toBe(80);
    // A batch of 8 is 1.1 MiB of f32, its images a quarter of that; all would be 11.
    expect(most).toBeLessThan(5 * 2 ** 20);
  });
});

describe("streamed", () => {
  const options = {
    backend: referenceBackend(),
    model: sequential([flatten(), dense({ units: 1 })]),
    loss: mse(),
    optimizer: adam(),
    learningRate: 0.1,
    batchSize: 4,
    epochs: 2,
    seed: 1,
  };
  const table = parseCsv(`image,y\n${Array.from({ length: 12 }, (_, i) => `${i}.png,${i % 4}`).join("\n")}`);
  const labels = { table, file: "image", target: "y" };

  test("they train a model to the bits of those in memory, without what is broken", async () => {
    const images = await imageFolder(at("many"), { labels });
    const progress: number[] = [];
    const streamed = await streamImages(images, { onProgress: ({ done }) => void progress.push(done) });
    const inMemory = await loadImages(images);
    expect(progress).toHaveLength(12);
    expect(streamed.names).toEqual(inMemory.names);
    expect(streamed.warnings).toEqual(inMemory.warnings);
    expect(await loadRows(streamed.data)).toEqual(inMemory.data);
    const [one, other] = [
      await fit({ ...options, data: { train: streamed.data } }),
      await fit({ ...options, data: { train: inMemory.data } }),
    ];
    expect(one.history).toEqual(other.history);
    expect(one.model.variables).toEqual(other.model.variables);
    await expect(streamImages(images, { onBroken: "throw" })).rejects.toThrow("3.png: the file is cut short");
    const stopped = streamImages(images, { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped).rejects.toThrow("enough");
  });

  test("an image that is lost, or becomes another size, ends the training by its name", async () => {
    for (let i = 0; i < 5; i++) await write(`lost/${i}.png`, png(i));
    const few = parseCsv(`image,y\n${[0, 1, 2, 3, 4].map((i) => `${i}.png,${i}`).join("\n")}`);
    const images = await imageFolder(at("lost"), { labels: { ...labels, table: few } });
    const { data } = await streamImages(images);
    await write("lost/2.png", png(2, 5, 4));
    await expect(fit({ ...options, data: { train: data } })).rejects.toThrow(
      /2\.png is 5x4, 1 channel of 8 bits; (\d\.png is|it was) 3x2/,
    );
    await rm(at("lost/2.png"));
    await expect(fit({ ...options, data: { train: data } })).rejects.toThrow(/cannot read .*2\.png \(ENOENT\)/);
  });
});

test("slices of a folder are a volume, in natural order", async () => {
  const { values, depth, height, width } = await volumeFolder(at("bone"));
  expect([depth, height, width, values[0], values[6], values[12]]).toEqual([3, 2, 3, 1, 2, 10]);
  await expect(volumeFolder(at("unlike"))).rejects.toThrow("2.png is 5x4, 1 channel of 8 bits; 1.png is 3x2");
  await expect(volumeFolder(at("bone"), { limit: 17 })).rejects.toThrow("it has 3x2x3 voxels; the limit is 17.");
  await expect(volumeFolder(at("empty"))).rejects.toThrow("it holds no images that could be slices.");
});

test("files of a page are a set, too", async () => {
  const file = (path: string, level: number): File =>
    Object.defineProperty(
      new File([png(level) as Uint8Array<ArrayBuffer>], path.split("/").at(-1)!),
      "webkitRelativePath",
      { value: path },
    );
  const images = imageFiles([
    file("steel/b/10.png", 1),
    file("steel/b/9.png", 2),
    file("steel/a/1.png", 3),
    file("steel/x.csv", 0),
  ]);
  expect(images.names).toEqual(["a/1.png", "b/9.png", "b/10.png"]);
  const { data } = await loadImages(images);
  expect([data.classes, [...data.targets.data], data.inputs.data[6]]).toEqual([
    ["a", "b"],
    [0, 1, 1],
    Math.fround(2 / 255),
  ]);
  expect(() => imageFiles("x.png" as never)).toThrow("expected files, such as the .files of an input element");
});
