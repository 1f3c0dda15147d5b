// Crystals of CIF files: cell, atoms and symmetry operators, which make of the atoms that are written all atoms of the cell.
import { checkArgument, fail } from "@hooke/runtime";
import type { AtomStructure } from "./atom-graph.ts";
import { type CifBlock, parseCifBlock } from "./cif-tokens.ts";
import { isElement } from "./elements.ts";
import { cellOf, placeAt, type Triple } from "./lattice.ts";
import { type Operator, parseOperator } from "./symmetry.ts";

const who = "parseCif";
/** Atoms nearer than this, in fractions of the cell, are one on a symmetry element. */
const same = 1e-3;

/**
 * The crystal of a CIF file, its first data block: all atoms of the cell, made by the symmetry operators that the file lists.
 *
 * @returns lengths in angstrom; the name of the block
 * @throws with the code `invalid-data` where cell, atoms or operators are missing or cannot be read, where a space group other than P1 has no operators listed, and on
 *   sites that are partly occupied, which are no single structure
 * @example
 * ```ts
 * import { atomGraph, parseCif } from "@hooke/layers-graph";
 *
 * const salt = parseCif(`data_NaCl
 * _cell_length_a 5.64
 * _cell_length_b 5.64
 * _cell_length_c 5.64
 * _cell_angle_alpha 90
 * _cell_angle_beta 90
 * _cell_angle_gamma 90
 * loop_
 * _symmetry_equiv_pos_as_xyz
 * 'x, y, z'
 * 'x, y+1/2, z+1/2'
 * 'x+1/2, y, z+1/2'
 * 'x+1/2, y+1/2, z'
 * loop_
 * _atom_site_label
 * _atom_site_fract_x
 * _atom_site_fract_y
 * _atom_site_fract_z
 * Na1 0 0 0
 * Cl1 0.5 0.5 0.5`);
 * console.log(salt.atoms.length, atomGraph(salt, { cutoff: 3 }).senders.length); // 8 48
 * ```
 */
export function parseCif(text: string): AtomStructure {
  checkArgument(who, "the text", text, (value) => (typeof value === "string" ? undefined : "the text of a CIF file"));
  const block = parseCifBlock(who, text);
  const numbersOf = (names: readonly string[]): Triple =>
    names.map((name) => numberOf(block, name)) as unknown as Triple;
  const cell = cellOf(
    numbersOf(["a", "b", "c"].map((axis) => `_cell_length_${axis}`)),
    numbersOf(["alpha", "beta", "gamma"].map((angle) => `_cell_angle_${angle}`)),
  );
  if (cell.flat().some((value) => !Number.isFinite(value)))
    fail(who, "the angles of the cell are no angles of a cell.", "invalid-data");
  const operators = operatorsOf(block);
  const [x, y, z] = ["x", "y", "z"].map((axis) => column(block, `_atom_site_fract_${axis}`));
  const elements = elementsOf(block);
  const atoms: string[] = [];
  const fractions: Triple[] = [];
  for (const [site, element] of elements.entries()) {
    const written = [x!, y!, z!].map((list, axis) =>
      parsed(list[site]!, `_atom_site_fract_${"xyz"[axis]}`),
    ) as unknown as Triple;
    const made: Triple[] = [];
    for (const operator of operators) {
      const place = operator(written).map(intoCell) as unknown as Triple;
      if (!made.some((other) => isSame(other, place))) made.push(place);
    }
    for (const place of made) {
      if (fractions.some((other) => isSame(other, place)))
        fail(
          who,
          `two sites are at the same place of the cell, ${place.map((value) => value.toFixed(3)).join(", ")}.`,
          "invalid-data",
        );
    }
    fractions.push(...made);
    atoms.push(...made.map(() => element));
  }
  return { name: block.name, atoms, positions: fractions.map((place) => placeAt(cell, place)), cell };
}

/** Fractions in [0, 1), those that round to 1 at 0. */
const intoCell = (value: number): number => {
  const fraction = value - Math.floor(value);
  return fraction > 1 - 1e-9 ? 0 : fraction;
};

const isSame = (a: Triple, b: Triple): boolean =>
  a.every((value, axis) => {
    const apart = Math.abs(value - b[axis]!);
    return Math.min(apart, 1 - apart) < same;
  });

/** A number as CIF writes it, uncertainty in brackets. */
function parsed(text: string, name: string): number {
  const value = Number(text.replace(/\(\d+\)$/, ""));
  if (text !== "" && Number.isFinite(value)) return value;
  return fail(who, `${name} is "${text}"; expected a number.`, "invalid-data");
}

function numberOf({ values }: CifBlock, name: string): number {
  const text = values.get(name);
  return text === undefined ? fail(who, `the block has no ${name}.`, "invalid-data") : parsed(text, name);
}

function column({ columns }: CifBlock, name: string): readonly string[] {
  return columns.get(name) ?? fail(who, `the block has no loop with ${name}.`, "invalid-data");
}

function operatorsOf({ values, columns }: CifBlock): Operator[] {
  const names = ["_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz"];
  const listed = names.flatMap((name) => columns.get(name) ?? []);
  const single = names.flatMap((name) => values.get(name) ?? []);
  if (listed.length + single.length > 0) return [...listed, ...single].map((text) => parseOperator(who, text));
  const groups = [
    "_symmetry_space_group_name_h-m",
    "_space_group_name_h-m_alt",
    "_symmetry_int_tables_number",
    "_space_group_it_number",
  ];
  const group = groups
    .flatMap((name) => values.get(name) ?? [])
    .find((text) => !/^(p\s*1|1|\?|\.)$/i.test(text.trim()));
  if (group !== undefined) {
    fail(
      who,
      `the space group is ${group}, and no symmetry operators are listed; write them (_symmetry_equiv_pos_as_xyz), or all atoms in P1.`,
      "invalid-data",
    );
  }
  return [(fractions) => fractions];
}

/** The element of each site: its type, or the letters its label begins with. */
function elementsOf(block: CifBlock): string[] {
  const occupied = block.columns.get("_atom_site_occupancy") ?? [];
  const partly = occupied.findIndex((text) => /\d/.test(text) && parsed(text, "_atom_site_occupancy") < 0.999);
  if (partly >= 0)
    fail(who, `site ${partly} is occupied by ${occupied[partly]}; give one ordered structure.`, "invalid-data");
  const types = block.columns.get("_atom_site_type_symbol") ?? column(block, "_atom_site_label");
  return types.map((text) => {
    const [letters] = /^[A-Za-z]{1,2}/.exec(text) ?? fail(who, `"${text}" begins with no element.`, "invalid-data");
    const symbol = letters[0]!.toUpperCase() + letters.slice(1).toLowerCase();
    return isElement(symbol) ? symbol : symbol[0]!;
  });
}
