// The page of the micrographs: from nothing to a verdict, by keyboard, with a pause and a reload; what the model says of a picture.
import { skipped } from "@hooke/browser-tests/harness/chromium";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focused, go, lookAt, press, reading, type Site, serve, state } from "./harness.ts";

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
});
