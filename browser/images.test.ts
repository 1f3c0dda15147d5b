// Images in Chromium: PNG and TIFF of every kind have the bits of Node, decoded and resized; JPEG has them by the same decoder.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JpegDecoder } from "@hooke/io/images";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type Site, serve } from "./harness/serve.ts";
import { readImage } from "./pages/images.ts";

type Case = { readonly name: string; readonly file: string };
const casesOf = (kind: string): readonly Case[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../packages/io/src/images/fixtures/${kind}.json`), "utf8")).cases;

describe.skipIf(skipped)(`images in Chromium${skipped}`, () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    site = await serve(await bundle(["images"]), { isolated: false });
    browser = await sharedBrowser();
  });
  afterAll(async () => {
    await closePages(browser);
    await site?.close();
  });

  const readInPage = async (files: readonly string[], jpegDecoder?: JpegDecoder) => {
    const { page, check } = await open(browser, `${site.origin}/images`);
    const found = await page.evaluate(
      ([texts, decoder]) => Promise.all(texts.map((text) => window.readImage(text, decoder))),
      [files, jpegDecoder] as const,
    );
    check();
    await page.close();
    return found;
  };

  test.each(["png", "tiff", "tiff-float"])("%s has the bits of Node", async (kind) => {
    const files = casesOf(kind).map(({ file }) => file);
    const inNode = await Promise.all(files.map((file) => readImage(file)));
    expect(await readInPage(files)).toEqual(inNode);
  });

  test("jpeg has the bits of Node by jpeg-js, and nearly those of sharp by the browser", async () => {
    const files = casesOf("jpeg").map(({ file }) => file);
    expect(await readInPage(files, "jpeg-js")).toEqual(
      await Promise.all(files.map((file) => readImage(file, "jpeg-js"))),
    );
    const inPage = await readInPage(files);
    for (const [i, file] of files.entries()) {
      const { size, samples } = await readImage(file, "sharp");
      expect(inPage[i]!.size).toEqual(size);
      const most = Math.max(...samples.map((sample, at) => Math.abs(sample - inPage[i]!.samples[at]!)));
      expect(most).toBeLessThanOrEqual(2);
    }
  });
});
