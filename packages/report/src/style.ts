// The look of a report: one column, light and dark, from phones to wide screens and paper. Text contrast is 5:1 or better.

/** What is beside the report in a page of its own. */
export const pageStyle = `
body { margin: 0; background: var(--paper); }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
`;

/** Of a report, in a page of its own or in an element. */
export const style = (): string => `
:root, :host {
  color-scheme: light dark;
  --paper: #ffffff; --panel: #f6f7f8; --ink: #1b1f24; --muted: #59626d; --line: #d5dae0; --grid: #e6e9ed; --focus: #0b63c5;
  --series-1: #0b63c5; --series-2: #c2410c; --series-3: #0f766e; --series-4: #7c3aed;
}
@media (prefers-color-scheme: dark) {
  :root, :host {
    --paper: #14171b; --panel: #1d2126; --ink: #e9ebee; --muted: #a5aeb9; --line: #3a414a; --grid: #2a3037; --focus: #7db8ff;
    --series-1: #6fb1ff; --series-2: #ff9f66; --series-3: #5fe0cf; --series-4: #c6abff;
  }
}
:host { display: block; }
* { box-sizing: border-box; }
.report { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1.25rem; text-wrap: balance; }
h2 { font-size: 1.125rem; margin: 2.5rem 0 0.75rem; }
.report > .figure:first-child > h2 { margin-top: 0; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
h1, h2, h3, figcaption, .details th, .bars tbody th { overflow-wrap: anywhere; }
.facts { display: flex; flex-wrap: wrap; gap: 1px; margin: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.facts div { flex: 1 0 9rem; box-shadow: 0 0 0 1px var(--line); padding: 0.6rem 0.9rem; }
.facts .long { flex-basis: 100%; }
.facts .long dd { font-size: 1rem; font-weight: 400; }
.facts dt { color: var(--muted); font-size: 0.8125rem; }
.facts dd { margin: 0; font-size: 1.125rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; max-height: 24rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--muted); font-size: 0.875rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; }
td.number { padding-right: calc(0.75rem + var(--missing, 0) * 1ch); }
.details th { color: var(--muted); width: 40%; }
.details td { overflow-wrap: anywhere; }
figure { margin: 0; }
figcaption, .readout, .note { color: var(--muted); font-size: 0.875rem; }
.readout { margin: 0; line-height: 1.25; min-height: 1.25em; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.5rem 0; }
.legend button { display: inline-flex; align-items: center; gap: 0.5rem; min-height: 2rem; padding: 0 0.75rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--panel); color: var(--ink); font: inherit; font-size: 0.875rem; cursor: pointer; }
.legend button[aria-pressed="false"] { color: var(--muted); text-decoration: line-through; }
.swatch { width: 1.25rem; border-top: 3px solid var(--swatch); }
.swatch.dashed { border-top-style: dashed; }
.swatch.dot { width: 0.6rem; height: 0.6rem; border: 0; border-radius: 50%; background: var(--swatch); }
.plot { width: 100%; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2rem; }
.figure { min-width: 0; }
.figure.wide, .plotted:first-child:nth-last-child(odd) { grid-column: 1 / -1; }
details { margin-top: 0.5rem; }
.readout + details { margin-top: 0; }
summary { cursor: pointer; color: var(--muted); font-size: 0.875rem; padding: 0.25rem 0; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
${plotStyle}${mapStyle}${barStyle}
@media print { .legend, .readout, .opacity, details:not([open]) { display: none; } figure { break-inside: avoid; } }
`;

/** What of uPlot is used here: its own sheet has more, such as a legend. */
const plotStyle = `
.uplot { width: min-content; }
.u-wrap { position: relative; user-select: none; }
.u-over, .u-under, .u-axis, .u-select { position: absolute; }
.u-under { overflow: hidden; }
.u-select { background: color-mix(in srgb, var(--ink) 10%, transparent); pointer-events: none; }
.uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
.u-cursor-x, .u-cursor-y { position: absolute; left: 0; top: 0; pointer-events: none; will-change: transform; }
.u-cursor-x { height: 100%; border-right: 1px dashed var(--muted); }
.u-cursor-y { width: 100%; border-bottom: 1px dashed var(--muted); }
.u-cursor-pt { position: absolute; left: 0; top: 0; border-radius: 50%; border: 0 solid; pointer-events: none; will-change: transform; background-clip: padding-box !important; }
.u-off { display: none; }
`;

