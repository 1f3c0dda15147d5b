// Tables of benchmarks, where cells end with a ratio such as `(0.87x)`, get a plot of these above them, with the date and the machine.

import type { MarkdownRenderer } from "vitepress";

/** What a table says of ratios. */
export interface Ratios {
  /** Whom Hooke is compared with, as the table's head has it. */
  readonly peers: readonly string[];
  readonly rows: readonly { readonly name: string; readonly ratios: readonly (number | undefined)[] }[];
}

const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The ratios of a Markdown table; undefined where it has none. */
export function ratiosOf(table: string): Ratios | undefined {
  const [head, , ...body] = table.trim().split("\n").map(cellsOf);
  const rows = body.map(([name, ...cells]) => ({
    name: name!.replaceAll("`", ""),
    ratios: cells.map((cell) => /\(([\d.]+)x\)$/.exec(cell)?.[1]).map((text) => (text ? Number(text) : undefined)),
  }));
  const compared = head!.slice(1).flatMap((name, at) => (rows.some(({ ratios }) => ratios[at]) ? [{ name, at }] : []));
  if (compared.length === 0) return undefined;
  return {
    peers: compared.map(({ name }) => name),
    rows: rows
      .map(({ name, ratios }) => ({ name, ratios: compared.map(({ at }) => ratios[at]) }))
      .filter(({ ratios }) => ratios.some((ratio) => ratio !== undefined)),
  };
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/**
 * The plot, as HTML: a row of marks on a logarithmic axis for each row of the table.
 *
 * @param when date and machine
 */
export function plotOf({ peers, rows }: Ratios, when: string): string {
  const all = rows.flatMap(({ ratios }) => ratios.filter((ratio) => ratio !== undefined));
  const low = Math.min(-1, Math.floor(Math.log10(Math.min(...all))));
  const high = Math.max(1, Math.ceil(Math.log10(Math.max(...all))));
  const place = (ratio: number): string => `left:${((100 * (Math.log10(ratio) - low)) / (high - low)).toFixed(1)}%`;
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const lines = ticks.map((tick) => `<i class="tick${tick === 1 ? " one" : ""}" style="${place(tick)}"></i>`).join("");
  const key = peers.map((peer, i) => `<span><b class="mark of-${i}"></b> ${escaped(peer)}</span>`).join("");
  const body = rows.map(({ name, ratios }) => {
    const marks = ratios.flatMap((ratio, i) =>
      ratio === undefined
        ? []
        : [`<b class="mark of-${i}" style="${place(ratio)}" title="${escaped(peers[i]!)}: ${ratio}"></b>`],
    );
    return `<div class="row"><span>${escaped(name)}</span><span class="scale">${lines}${marks.join("")}</span></div>`;
  });
  const axis = ticks.map((tick) => `<span style="${place(tick)}">${Number(tick.toPrecision(1))}</span>`).join("");
  return [
    `<figure class="plot" v-pre><figcaption>Hooke's time over that of others: left of the line at 1, Hooke is faster. ${escaped(when)}</figcaption>`,
    `<div class="key">${key}</div>`,
    `<div role="img" aria-label="The ratios in parentheses of the table below, on a logarithmic axis">${body.join("")}`,
    `<div class="row axis"><span>times</span><span class="scale">${axis}</span></div></div></figure>`,
  ].join("");
}

/** A text whose tables of ratios have their plots. Date and machine are where a paragraph before begins with a date. */
export function withPlots(source: string): string {
  let when = "";
  return source
    .split(/\n{2,}/)
    .map((block) => {
      const dated = /^\d{4}-\d\d-\d\d, [^;]+/.exec(block);
      if (dated) when = `${dated[0].replace(/\s+/g, " ").replaceAll("`", "")}.`;
      const ratios = block.startsWith("|") ? ratiosOf(block) : undefined;
      return ratios === undefined ? block : `${plotOf(ratios, when)}\n\n${block}`;
    })
    .join("\n\n");
}

export function plots(markdown: MarkdownRenderer): void {
  markdown.core.ruler.after("normalize", "plots", (state) => {
    if (/\bbenchmarks\//.test(state.env.relativePath ?? "")) state.src = withPlots(state.src);
  });
}
