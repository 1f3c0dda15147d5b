// Downloads from servers that break off, lie, change their minds, are slow or refuse: whole and right, or refused by name, and resumed.
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytesOf, type SourceOptions } from "./bytes-of.ts";
import { userCacheFolder } from "./disk-cache.ts";
import type { DownloadProgress } from "./download.ts";
import { nodeModules } from "./platform.ts";

const [content, other] = [randomBytes(300_000), randomBytes(300_000)].map((bytes) => new Uint8Array(bytes)) as [
  Uint8Array,
  Uint8Array,
];
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

interface Asked {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** Answers the requests one after another; the last answer is that of all further ones. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let close: () => void;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "weights-"));
});
afterEach(async () => {
  close?.();
  await rm(folder, { recursive: true });
});

async function serve(...answers: readonly Answer[]): Promise<{ url: URL; asked: Asked[]; stop(): Promise<void> }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { range, "if-range": ifRange } = request.headers;
    asked.push({ range, ifRange: ifRange as string | undefined });
    answers[Math.min(asked.length, answers.length) - 1]!(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/v1/weights.safetensors?token=secret`),
    asked,
    async stop() {
      close();
      if (server.listening) await once(server, "close");
    },
  };
}

/** The file, or the part that is asked for where `ranges` says that the server knows how. */
const whole =
  (bytes: Uint8Array, etag = '"1"', ranges = true): Answer =>
  ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1]);
    const isPart = ranges && from > 0 && (headers["if-range"] === undefined || headers["if-range"] === etag);
    const body = isPart ? bytes.subarray(from) : bytes;
    const range = { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(isPart ? 206 : 200, { etag, "content-length": body.length, ...(isPart && range) });
    response.end(body);
  };
/** The start of the file; then the connection is closed. */
const brokenOff =
  (bytes: Uint8Array, count: number, etag = '"1"'): Answer =>
  (_, response) => {
    response.writeHead(200, { etag, "content-length": bytes.length });
    response.write(bytes.subarray(0, count), () => setTimeout(() => response.destroy(), 20));
  };
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end();

const get = async (url: URL, options: SourceOptions = {}): Promise<Uint8Array> =>
  (await bytesOf(url, { sha256: sha256(content), cache: folder, retries: 1, timeout: 5, ...options })).bytes;
const same = (found: Uint8Array, expected = content): boolean => Buffer.compare(found, expected) === 0;
const partOf = async (): Promise<Uint8Array> => readFile(join(folder, `${sha256(content)}.part`));

it("is there afterwards without a network, and comes again where it is damaged", async () => {
  const { url, asked, stop } = await serve(whole(content));
  const progress: DownloadProgress[] = [];
  expect(same(await get(url, { onProgress: (at) => progress.push(at) }))).toBe(true);
  expect(progress[0]).toEqual({ completed: 0, total: 300_000 });
  expect(progress.at(-1)).toEqual({ completed: 300_000, total: 300_000 });
  expect(await readdir(folder)).toEqual([sha256(content)]);
  await writeFile(join(folder, sha256(content)), content.subarray(1));
  expect(same(await get(url))).toBe(true);
  expect(asked).toHaveLength(2);
  await stop();
  expect(same(await get(url))).toBe(true);
});

it("goes on where a connection broke off, if it is the same version", async () => {
  const { url, asked } = await serve(brokenOff(content, 100_000), whole(content));
  expect(same(await get(url))).toBe(true);
  expect(asked).toEqual([
    { range: undefined, ifRange: undefined },
    { range: "bytes=100000-", ifRange: '"1"' },
  ]);
});

it("starts again where the server knows no ranges, has another version, or has less than arrived", async () => {
  for (const [first, second] of [
    [brokenOff(content, 100_000), whole(content, '"1"', false)],
    [brokenOff(other, 100_000, '"0"'), whole(content)],
  ] as const) {
    const { url } = await serve(first, second);
    expect(same(await get(url))).toBe(true);
    await rm(join(folder, sha256(content)));
    close();
  }
  const { url } = await serve(brokenOff(other, 200_000), status(416), whole(content));
  expect(same(await get(url, { retries: 2 }))).toBe(true);
});

it("notices by the checksum that pieces are of two versions, and starts again", async () => {
  const { url, asked } = await serve(brokenOff(other, 100_000), whole(content));
  expect(same(await get(url, { retries: 2 }))).toBe(true);
  expect(asked.map(({ range }) => range)).toEqual([undefined, "bytes=100000-", undefined]);
});

describe("refuses", () => {
  it("what has another checksum, and keeps nothing of it", async () => {
    const { url, asked } = await serve(whole(other));
    const refused = get(url);
    await expect(refused).rejects.toMatchObject({ code: "corrupt-file" });
    await expect(refused).rejects.toThrow(
      `weights.safetensors: has 300000 bytes with the SHA-256 ${sha256(other)}, expected ${sha256(content)}`,
    );
    expect(asked).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it("a length that is too large after a bounded number of tries, too small by the checksum", async () => {
    const long = await serve((_, response) => {
      response.writeHead(200, { "content-length": content.length + 10 });
      response.write(content, () => setTimeout(() => response.destroy(), 20));
    });
    await expect(get(long.url, { sha256: sha256(other) })).rejects.toThrow(/tried 2 times: .* Try again later/);
    expect(long.asked).toHaveLength(2);
    close();
    const short = await serve((_, response) => {
      response.socket!.end(
        Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n"), content]),
      );
    });
    await expect(get(short.url)).rejects.toThrow(/has 1000 bytes with the SHA-256|tried 2 times/);
  });

  it("more than files may have, before it arrives", async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { "content-length": 2 ** 40 });
      response.write("a");
    });
    await expect(get(url)).rejects.toThrow("takes 1099511627776 bytes or more");
  });

  it.each([
    [404, "the server answered 404. Correct the address"],
    [403, "the server answered 403. It wants to know who asks"],
  ])("%i at once, without what is secret in the address", async (code, message) => {
    const { url, asked } = await serve(status(code));
    const refused = get(url);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.not.toThrow("secret");
    expect(asked).toHaveLength(1);
  });

  it("a server that is not there, and one that leads in circles", async () => {
    const circle = await serve(status(302, { location: "/again" }));
    await expect(get(circle.url, { retries: 0 })).rejects.toThrow(/tried 1 times: the connection failed \(redirect/);
    await circle.stop();
    await expect(get(circle.url, { retries: 0 })).rejects.toThrow("the connection failed (connect ECONNREFUSED");
  });

  it("an address without a checksum, and what is none", async () => {
    const url = "http://127.0.0.1:9/a.safetensors";
    await expect(bytesOf(url, {})).rejects.toThrow("needs the option sha256");
    await expect(bytesOf("https://", { sha256: sha256(content) })).rejects.toThrow("which is no address");
    await expect(bytesOf(new URL("ftp://127.0.0.1/a"), {})).rejects.toThrow("expected an address (http or https)");
  });

  it("a cache that cannot be written, with the cure", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const { url } = await serve(whole(content));
    const refused = get(url, { cache: join(file, "inside") });
    await expect(refused).rejects.toMatchObject({ code: "file-system" });
    await expect(refused).rejects.toThrow("the option cache, or HOOKE_CACHE");
  });
});

it("tries again after what passes, and follows to other addresses", async () => {
  const { url } = await serve(
    status(503, { "retry-after": "0" }),
    status(302, { location: "/elsewhere" }),
    whole(content),
  );
  expect(same(await get(url))).toBe(true);
});

it("gives up a server that says nothing, and goes on where one fell silent", async () => {
  const silent = await serve(() => undefined);
  await expect(get(silent.url, { timeout: 0.2, retries: 0 })).rejects.toThrow(
    "tried 1 times: nothing arrived for 0.2 s",
  );
  close();
  const { url, asked } = await serve((_, response) => {
    response.writeHead(200, { etag: '"1"', "content-length": content.length });
    response.write(content.subarray(0, 50_000));
  }, whole(content));
  expect(same(await get(url, { timeout: 0.3 }))).toBe(true);
  expect(asked[1]!.range).toBe("bytes=50000-");
});

it("takes its time where bytes keep arriving", async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200, { "content-length": content.length });
    let at = 0;
    const timer = setInterval(() => {
      response.write(content.subarray(at, at + 60_000));
      at += 60_000;
      if (at >= content.length) {
        clearInterval(timer);
        response.end();
      }
    }, 150);
  });
  expect(same(await get(url, { timeout: 0.4, retries: 0 }))).toBe(true);
});

it("is stopped by a signal, and the next call goes on from there", async () => {
  const { url, asked } = await serve((_, response) => {
    response.writeHead(200, { etag: '"1"', "content-length": content.length });
    response.write(content.subarray(0, 120_000));
  }, whole(content));
  const stop = new AbortController();
  const onProgress = ({ completed }: DownloadProgress) =>
    void (completed >= 120_000 && stop.abort(new Error("enough")));
  await expect(get(url, { signal: stop.signal, onProgress })).rejects.toThrow("enough");
  expect(same(await partOf(), content.subarray(0, 120_000))).toBe(true);
  expect(same(await get(url))).toBe(true);
  expect(asked).toEqual([
    { range: undefined, ifRange: undefined },
    { range: "bytes=120000-", ifRange: '"1"' },
  ]);
  await expect(get(url, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
});

it("a run that was killed with all of it there needs no network", async () => {
  await writeFile(join(folder, `${sha256(content)}.part`), content);
  expect(same(await get(new URL("http://127.0.0.1:9/nothing")))).toBe(true);
});

it("is downloaded once, however many want it", async () => {
  const { url, asked } = await serve(whole(content));
  const found = await Promise.all([get(url), get(url), get(url)]);
  expect(found.every((bytes) => same(bytes))).toBe(true);
  expect(asked).toHaveLength(1);
});

it("the folder is that of the platform, or the one that is stated", () => {
  const modules = nodeModules()!;
  const before = { ...process.env };
  try {
    delete process.env.HOOKE_CACHE;
    process.env.XDG_CACHE_HOME = "/caches";
    if (process.platform === "linux") expect(userCacheFolder(modules)).toBe("/caches/hooke");
    process.env.HOOKE_CACHE = "/scratch/hooke";
    expect(userCacheFolder(modules)).toBe("/scratch/hooke");
  } finally {
    process.env = before;
  }
});