const mapStyle = `
.map { display: grid; grid-template-columns: minmax(0, calc(26rem * var(--aspect))); margin-top: 0.75rem; font-size: 0.75rem; line-height: 1.25; color: var(--muted); font-variant-numeric: tabular-nums; }
.map.with-axes { grid-template-columns: auto minmax(0, calc(26rem * var(--aspect))); padding-right: 1rem; }
.map p { margin: 0; text-align: center; }
.map span { position: absolute; }
.map-area { position: relative; aspect-ratio: var(--aspect); background: var(--panel); outline: 1px solid var(--line); touch-action: pan-y; cursor: crosshair; }
.map-area > img, .map-area > svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.cells { image-rendering: pixelated; }
.map-area > .cells { background: repeating-linear-gradient(45deg, var(--panel) 0 4px, var(--line) 4px 5px); }
.contours path { fill: none; stroke: #ffffff; stroke-width: 1; vector-effect: non-scaling-stroke; }
.contours .halo { stroke: #00000099; stroke-width: 2.5; }
.way path { fill: none; stroke: #e8590c; stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.way .halo { stroke: #ffffffcc; stroke-width: 4; }
.way circle { fill: #e8590c; stroke: #ffffff; stroke-width: 1.5; }
.way .start { fill: #ffffff; stroke: #e8590c; stroke-width: 2; }
.trace path { fill: none; stroke: #1b1f24; stroke-width: 1.75; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.trace .halo { stroke: #ffffffcc; stroke-width: 4; }
.dots circle { stroke: var(--ink); stroke-width: 0.5; }
.map-area > .map-cursor { border: 2px solid #ffffff; outline: 1.5px solid #000000; transform: translate(-50%, -50%); pointer-events: none; }
.map-y { display: grid; grid-template-columns: auto calc(var(--digits) * 1ch + 0.5rem); }
.map-y > p { writing-mode: vertical-rl; transform: rotate(180deg); }
.map-y > div, .map-x > div { position: relative; }
.map-y span { right: 0.4rem; transform: translateY(50%); }
.map-x { grid-column: 2; }
.map-x > div { height: 1.4rem; }
.map-x span { top: 0.25rem; transform: translateX(-50%); }
.map-bar { position: relative; height: 3.5rem; margin-top: 0.75rem; }
.map:not(.with-axes) .map-bar { margin-inline: 0.75rem; }
.with-axes .map-bar { grid-column: 2; }
.map-bar::before { content: ""; display: block; height: 0.75rem; border: 1px solid var(--line); background: var(--colors); print-color-adjust: exact; }
.map-bar::before, .map-cursor, .dots, .contours, .way, .strips, .trace, .bars svg, .swatch { forced-color-adjust: none; }
.map-bar span { top: 0.9rem; transform: translateX(-50%); }
.map-bar p { padding-top: 1.4rem; }
.picture { display: block; width: min(100%, 26rem * var(--aspect)); height: auto; margin-top: 0.75rem; }
.opacity { display: flex; align-items: center; gap: 0.75rem; font-size: 0.875rem; }
.opacity[hidden] { display: none; }
.opacity input { flex: 1; max-width: 14rem; min-height: 1.5rem; accent-color: var(--focus); }
`;

const barStyle = `
.bars { margin-top: 0.5rem; }
.bars th, .bars td { vertical-align: middle; }
.bars thead th { white-space: normal; }
.bars tbody th { min-width: 7.5rem; }
.bars td.bar { width: 45%; min-width: 4.5rem; }
.bars svg { display: block; width: 100%; height: 1.25rem; overflow: visible; }
.bars rect { fill: var(--series-1); }
.bars path { fill: none; stroke: var(--muted); stroke-width: 1; vector-effect: non-scaling-stroke; }
.bars .halo { stroke: var(--paper); stroke-width: 4; }
.bars .whisker { stroke: var(--ink); stroke-width: 1.5; }
`;
