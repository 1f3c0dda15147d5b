// The page of the ideas: a list to choose from, and the figure of the one that is chosen, which the address names.
import { computed, effect, signal } from "@preact/signals";
import { address, addressOf } from "../../shell/address.ts";
import type { Page } from "../../shell/page.ts";
import { choice, fromQuery, initialOf, type SettingsOf, toQuery } from "../../shell/settings.ts";
import { LiveFigure } from "./figure.tsx";
import { figures, ideas } from "./ideas.ts";

const name = "explorer";
const fields = { figure: choice("Figure", "activations", figures) };
type Settings = SettingsOf<typeof fields>;

/** Of the address while the page is shown; the last ones while it is not. */
const settings = signal(initialOf(fields));
effect(() => {
  if (address.value.page === name) settings.value = fromQuery(fields, address.value.query);
});

const linkTo = (to: Settings): string => `#${addressOf(name, toQuery(fields, to))}`;

function Body() {
  const { figure: chosen } = settings.value;
  const { title, sentence, chapter } = ideas[chosen];
  return (
    <div class="bench ideas">
      <nav aria-label="Ideas">
        <ul>
          {figures.map((figure) => (
            <li key={figure}>
              <a href={linkTo({ figure })} aria-current={figure === chosen ? "true" : undefined}>
                {ideas[figure].title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <section aria-labelledby="idea">
        <h2 id="idea">{title}</h2>
        <p class="sentence">{sentence}</p>
        <p>
          The docs have more: <cite>{chapter}</cite> (<code>npm run docs</code>).
        </p>
        <LiveFigure key={chosen} name={chosen} />
      </section>
    </div>
  );
}

export default {
  heading: "Ideas to move",
  about: "What the docs explain, computed while you look: each control asks the library anew, here in your browser.",
  link: computed(() => linkTo(settings.value)),
  Body,
} satisfies Page;
