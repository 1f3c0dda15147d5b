// The number in a cell, in the notation that the options name; and what notation another cell seems to be in.

const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const special = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;
const fortran = /^([+-]?(?:\d+\.?\d*|\.\d+))d([+-]?\d+)$/i;
const anySpace = /[\s\u00a0\u202f]/g;

/** What decides how numbers are written. */
export interface Notation {
  readonly decimal: "." | ",";
  readonly thousands: string | undefined;
  readonly booleans: boolean;
}

const defaults: Notation = { decimal: ".", thousands: undefined, booleans: false };

/**
 * The number a cell holds, `undefined` where it holds text. NaN and the infinities in any case count as numbers, and so do
 * numbers with the minus sign of typesetting and with the exponent of Fortran, `1.0D+03`.
 *
 * @param unit what stands behind the number. Default nothing
 */
export function parseNumber(cell: string, notation: Notation = defaults, unit?: string): number | undefined {
  let text = cell.trim();
  if (unit !== undefined && text.endsWith(unit)) text = text.slice(0, -unit.length).trimEnd();
  if (text.includes("\u2212")) text = text.replaceAll("\u2212", "-");
  const { decimal, thousands, booleans } = notation;
  if (thousands !== undefined) {
    const grouped = ungrouped(thousands === " " ? text.replace(anySpace, " ") : text, thousands, decimal);
    if (grouped === undefined) return undefined;
    text = grouped;
  }
  if (decimal === ",") {
    if (text.includes(".")) return undefined;
    text = text.replace(",", ".");
  }
  if (plain.test(text)) return Number(text);
  const found = special.exec(text);
  if (found !== null) return found[2] !== undefined ? Number.NaN : found[1] === "-" ? -Infinity : Infinity;
  const scientific = fortran.exec(text);
  if (scientific !== null) return Number(`${scientific[1]}e${scientific[2]}`);
  if (booleans && /^(?:true|false)$/i.test(text)) return text.length === 4 ? 1 : 0;
  return undefined;
}

/** The text without marks between groups of three digits; undefined where a mark stands anywhere else. */
function ungrouped(text: string, mark: string, decimal: string): string | undefined {
  if (!text.includes(mark)) return text;
  const end = text.search(decimal === "," ? /[,e]|$/i : /[.e]|$/i);
  const groups = text.slice(0, end).split(mark);
  const right = /^[+-]?[1-9]\d{0,2}$/.test(groups[0]!) && groups.slice(1).every((group) => /^\d{3}$/.test(group));
  return right ? groups.join("") + text.slice(end) : undefined;
}

/** A notation of numbers that a cell seems to be in, and the option that reads it. */
export interface NotationHint {
  /** `a number with a decimal comma` */
  readonly what: string;
  /** `pass decimal: "," to the function that reads the file` */
  readonly cure: string;
}

type Pattern = readonly [pattern: RegExp, hint: (cell: string, column: string) => NotationHint];

