// Chemical formulae: "Ca(OH)2", "La0.8Sr0.2MnO3", "CuSO4·5H2O".
import { checkArgument, fail, suggestion } from "@hooke/runtime";
import { elements } from "./elements.ts";

/** How much of each element there is, by its symbol, in the order in which they come. */
export type Composition = Readonly<Record<string, number>>;

const opening = "([{";
const closing = ")]}";
/** Between a salt and its water; a point is one where no digit follows. */
const dots = "·•*⋅";
const subscripts = "₀₁₂₃₄₅₆₇₈₉";
const amountForm = /^(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?/;

/**
 * Reads a formula. Parentheses nest, amounts may be fractions, a dot puts formulae together: `"CuSO4·5H2O"`. Elements of amount 0 are left out.
 *
 * @throws on what is no formula (`"invalid-data"`), with the position; on `"CuSO4.5H2O"`, which may be 4.5 oxygen or 5 water
 * @example
 * ```ts
 * import { parseFormula } from "@hooke/baselines";
 *
 * console.log(parseFormula("Ca3(PO4)2")); // { Ca: 3, P: 2, O: 8 }
 * ```
 */
export function parseFormula(formula: string): Composition {
  checkArgument("parseFormula", "the formula", formula, (value) => (typeof value === "string" ? undefined : "a text"));
  const fault = (at: number, what: string): never =>
    fail("parseFormula", `"${formula}", position ${at + 1}: ${what}.`, "invalid-data");
  const text = formula.replace(/[₀-₉]/g, (digit) => String(subscripts.indexOf(digit)));
  const known = elements();
  let at = 0;

  const amount = (): number => {
    const [digits = ""] = amountForm.exec(text.slice(at)) ?? [];
    if (digits === "") return 1;
    const after = text.slice(at + digits.length);
    if (digits.includes(".") && /^H2O$/.test(after)) {
      fault(
        at,
        `${digits} may be an amount or a dot and water; write "·" before water, or a blank between amount and H2O`,
      );
    }
    at += digits.length;
    return Number(digits);
  };

  const element = (): string => {
    const [letters = ""] = /^[A-Z][a-z]?/.exec(text.slice(at)) ?? [];
    if (letters === "") return fault(at, `received "${text[at]}"; expected an element, an amount or a parenthesis`);
    if (known.has(letters)) {
      at += letters.length;
      return letters;
    }
    return fault(
      at,
      `"${letters}" is no element from H to Lr.${suggestion(letters, [...known.keys()])}`.replace(/[.?]$/, ""),
    );
  };

  /** Up to the end, or to what closes it. */
  const group = (close: string): Map<string, number> => {
    const start = at;
    const total = new Map<string, number>();
    let times = 1;
    const add = (part: ReadonlyMap<string, number>, count: number): void => {
      for (const [symbol, each] of part) total.set(symbol, (total.get(symbol) ?? 0) + each * count * times);
    };
    while (at < text.length && text[at] !== close) {
      const letter = text[at]!;
      if (letter === " ") at++;
      else if (dots.includes(letter) || (letter === "." && !/\d/.test(text[at + 1] ?? ""))) {
        at++;
        if (close !== "") fault(at - 1, "a dot stands outside of parentheses");
        while (text[at] === " ") at++;
        times = amount();
      } else if (opening.includes(letter)) {
        at++;
        const inner = group(closing[opening.indexOf(letter)]!);
        at++;
        add(inner, amount());
      } else if (/\d/.test(letter) && at === 0) times = amount();
      else {
        const symbol = element();
        add(new Map([[symbol, 1]]), amount());
      }
    }
    if (close !== "" && at >= text.length) fault(start - 1, `"${text[start - 1]}" is not closed`);
    return total;
  };

  const total = [...group("")].filter(([, count]) => count > 0);
  if (total.length === 0) fail("parseFormula", `"${formula}" holds no element.`, "invalid-data");
  return Object.fromEntries(total);
}
