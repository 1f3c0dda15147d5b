// The page of the micrographs: from nothing to a verdict, by keyboard, with a pause and a reload; what the model says of a picture; and pictures
// that are learned themselves; and WebGPU.
import { skipped } from "@hooke/browser-tests/harness/chromium";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  choose,
  csv,
  focused,
  go,
  long,
  lookAt,
  message,
  press,
  reading,
  type Site,
  serve,
  state,
  takePicture,
} from "./harness.ts";

describe.skipIf(skipped)(`the page of the micrographs${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.close());

  it("says who wins, shows where it looks, also in a picture, and gives the model away; goes on after a pause and a reload", async () => {
    const { page, problems } = await site.open("#micrograph?backend=wasm&learner=textureNet&images=40&symmetry=fibres");
    await page.getByRole("img", { name: /^Micrograph 6: / }).waitFor();
    await page.getByRole("button", { name: "Start", exact: true }).focus();
    await page.keyboard.press("Enter");
    await state(page, "Finished");
    expect(Number(await reading(page, "R², textureNet"))).toBeGreaterThan(0.8);
    const verdict = page.getByRole("region", { name: "Verdict" });
    expect(await verdict.textContent()).toMatch(
      /(TextureNet wins|Two-point statistics win|Neither wins)\..*on 8 micrographs that neither learned from/,
    );
    const asked = page.getByRole("region", { name: "Ask the model" });
    await asked.getByText("Micrograph 1 of 8 held out").waitFor();
    await asked.getByRole("button", { name: "Next" }).press("Enter");
    await asked.getByText("Micrograph 2 of 8 held out").waitFor();
    await asked.getByRole("heading", { name: "What it looks at" }).waitFor();
    await lookAt(page, "micrograph");

    const stripes = await page.evaluate(async () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [96, 96];
      const context = canvas.getContext("2d")!;
      context.fillStyle = "#ccc";
      context.fillRect(0, 0, 96, 96);
      context.fillStyle = "#333";
      for (let x = 0; x < 96; x += 24) context.fillRect(x, 0, 12, 96);
      return canvas.toDataURL("image/png").split(",")[1]!;
    });
    const file = { name: "stripes.png", mimeType: "image/png", buffer: Buffer.from(stripes, "base64") };
    await asked.getByLabel("Picture", { exact: true }).setInputFiles(file);
    await asked.getByText("stripes.png", { exact: true }).waitFor();
    await asked.getByText("50 % is stiff").waitFor();
    await asked.getByText(/^Outside of what it was taught on: its two-point statistics/).waitFor();
    const [saved] = await Promise.all([page.waitForEvent("download"), press(page, "Download the model")]);
    expect(saved.suggestedFilename()).toBe("modulus.safetensors");

    await go(page, "#micrograph?backend=wasm&property=fraction&images=40&epochs=30");
    await state(page, "Ready");
    await page.getByRole("button", { name: "Start", exact: true }).press("Enter");
    await page.locator(".readings", { hasText: /[1-9]\d? of 30/ }).waitFor();
    expect(await focused(page)).toBe("Pause");
    await page.keyboard.press("Enter");
    await state(page, "Paused");
    await page.reload();
    await state(page, "Paused");
    await press(page, "Resume");
    await state(page, "Finished");
    expect(await reading(page, "Epoch")).toBe("30 of 30");
    // The share is the first number of the statistics: nothing beats them.
    await page.getByText("Two-point statistics win.").waitFor();
    expect(Number(await reading(page, "R², two-point"))).toBeGreaterThan(0.999);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.skipIf(long)(`finds on WebGPU what it finds on wasm${long}`, async () => {
    const { page, problems } = await site.open("#micrograph");
    const scores: number[] = [];
    for (const backend of ["wasm", "webgpu"]) {
      await go(page, `#micrograph?backend=${backend}&learner=textureNet&images=40&property=fraction&symmetry=none`);
      await state(page, "Ready");
      await press(page, "Start");
      await state(page, "Finished");
      expect(await reading(page, "Backend")).toBe(backend);
      scores.push(Number(await reading(page, "R², textureNet")));
    }
    expect(Math.min(...scores)).toBeGreaterThan(0.5);
    expect(Math.abs(scores[0]! - scores[1]!)).toBeLessThan(0.01);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("learns what was measured of pictures that are chosen, and refuses too few of them", async () => {
    const { page, problems } = await site.open("#micrograph?backend=wasm&symmetry=none");
    await page.getByRole("img", { name: /^Micrograph 6: / }).waitFor();
    // Dark discs in a bright matrix; the strength goes with their share.
    const drawn = await page.evaluate(() =>
      Array.from({ length: 44 }, (_, i) => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [64, 48];
        const context = canvas.getContext("2d")!;
        context.fillStyle = "#ddd";
        context.fillRect(0, 0, 64, 48);
        context.fillStyle = "#444";
        for (let k = 0; k < 6 + (i % 11); k++) {
          context.beginPath();
          context.arc((17 * k + 5 * i) % 64, (29 * k + 3 * i) % 48, 4, 0, 7);
          context.fill();
        }
        const { data } = context.getImageData(8, 0, 48, 48);
        const dark = data.filter((value, at) => at % 4 === 0 && value < 128).length / (48 * 48);
        return { picture: canvas.toDataURL("image/png").split(",")[1]!, dark };
      }),
    );
    const pictures = drawn.map(({ picture }, i) => {
      return { name: `disc-${i}.png`, mimeType: "image/png", buffer: Buffer.from(picture, "base64") };
    });
    const rows = drawn.map(
      ({ dark }, i) => `disc-${i}.png,${(100 + 400 * dark).toFixed(2)},${(900 * dark).toFixed(1)}`,
    );
    const table = csv("measured.csv", `file,strength,hardness\n,MPa,HV\n${rows.join("\n")}\n`);
    const open = () => page.getByRole("button", { name: "Choose pictures and their CSV" }).press("Enter");
    await choose(page, [...pictures.slice(0, 3), table], open);
    await message(page, "pictures: received 3, and takes 40 to 1000");
    await choose(page, [...pictures, table], open);
    await page.getByRole("img", { name: /^Micrograph 6: disc-\d+\.png/ }).waitFor();
    await page
      .getByText(/^[12]\d\d MPa$/)
      .first()
      .waitFor();
    await takePicture(page, "micrograph-own-empty");
    expect(await page.locator("[name=learner]").inputValue()).toBe("textureNet");
    await page.locator("[name=quantity]").focus();
    await page.keyboard.type("hardness");
    await page
      .getByText(/^\d+ HV$/)
      .first()
      .waitFor();
    await page.locator("[name=seed]").focus();
    await page.keyboard.press("Enter");
    await state(page, "Finished");
    expect(await reading(page, "Micrographs")).toBe("44 of 44");
    // What goes with the share is the first number of the statistics.
    expect(Number(await reading(page, "R², two-point"))).toBeGreaterThan(0.8);
    const asked = page.getByRole("region", { name: "Ask the model" });
    await asked.getByText(/^Two-point statistics say: \S+ HV\.$/).waitFor();
    await asked.getByLabel("Picture", { exact: true }).setInputFiles(pictures[0]!);
    await asked.getByText("Inside of what it was taught on.").waitFor();
    await lookAt(page, "micrograph-own");
    // The pictures are kept, too.
    await page.reload();
    await state(page, "Finished");
    await page.getByRole("img", { name: /^Micrograph 6: disc-/ }).waitFor();
    await press(page, "Back to drawn micrographs");
    await page.getByRole("img", { name: /^Micrograph 6: (bicontinuous|islands|walls)/ }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
