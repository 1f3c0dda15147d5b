// Shards in Chromium: a training on dropped files and on those of another origin has the bits of Node.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { zeros } from "@hooke/runtime";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type Site, serve } from "./harness/serve.ts";
import { dropped, learnFrom } from "./pages/shards.ts";

/** Three files of some rows each. */
const files = Object.fromEntries(
  [5, 9, 3].map((rows, part) => {
    const [x, y] = [zeros([rows, 2]), zeros([rows])];
    x.data.set(x.data.map((_, i) => Math.sin(i + 7 * part)));
    y.data.set(y.data.map((_, i) => x.data[2 * i]! * x.data[2 * i + 1]!));
    return [`part-${part}.safetensors`, Buffer.from(encodeSafetensors({ x, y }))];
  }),
);
const texts = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString("base64")]));

describe.skipIf(skipped)(`shards in Chromium${skipped}`, () => {
  let browser: Browser;
  let site: Site;
  let server: Server;
  let exposed: string;
  beforeAll(async () => {
    site = await serve(await bundle(["shards"]), { isolated: false });
    server = createServer(({ url, headers }, response) => {
      const bytes = files[url!.slice(1)]!;
      const [, begin, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range!)!;
      response.writeHead(206, {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": exposed,
        "content-range": `bytes ${begin}-${end}/${bytes.length}`,
        etag: '"1"',
      });
      response.end(bytes.subarray(Number(begin), Number(end) + 1));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    browser = await sharedBrowser();
  });
  afterAll(async () => {
    await closePages(browser);
    server?.close();
    server?.closeAllConnections();
    await site?.close();
  });

  test("have the bits of Node, and a server that hides what is needed is told of", async () => {
    const expected = await learnFrom(dropped(texts));
    const { page, check } = await open(browser, `${site.origin}/shards`);
    expect(await page.evaluate((given) => window.learnFromFiles(given), texts)).toEqual(expected);
    const { port } = server.address() as AddressInfo;
    const urls = Object.keys(files).map((name) => `http://127.0.0.1:${port}/${name}`);
    const fromServer = () => page.evaluate((given) => window.learnFromAddresses(given), urls);
    exposed = "Content-Range, ETag";
    expect(await fromServer()).toEqual(expected);
    exposed = "ETag";
    expect(await fromServer()).toContain("needs Access-Control-Expose-Headers: Content-Range, ETag.");
    check();
  });
});
