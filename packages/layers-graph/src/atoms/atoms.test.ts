// Crystals with known neighbours, readers of files, and what is refused.
import { expect, it } from "vitest";
import { numbersFrom } from "../graphs.fixture.ts";
import { atomGraph, type Graph, parseCif, parsePoscar } from "../index.ts";
import { type Cell, placeAt, type Triple } from "./lattice.ts";
import { neighboursWithin } from "./neighbours.ts";

const distances = ({ senders, receivers, positions, shifts }: Graph): number[] => {
  const [places, moves] = [positions, shifts].map((rows) => (rows as { data: Float64Array } | undefined)?.data);
  return Array.from(senders, (sender, edge) =>
    Math.hypot(
      ...[0, 1, 2].map(
        (axis) => places![3 * sender + axis]! + (moves?.[3 * edge + axis] ?? 0) - places![3 * receivers[edge]! + axis]!,
      ),
    ),
  ).sort((a, b) => a - b);
};

it("crystals have the neighbours that they are known for", () => {
  const fcc = {
    atoms: ["Cu"],
    positions: [[0, 0, 0]],
    cell: [
      [0, 1.8, 1.8],
      [1.8, 0, 1.8],
      [1.8, 1.8, 0],
    ],
  };
  expect(distances(atomGraph(fcc, { cutoff: 2.6 }))).toHaveLength(12);
  expect(distances(atomGraph(fcc, { cutoff: 3.7 }))).toHaveLength(12 + 6);
  expect(distances(atomGraph(fcc, { cutoff: 4.5 }))).toHaveLength(12 + 6 + 24);
  const iron = parsePoscar("bcc iron\n2.87\n1 0 0\n0 1 0\n0 0 1\nFe\n2\nDirect\n0 0 0\n0.5 0.5 0.5");
  const bcc = distances(atomGraph(iron, { cutoff: 2.9 }));
  expect(bcc).toHaveLength(2 * (8 + 6));
  expect(bcc[0]).toBeCloseTo((2.87 * Math.sqrt(3)) / 2, 12);
});

it.each([
  [
    "a skew cell",
    [
      [4, 0, 0],
      [1.5, 5, 0],
      [-1, 0.7, 6],
    ] as unknown as Cell,
    30,
  ],
  [
    "a small cell",
    [
      [1.1, 0, 0],
      [0.4, 1.3, 0],
      [0, 0.2, 1],
    ] as unknown as Cell,
    2,
  ],
  [
    "a large cell",
    [
      [14, 0, 0],
      [0, 11, 0],
      [2, 0, 12],
    ] as unknown as Cell,
    40,
  ],
  ["no cell", undefined, 60],
])("cell lists find what all pairs and images give: %s", (_, cell, count) => {
  const next = numbersFrom(count);
  const box =
    cell ??
    ([
      [9, 0, 0],
      [0, 7, 0],
      [0, 0, 2],
    ] as unknown as Cell);
  // Some outside of the cell.
  const places = Array.from({ length: count }, () => placeAt(box, [next() * 1.6 - 0.3, next(), next()]));
  const cutoff = 2.5;
  const { senders, receivers, shifts } = neighboursWithin(places, cell, cutoff);
  const found = senders
    .map((s, i) => `${s} ${receivers[i]} ${shifts[i]!.map((x) => (x + 0).toFixed(6)).join(" ")}`)
    .sort();
  const expected: string[] = [];
  const range = cell === undefined ? [0] : [-3, -2, -1, 0, 1, 2, 3];
  for (const [receiver, to] of places.entries()) {
    for (const [sender, from] of places.entries()) {
      for (const a of range) {
        for (const b of range) {
          for (const c of range) {
            if (sender === receiver && a === 0 && b === 0 && c === 0) continue;
            const shift: Triple = cell === undefined ? [0, 0, 0] : placeAt(cell, [a, b, c]);
            if (Math.hypot(...from.map((x, axis) => x + shift[axis]! - to[axis]!)) < cutoff)
              expected.push(`${sender} ${receiver} ${shift.map((x) => (x + 0).toFixed(6)).join(" ")}`);
          }
        }
      }
    }
  }
  expect(found).toEqual(expected.sort());
});

const cell =
  "_cell_length_a 4.0(1)\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n";
const sites = "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";

it("molecules on a line and in a plane have neighbours, whatever the cutoff", () => {
  const hydrogen = { atoms: ["H", "H"], positions: [[0, 0, 0], [0.74, 0, 0]] }; // biome-ignore format: places
  expect(atomGraph(hydrogen, { cutoff: 10 }).senders).toEqual([1, 0]);
  const angles = Array.from({ length: 6 }, (_, i) => (i * Math.PI) / 3);
  const ring = angles.map((angle) => [1.39 * Math.cos(angle), 1.39 * Math.sin(angle), 0]);
  expect(atomGraph({ atoms: ring.map(() => "C"), positions: ring }, { cutoff: 1.5 }).senders).toHaveLength(12);
});