const number = "[+-]?(?:\\d+(?:[.,]\\d+)?|[.,]\\d+)(?:[ed][+-]?\\d+)?";
const pass = (option: string): string => `pass ${option} to the function that reads the file`;
const plainly = "write it as a plain number in the file, such as -1.5e3";
/** What only a decimal comma explains. */
export const decimalComma: NotationHint = {
  what: "a number with a decimal comma",
  cure: /* @__PURE__ */ pass('decimal: ","'),
};
/** What is a number unless the decimals stand behind a comma. */
const decimalPoint: NotationHint = {
  what: "a number with a decimal point",
  cure: 'leave out decimal: "," where the file is read',
};
/** Made by a function, so that pages that read no tables do not download them. */
const makePatterns = (): readonly Pattern[] => [
  [
    /^[+-]?\d{1,3}(?:[,'\u2019_ \u00a0\u202f]\d{3})+(?:\.\d*)?$/,
    (cell) => {
      const mark = /[^\d+-]/.exec(cell)![0];
      const group = /\s/.test(mark) ? " " : mark;
      if (/^[+-]?0,/.test(cell)) return decimalComma;
      // One comma and three digits may be either.
      const either =
        group === "," && /^[+-]?\d{1,3},\d{3}$/.test(cell) ? ' (or decimal: "," if it is a decimal comma)' : "";
      return { what: "a number with marks between thousands", cure: pass(`thousands: "${group}"${either}`) };
    },
  ],
  [
    /^[+-]?\d{1,3}(?:\.\d{3})+,\d*$|^[+-]?\d{1,3}(?:\.\d{3}){2,}$/,
    () => ({ what: "a number with points between thousands", cure: pass('decimal: ",", thousands: "."') }),
  ],
  [/^[+-]?(?:\d+,\d*|,\d+)(?:e[+-]?\d+)?$/i, () => decimalComma],
  [/^(?:true|false)$/i, () => ({ what: "true or false", cure: pass("booleans: true") })],
  [
    /^(?:#(?:div\/0!|n\/a|value!|ref!|num!|null!|name\?)|n\/?a|<na>|n\.a\.?|null|none|nil|missing|unknown|-{1,3}|\?|\.|\u2013|\u2014)$/i,
    (cell) => ({ what: "a mark of a missing number", cure: pass(`missing: ["${cell}"]`) }),
  ],
  [
    new RegExp(`^[<>~\u2264\u2265\u2248\u00b1]=?\\s*${number}$`, "i"),
    (cell) => ({ what: "a limit, no number", cure: `${pass(`missing: ["${cell}"]`)}, or write numbers in it` }),
  ],
  [
    new RegExp(`^${number}\\s*(?:\u00b1|\\+/?-)\\s*${number}$|^${number}\\(\\d+\\)$`, "i"),
    () => ({ what: "a number with its uncertainty", cure: "write them in two columns of the file" }),
  ],
  [
    new RegExp(
      `^${number}\\s*(?:%|\u2030|\u00b0|[$\u20ac\u00a3\u00a5]|[a-z\u00b5\u03bc\u03a9\u00b0/\u00b2\u00b3^*\u00b7]{1,8}[\\d\u00b2\u00b3]?)$`,
      "i",
    ),
    (cell, column) => {
      const unit = new RegExp(`^${number}`, "i").exec(cell)![0].length;
      return {
        what: "a number with its unit",
        cure: pass(`units: { ${JSON.stringify(column)}: "${cell.slice(unit).trim()}" }`),
      };
    },
  ],
  [/^[$\u20ac\u00a3\u00a5]\s*[\d.,]+$/, () => ({ what: "an amount with its currency", cure: plainly })],
  [/^[+-]?\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d*)?$/, () => ({ what: "a number in groups of two digits", cure: plainly })],
  [new RegExp(`^'${number}'$`, "i"), () => ({ what: "a number between quotes", cure: plainly })],
  [
    new RegExp(`^\\(${number}\\)$|^${number}-$`, "i"),
    () => ({ what: "a number with an accountant's sign", cure: plainly }),
  ],
  [
    /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:\s+[ed]\s*[+-]?\d+|[ed]\s+[+-]?\d+)$/i,
    () => ({ what: "a number with a blank inside", cure: plainly }),
  ],
  [/^[+-]?\d*[.,]\d*[+-]\d{2,3}$/, () => ({ what: "a number with an exponent that has no letter", cure: plainly })],
  [
    new RegExp(
      `^${number}\\s*[x\u00d7*\u00b7]\\s*10(?:\\^?[+-]?\\d+|[\u207a\u207b]?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)$`,
      "i",
    ),
    () => ({ what: "a number with a power of ten", cure: plainly }),
  ],
];
const patterns = /* @__PURE__ */ makePatterns();

/** What notation of numbers a text seems to be in; undefined for other text. */
export function notationOf(cell: string, column: string): NotationHint | undefined {
  const text = cell.trim();
  if (text.length > 40) return undefined;
  if (parseNumber(text) !== undefined) return decimalPoint;
  const found = patterns.find(([pattern]) => pattern.test(text));
  return found?.[1](text, column);
}
