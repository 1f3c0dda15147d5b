// The site: which files are its pages, how Markdown is read, and how it is built to run from any folder.

import { join } from "node:path";
import { defineConfig } from "vitepress";
import { changes } from "./changes.ts";
import { breaks, indents } from "./code.ts";
import { figures } from "./figures.ts";
import { copyDownloads, repositoryLinks } from "./links.ts";
import { math } from "./math.ts";
import { bar, sidebar } from "./navigation.ts";
import { excluded, pageOf } from "./pages.ts";
import { plots } from "./plots.ts";
import { boost, boostDocument, checkAsked, indexing, processTerm, searchedText } from "./search.ts";
import { searchOnce } from "./search-once.ts";
import { relativePage, subPath } from "./sub-path.ts";
import { tables } from "./tables.ts";

export default defineConfig({
  title: "Hooke",
  description: "Deep learning for materials, mechanics and biomechanics, in TypeScript",
  lang: "en",
  srcDir: "..",
  srcExclude: excluded,
  outDir: "dist",
  cacheDir: "../.cache/docs",
  rewrites: pageOf,
  appearance: "force-auto",
  // The reference is made by TypeDoc, beside this site.
  ignoreDeadLinks: [/(^|\/)api\//],
  router: { prefetchLinks: false },
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    codeTransformers: [indents],
    config(markdown) {
      figures(markdown);
      changes(markdown);
      plots(markdown);
      math(markdown);
      repositoryLinks(markdown);
      breaks(markdown);
      tables(markdown);
    },
  },
  themeConfig: {
    nav: bar,
    sidebar: sidebar(),
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        _render: (source, env, markdown) => markdown.render(searchedText(source), env),
        miniSearch: {
          options: indexing,
          searchOptions: { boost, boostDocument, processTerm, combineWith: "AND" },
        },
      },
    },
  },
  buildEnd({ outDir }) {
    checkAsked();
    copyDownloads(outDir);
  },
  transformHtml: (html, _, { page }) => relativePage(html, page),
  vite: {
    plugins: [subPath, searchOnce],
    publicDir: "docs/public",
    worker: { format: "es" },
    // Pages are rendered to text without figures and what computes them; the search is this site's own, no service's.
    ssr: { external: ["@hooke/figures"] },
    build: { target: "es2022", chunkSizeWarningLimit: 2000, rollupOptions: { external: ["@docsearch/js"] } },
    // What bundles the site knows no later ECMAScript than this, which the settings of the workspace name.
    esbuild: { target: "es2022", tsconfigRaw: { compilerOptions: { target: "ES2022", verbatimModuleSyntax: true } } },
    // Pages are files of the whole repository, where nothing else has Vue.
    resolve: { alias: [{ find: /^vue(?=$|\/)/, replacement: join(import.meta.dirname, "../node_modules/vue") }] },
  },
});
