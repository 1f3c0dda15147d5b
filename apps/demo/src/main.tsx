// Shows the workbench.
import { render } from "preact";
import { Workbench } from "./shell/workbench.tsx";

render(<Workbench />, document.getElementById("app")!);
