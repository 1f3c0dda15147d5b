// The look of the site: VitePress's own, with the fonts of the system and with live figures.
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { LiveFigure } from "./live-figure.ts";
import "./style.css";

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    app.component("LiveFigure", LiveFigure);
  },
};

export default theme;
