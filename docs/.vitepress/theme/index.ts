// The look of the site: VitePress's own, with the fonts of the system and with live figures.
import { type Theme, useRoute } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { onMounted, watch } from "vue";
import { LiveFigure } from "./live-figure.ts";
import "./style.css";

const theme: Theme = {
  extends: DefaultTheme,
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
  },
  enhanceApp: ({ app }) => {
    app.component("LiveFigure", LiveFigure);
  },
};

export default theme;
