// Every figure there is has its idea, and every idea a chapter that the handbook has and that shows the figure.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { figureNames } from "@hooke/figures";
import { expect, it } from "vitest";
import { figures, ideas } from "./ideas.ts";

it("has an idea for every figure", () => {
  expect(figures.toSorted()).toEqual(figureNames.toSorted());
});

it("names the chapter that shows the figure", () => {
  const handbook = fileURLToPath(new URL("../../../../../docs/handbook/", import.meta.url));
  const chapters = globSync(`${handbook}*.md`).map((path) => readFileSync(path, "utf8"));
  for (const name of figures) {
    const chapter = chapters.find((text) => text.startsWith(`# ${ideas[name].chapter}\n`));
    expect(chapter, name).toContain(`<LiveFigure name="${name}">`);
  }
});
