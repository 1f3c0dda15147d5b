// The look of the site: VitePress's own, with the fonts of the system and with live figures.
import { type Theme, useData, useRoute } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { defineComponent, h, onMounted, watch } from "vue";
import { LiveFigure } from "./live-figure.ts";
import "./style.css";
import "./print.css";

/** Where to change a page: it is a file of the repository. */
const Source = defineComponent(() => {
  const { page } = useData();
  return () => h("p", { class: "source" }, ["In the repository: ", h("code", page.value.filePath)]);
});

const theme: Theme = {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { "doc-footer-before": () => h(Source) }),
  setup() {
    // The first page lacks what says to screen readers where its content begins.
    const route = useRoute();
    onMounted(() =>
      watch(
        () => route.path,
        () => document.querySelector(".VPContent.is-home")?.setAttribute("role", "main"),
        { immediate: true, flush: "post" },
      ),
    );
    // The page asks for the system's colours when it is loaded; here it follows them when they change.
    const { isDark } = useData();
    watch(isDark, (dark) => document.documentElement.classList.toggle("dark", dark));
  },
  enhanceApp: ({ app }) => {
    app.component("LiveFigure", LiveFigure);
  },
};

export default theme;
