// The page of the ideas: every figure is drawn, by keyboard, and found again by its address; what the page looks like.
import { skipped } from "@hooke/browser-tests/harness/chromium";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focused, lookAt, phone, type Site, serve } from "./harness.ts";

/** Title of the first thing that a figure draws, done or on the way. */
const drawn = (page: Page, title: string) => page.locator(".live").getByRole("heading", { name: title }).waitFor();

describe.skipIf(skipped)(`the page of the ideas${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.close());

  it("draws every figure, chosen by keyboard, and comes back to each by its address", async () => {
    const { page, problems } = await site.open("#explorer");
    await drawn(page, "sigmoid");
    await page.getByLabel("Activation", { exact: true }).selectOption("tanh");
    await drawn(page, "tanh");
    await lookAt(page, "explorer");

    const list = page.getByRole("navigation", { name: "Ideas" }).getByRole("link");
    const titles = [
      ...[
        "tanh",
        "How much of the gradient reaches each layer",
        "Losses of networks of 30",
        "Gradient descent on a long bowl",
        "How sharp, by all 100 rows an update",
      ],
      ...["A zigzag, by a layer of 8", "What reaches a unit of layer 4", "Load history", "Losses of a network on 200"],
      ...["Errors by width", "Deflection of a cantilever", "Errors on rows held back", "Deflection of a clamped beam"],
    ];
    const ideas = await list.allTextContents();
    expect(ideas).toHaveLength(titles.length);
    await list.first().focus();
    for (const [i, title] of titles.entries()) {
      if (i > 0) {
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
      }
      await drawn(page, title);
      expect(await focused(page)).toBe(ideas[i]);
      await page.locator(`.ideas [aria-current]:text-is("${ideas[i]}")`).waitFor();
      await page.getByRole("heading", { level: 2, name: ideas[i]!, exact: true }).waitFor();
    }
    expect(new URL(page.url()).hash).toBe("#explorer?figure=first-model");
    await page.goBack();
    await drawn(page, "Errors on rows held back");
    await page.reload();
    await drawn(page, "Errors on rows held back");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("shows its name in the navigation of a phone, which scrolls there", async () => {
    const { page } = await site.open("#explorer", phone);
    await drawn(page, "sigmoid");
    const [link, bar] = [page.getByRole("link", { name: "Explorer" }), page.getByRole("navigation", { name: "Pages" })];
    const [shown, room] = [(await link.boundingBox())!, (await bar.boundingBox())!];
    expect(shown.x).toBeGreaterThanOrEqual(room.x);
    expect(shown.x + shown.width).toBeLessThanOrEqual(room.x + room.width + 1);
    await page.context().close();
  });
});
