// Shows the page.
import { render } from "preact";
import { Page } from "./page.tsx";

render(<Page />, document.getElementById("app")!);
