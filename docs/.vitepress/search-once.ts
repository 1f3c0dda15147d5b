// Pages are built twice, for browsers and to be rendered to text. Text has no search box: the index is made for browsers alone.

import type { Plugin } from "vitepress";

export const searchOnce: Plugin = {
  name: "search-once",
  enforce: "pre",
  apply: (_, { command, isSsrBuild }) => command === "build" && isSsrBuild === true,
  load: (id) => (id === "/@localSearchIndex" ? "export default {}" : undefined),
};
