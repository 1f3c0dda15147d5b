// A table that scrolls sideways where it is wider than its place, by keyboard too.
import type { ComponentChildren } from "preact";

interface ScrollTableProps {
  /** What it holds, for those who do not see it. */
  readonly label: string;
  readonly heads: readonly string[];
  /** With bars behind the second column. */
  readonly bars?: boolean;
  /** The rows. */
  readonly children: ComponentChildren;
}

export function ScrollTable({ label, heads, bars, children }: ScrollTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
    <section class="scroll" aria-label={label} tabIndex={0}>
      <table class={bars ? "bars" : ""}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
