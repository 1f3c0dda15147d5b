// The page: the training at a glance, its settings, and its figures.
import { Controls } from "./controls.tsx";
import { Figures } from "./figures.tsx";
import { Frame, Message } from "./frame.tsx";
import { Run } from "./run.tsx";
import { error, notice } from "./session.ts";

const about =
  "A small network learns y = x₀² + x₁x₂ − x₃ from 1,600 noisy samples of ten variables, here in your browser.";

export function App() {
  return (
    <Frame
      title="A surrogate, trained live"
      about={about}
      error={error.value}
      other={{ href: "plate.html", title: "A plate, solved live" }}
    >
      <Message words={notice.value} />
      <Run />
      <div class="bench">
        <Controls />
        <Figures />
      </div>
    </Frame>
  );
}
