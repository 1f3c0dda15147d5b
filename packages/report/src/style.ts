// The look of a report: one column, light and dark, from phones to wide screens and paper. Text contrast is 5:1 or better.

export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --panel: #f6f7f8; --ink: #1b1f24; --muted: #59626d; --line: #d5dae0; --grid: #e6e9ed; --focus: #0b63c5;
  --series-1: #0b63c5; --series-2: #c2410c; --series-3: #0f766e; --series-4: #7c3aed;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --panel: #1d2126; --ink: #e9ebee; --muted: #a5aeb9; --line: #3a414a; --grid: #2a3037; --focus: #7db8ff;
    --series-1: #6fb1ff; --series-2: #ff9f66; --series-3: #5fe0cf; --series-4: #c6abff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1.25rem; text-wrap: balance; }
h2 { font-size: 1.125rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; margin: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.facts div { box-shadow: 0 0 0 1px var(--line); padding: 0.6rem 0.9rem; }
.facts dt { color: var(--muted); font-size: 0.8125rem; }
.facts dd { margin: 0; font-size: 1.125rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; max-height: 24rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--muted); font-size: 0.875rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
.number { text-align: right; }
.details th { color: var(--muted); width: 40%; }
.details td { overflow-wrap: anywhere; }
figure { margin: 0; }
figcaption, .readout, .note { color: var(--muted); font-size: 0.875rem; }
.readout { margin: 0.25rem 0; min-height: 1.5em; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.5rem 0; }
.legend button { display: inline-flex; align-items: center; gap: 0.5rem; min-height: 2rem; padding: 0 0.75rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--panel); color: var(--ink); font: inherit; font-size: 0.875rem; cursor: pointer; }
.legend button[aria-pressed="false"] { color: var(--muted); text-decoration: line-through; }
.swatch { width: 1.25rem; border-top: 3px solid var(--swatch); }
.swatch.dashed { border-top-style: dashed; }
.swatch.dot { width: 0.6rem; height: 0.6rem; border: 0; border-radius: 50%; background: var(--swatch); }
.plot { width: 100%; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2rem; }
.pair > :first-child:nth-last-child(odd) { grid-column: 1 / -1; }
.u-cursor-x, .u-cursor-y { border-color: var(--muted) !important; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; color: var(--muted); font-size: 0.875rem; padding: 0.25rem 0; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
@media print { .legend, .readout, details:not([open]) { display: none; } figure { break-inside: avoid; } }
`;