it("a CIF file gives all atoms of the cell, each once", () => {
  const text = `# perovskite
data_SrTiO3
${cell}_symmetry_space_group_name_H-M 'P m -3 m'
_publ_text
;
loop_ in a text is none
;
loop_
_symmetry_equiv_pos_as_xyz
'x, y, z'
"y,z,x"
z,x,y
'-x, 1/2+y-1/2, -z'
${sites}Sr1 0 0 0 # a corner
Ti1 0.5 0.5 0.5
O1 0.5 0.5 0.0
`;
  const { atoms, positions, name } = parseCif(text);
  expect(name).toBe("SrTiO3");
  expect(atoms).toEqual(["Sr", "Ti", "O", "O", "O"]);
  const oxygens = [2, 2, 0, 2, 0, 2, 0, 2, 2];
  for (const [i, value] of positions.slice(2).flat().entries()) expect(value).toBeCloseTo(oxygens[i]!, 12);
});

it("a CIF file that is no single structure is refused", () => {
  const of = (text: string) => () => parseCif(text);
  expect(of("hello")).toThrow("parseCif: found no data block (data_...); is this a CIF file?");
  expect(of(`data_a\n${sites}Na 0 0 0`)).toThrow("the block has no _cell_length_a.");
  expect(of(`data_a\n${cell}_symmetry_Int_Tables_number 225\n${sites}Na 0 0 0`)).toThrow(
    "the space group is 225, and no symmetry operators are listed",
  );
  expect(of(`data_a\n${cell}${sites}Na 0 0`)).toThrow("has 3 values, which are no whole rows.");
  expect(of(`data_a\n${cell}${sites}Na 0 0 ?`)).toThrow('_atom_site_fract_z is "?"; expected a number.');
  const partly = sites.replace("_z\n", "_z\n_atom_site_occupancy\n");
  expect(of(`data_a\n${cell}${partly}Na 0 0 0 0.5`)).toThrow("site 0 is occupied by 0.5; give one ordered structure.");
  expect(of(`data_a\n${cell}loop_\n_symmetry_equiv_pos_as_xyz\n'x, 2+, z'\n${sites}Na 0 0 0`)).toThrow(
    'received the symmetry operator "x, 2+, z"',
  );
  expect(of(`data_a\n${cell}${sites}Na 0 0 0\nCl 1 0 0`)).toThrow("two sites are at the same place of the cell");
});

it("POSCAR files may scale by a volume, fix atoms and write positions in space", () => {
  const text =
    "salt\n-64\n1 0 0\n0 1 0\n0 0 1\nNa Cl\n1 1\nSelective dynamics\nCartesian\n0 0 0 T T F\n0.5 0.5 0.5 T T T\n";
  const { atoms, positions, cell: vectors } = parsePoscar(text);
  expect(vectors![0]![0]).toBeCloseTo(4, 12);
  expect(atoms).toEqual(["Na", "Cl"]);
  for (const value of positions[1]!) expect(value).toBeCloseTo(2, 12);
  expect(() => parsePoscar(text.replace("Na Cl\n", ""))).toThrow('line 6 is "1 1"; expected the elements');
  expect(() => parsePoscar(text.replace("0.5 0.5 0.5", "0.5 x 0.5"))).toThrow(
    'line 11 is "0.5 x 0.5 T T T"; expected the position of atom 1, three numbers.',
  );
});

it("refuses what is no structure, by its name", () => {
  const good = {
    atoms: ["Na", "Cl"],
    positions: [
      [0, 0, 0],
      [2, 2, 2],
    ],
    cell: [
      [4, 0, 0],
      [0, 4, 0],
      [0, 0, 4],
    ],
    name: "salt",
  };
  const of = (change: object) => () => atomGraph({ ...good, ...change }, { cutoff: 3 });
  expect(
    of({
      positions: [
        [0, 0, 0],
        [2, 2, Number.NaN],
      ],
    }),
  ).toThrow('the position of atom 1 of "salt" is [2, 2, NaN]; expected three finite numbers.');
  expect(
    of({
      positions: [
        [0, 0, 0],
        [2, 5, 2],
      ],
    }),
  ).toThrow('atomGraph: atom 1 of "salt" is outside the cell, at 1.250 of vector 1;');
  expect(
    of({
      positions: [
        [0, 0, 0],
        [0, 4, 0],
      ],
    }),
  ).toThrow('atoms 1 and 0 of "salt" are at the same place.');
  expect(
    of({
      cell: [
        [4, 0, 0],
        [8, 0, 0],
        [0, 0, 4],
      ],
    }),
  ).toThrow('the cell of "salt" has no volume: its vectors lie in a plane.');
  expect(of({ atoms: ["Na", "Xx"] })).toThrow('atom 1 of "salt" is "Xx"; expected an element, such as "Fe" or 26.');
  expect(of({ atoms: ["Na"] })).toThrow('"salt" has 1 atoms and 2 positions; give one for each.');
  const wrapped = atomGraph(
    {
      ...good,
      positions: [
        [0, 0, 0],
        [2, 6, -2],
      ],
    },
    { cutoff: 3, wrap: true },
  );
  expect((wrapped.positions as { data: Float64Array }).data.slice(3)).toEqual(Float64Array.of(2, 2, 2));
});
