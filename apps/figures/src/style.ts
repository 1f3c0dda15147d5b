// The look of a figure's controls: that of the reports beside them, light and dark, from phones to wide screens. A page says by
// `--ground` what it stands on, where that is another colour than a report's.

export const style = `
:host {
  color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e9ebee); --muted: light-dark(#59626d, #a5aeb9); --line: light-dark(#d5dae0, #3a414a);
  --panel: light-dark(#f6f7f8, #1d2126); --focus: light-dark(#0b63c5, #7db8ff);
  display: block; color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
}
* { box-sizing: border-box; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; }
.control { display: flex; align-items: center; gap: 0.5rem; max-width: 100%; min-height: 2.75rem; font-size: 0.9375rem; }
label { color: var(--muted); }
label:has(+ input[type="range"]) { flex: none; max-width: 55%; }
select { font: inherit; color: inherit; min-width: 0; min-height: 2.25rem; padding: 0 0.5rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); }
input { accent-color: var(--focus); }
input[type="range"] { width: 10rem; min-width: 4rem; }
input[type="checkbox"] { width: 1.125rem; height: 1.125rem; order: -1; }
output { min-width: 3ch; font-variant-numeric: tabular-nums; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.status { margin: 0; color: var(--muted); font-size: 0.875rem; }
.drawings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem 2rem; }
.drawings > div { min-width: 0; --paper: var(--ground, light-dark(#ffffff, #14171b)); }
@media print { form { display: none; } }
`;
