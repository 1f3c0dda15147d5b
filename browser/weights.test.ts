// Weights in Chromium: downloaded from another origin, resumed where the connection breaks, kept in the Cache Storage, checked.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeSafetensors } from "@hooke/data/safetensors";
import { zeros } from "@hooke/runtime";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type Site, serve } from "./harness/serve.ts";

const kernel = zeros([500, 200], "f32");
kernel.data.set(kernel.data.map((_, i) => 1 + i));
const file = encodeSafetensors({ kernel });
const sha256 = createHash("sha256").update(file).digest("hex");

describe.skipIf(skipped)(`weights in Chromium${skipped}`, () => {
  let browser: Browser;
  let context: BrowserContext;
  let site: Site;
  let server: Server;
  let url: string;
  const asked: string[] = [];
  beforeAll(async () => {
    site = await serve(await bundle(["weights"]), { isolated: false });
    server = createServer(({ method, headers }, response) => {
      asked.push(`${method} ${headers.range ?? "all"}`);
      response.setHeader("access-control-allow-origin", "*");
      const from = Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1]);
      if (from > 0) {
        response.writeHead(206, { "content-range": `bytes ${from}-${file.length - 1}/${file.length}` });
        response.end(file.subarray(from));
        return;
      }
      response.writeHead(200, { "content-length": file.length });
      response.write(file.subarray(0, 150_000), () => setTimeout(() => response.destroy(), 300));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.safetensors`;
    browser = await sharedBrowser();
    context = await browser.newContext();
  });
  afterAll(async () => {
    await closePages(browser);
    server?.close();
    server?.closeAllConnections();
    await site?.close();
  });

  const load = async (checksum: string) => {
    const { page, check } = await open(context, `${site.origin}/weights`);
    try {
      return await page.evaluate(([address, hash]) => window.kernelFrom(address, hash), [url, checksum] as const);
    } finally {
      check();
      await page.close();
    }
  };

  test("a broken download goes on, and the next page needs no network", async () => {
    const first = await load(sha256);
    expect(first.kernel).toEqual([1, 2, 3]);
    expect(first.arrived.at(-1)).toBe(file.length);
    // A range is a header that a page may send to another origin without asking.
    expect(asked).toEqual(["GET all", "GET bytes=150000-"]);
    expect(await load(sha256)).toEqual({ kernel: [1, 2, 3], arrived: [] });
    expect(asked).toHaveLength(2);
  });

  test("another file than asked for is refused", async () => {
    await expect(load("0".repeat(64))).rejects.toThrow(/has \d+ bytes with the SHA-256|tried 2 times/);
  });
});
