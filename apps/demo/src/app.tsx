// The page: the training at a glance, its settings, and its figures.
import { Controls } from "./controls.tsx";
import { Figures } from "./figures.tsx";
import { Run } from "./run.tsx";
import { error, notice } from "./session.ts";

export function App() {
  return (
    <main>
      <h1>A surrogate, trained live</h1>
      <p>
        A small network learns y = x₀² + x₁x₂ − x₃ from 1,600 noisy samples of ten variables, here in your browser.
        Nothing leaves this page.
      </p>
      {error.value && (
        <p class="message error" role="alert">
          {error.value}
        </p>
      )}
      {notice.value && (
        <p class="message" role="alert">
          {notice.value}
        </p>
      )}
      <Run />
      <div class="bench">
        <Controls />
        <Figures />
      </div>
      <footer>
        <a href="plate.html">A plate, solved live</a>
      </footer>
    </main>
  );
}
