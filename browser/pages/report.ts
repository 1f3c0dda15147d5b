// A page that shows a report in an element of its own, follows its changes, and takes it away again.
import { showReport } from "@hooke/report/browser";
import { changed, report } from "./figures.ts";

declare global {
  interface Window {
    /** Shows the report. */
    show(): Promise<void>;
    /** Shows what has changed. */
    change(): Promise<void>;
    /** Takes it away. */
    remove(): void;
  }
}

window.show = async () => {
  const main = document.createElement("main");
  main.innerHTML = "<h1>A page</h1><div></div>";
  document.body.replaceChildren(main);
  const element = main.querySelector("div")!;
  const shown = await showReport(element, report);
  window.change = () => shown.update(changed);
  window.remove = shown.remove;
};
