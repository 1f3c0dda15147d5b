// Chemical elements by symbol.
import { fail, show } from "@hooke/runtime";

const symbols = (
  "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I " +
  "Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr " +
  "Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
).split(" ");
const numbers = new Map(symbols.map((symbol, i) => [symbol, i + 1]));

/** Whether a text is the symbol of an element. */
export const isElement = (symbol: string): boolean => numbers.has(symbol);

/** The atomic number of an element by its symbol, or by that number. @throws with the code `invalid-data` on what is none, naming the atom */
export function atomicNumber(who: string, atom: unknown, place: string): number {
  const found = typeof atom === "number" ? atom : numbers.get(String(atom));
  if (found !== undefined && Number.isInteger(found) && found >= 1 && found <= symbols.length) return found;
  return fail(who, `${place} is ${show(atom)}; expected an element, such as "Fe" or 26.`, "invalid-data");
}

/**
 * The symbol of an element by its atomic number.
 *
 * @throws with the code `invalid-data` on what is no number from 1 to 118
 * @example
 * ```ts
 * import { elementSymbol } from "@hooke/layers-graph";
 *
 * console.log(elementSymbol(26)); // Fe
 * ```
 */
export function elementSymbol(number: number): string {
  return symbols[atomicNumber("elementSymbol", number, "the element") - 1]!;
}
