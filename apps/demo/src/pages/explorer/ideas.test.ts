// Every figure there is has its idea, and every idea a page of the docs that shows the figure.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { figureNames } from "@hooke/figures";
import { expect, it } from "vitest";
import { figures, ideas } from "./ideas.ts";

it("has an idea for every figure", () => {
  expect(figures.toSorted()).toEqual(figureNames.toSorted());
});

it("names the page that shows the figure", () => {
  const docs = fileURLToPath(new URL("../../../../../docs/", import.meta.url));
  const chapters = globSync(`${docs}{start,handbook}/*.md`).map((path) => readFileSync(path, "utf8"));
  for (const name of figures) {
    const chapter = chapters.find((text) => text.startsWith(`# ${ideas[name].chapter}\n`));
    expect(chapter, name).toContain(`<LiveFigure name="${name}">`);
  }
});
