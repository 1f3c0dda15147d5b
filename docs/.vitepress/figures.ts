// `<LiveFigure name="..." />` alone in a line becomes the figure, and under it, folded, the code that computes it: the file that runs.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { root } from "./pages.ts";

export function figures(markdown: MarkdownRenderer): void {
  markdown.core.ruler.after("normalize", "figures", (state) => {
    state.src = state.src.replace(/^<LiveFigure name="([\w-]+)">(.*)<\/LiveFigure>$/gm, (tag, name: string) => {
      const file = join(root, "apps/figures/src", name, "compute.ts");
      if (!existsSync(file)) throw new Error(`${tag}: there is no ${file}; see CONTRIBUTING.md, "A live figure"`);
      return `${tag}\n\n<details class="figure-code"><summary>The code that computes it</summary>\n\n<<< ${file}\n\n</details>\n`;
    });
  });
}
