// The elements from hydrogen to lawrencium and some of their properties.
//
// Masses, Pauling's electronegativities, melting points, first ionization energies and configurations: Blue Obelisk Data Repository 10 (Guha et
// al., J. Chem. Inf. Model. 46, 2006; (c) 2006-2010 The Blue Obelisk Project, MIT licence), with the configurations of niobium and technetium
// as NIST lists them and the melting points of chromium and technetium as the CRC Handbook does. Covalent radii: Cordero et al., Dalton
// Trans., 2008, of the low-spin and sp3 forms.

/** What is known of an element; `NaN` where it is not. */
export interface Element {
  readonly symbol: string;
  /** Of protons. */
  readonly number: number;
  /** u. */
  readonly mass: number;
  /** From 1 to 18; of lanthanides and actinides 3. */
  readonly group: number;
  readonly period: number;
  /** Pauling's. Noble gases lighter than krypton have none. */
  readonly electronegativity: number;
  /** pm. */
  readonly covalentRadius: number;
  /** K. */
  readonly meltingPoint: number;
  /** Of the first electron, eV. */
  readonly ionizationEnergy: number;
  /** Outside of the noble gas before it; d and f electrons count where their shell is filled, too. */
  readonly valenceElectrons: number;
  readonly sElectrons: number;
  readonly pElectrons: number;
  readonly dElectrons: number;
  readonly fElectrons: number;
}

/** Symbol, mass, electronegativity, radius, melting point, ionization energy, valence electrons in s, p, d and f; a line each. */
const rows = `
H 1.008 2.20 31 14.01 13.5984 1 0 0 0
He 4.002602 - 28 0.95 24.5874 2 0 0 0
Li 6.94 0.98 128 453.7 5.3917 1 0 0 0
Be 9.012182 1.57 96 1560 9.3227 2 0 0 0
B 10.81 2.04 84 2365 8.2980 2 1 0 0
C 12.011 2.55 76 3825 11.2603 2 2 0 0
N 14.007 3.04 71 63.15 14.5341 2 3 0 0
O 15.999 3.44 66 54.8 13.6181 2 4 0 0
F 18.9984032 3.98 57 53.55 17.4228 2 5 0 0
Ne 20.1797 - 58 24.55 21.5645 2 6 0 0
Na 22.98976928 0.93 166 371 5.1391 1 0 0 0
Mg 24.305 1.31 141 922 7.6462 2 0 0 0
Al 26.9815386 1.61 121 933.5 5.9858 2 1 0 0
Si 28.085 1.90 111 1683 8.1517 2 2 0 0
P 30.973762 2.19 107 317.3 10.4867 2 3 0 0
S 32.06 2.58 105 392.2 10.3600 2 4 0 0
Cl 35.45 3.16 102 172.17 12.9676 2 5 0 0
Ar 39.948 - 106 83.95 15.7596 2 6 0 0
K 39.0983 0.82 203 336.8 4.3407 1 0 0 0
Ca 40.078 1.00 176 1112 6.1132 2 0 0 0
Sc 44.955912 1.36 170 1814 6.5615 2 0 1 0
Ti 47.867 1.54 160 1935 6.8281 2 0 2 0
V 50.9415 1.63 153 2163 6.7462 2 0 3 0
Cr 51.9961 1.66 139 2180 6.7665 1 0 5 0
Mn 54.938045 1.55 139 1518 7.4340 2 0 5 0
Fe 55.845 1.83 132 1808 7.9024 2 0 6 0
Co 58.933195 1.88 126 1768 7.8810 2 0 7 0
Ni 58.6934 1.91 124 1726 7.6398 2 0 8 0
Cu 63.546 1.90 132 1356.6 7.7264 1 0 10 0
Zn 65.38 1.65 122 692.73 9.3942 2 0 10 0
Ga 69.723 1.81 122 302.92 5.9993 2 1 10 0
Ge 72.630 2.01 120 1211.5 7.8994 2 2 10 0
As 74.92160 2.18 119 1090 9.7886 2 3 10 0
Se 78.96 2.55 120 494 9.7524 2 4 10 0
Br 79.904 2.96 120 265.95 11.8138 2 5 10 0
Kr 83.798 3.00 116 116 13.9996 2 6 10 0
Rb 85.4678 0.82 220 312.63 4.1771 1 0 0 0
Sr 87.62 0.95 195 1042 5.6949 2 0 0 0
Y 88.90585 1.22 190 1795 6.2173 2 0 1 0
Zr 91.224 1.33 175 2128 6.6339 2 0 2 0
Nb 92.90638 1.6 164 2742 6.7589 1 0 4 0
Mo 95.96 2.16 154 2896 7.0924 1 0 5 0
Tc 97 1.9 147 2430 7.28 2 0 5 0
Ru 101.07 2.2 146 2610 7.3605 1 0 7 0
Rh 102.90550 2.28 142 2236 7.4589 1 0 8 0
Pd 106.42 2.20 139 1825 8.3369 0 0 10 0
Ag 107.8682 1.93 145 1235.1 7.5762 1 0 10 0
Cd 112.411 1.69 144 594.26 8.9938 2 0 10 0
In 114.818 1.78 142 429.78 5.7864 2 1 10 0
Sn 118.710 1.96 139 505.12 7.3439 2 2 10 0
Sb 121.760 2.05 139 903.91 8.6084 2 3 10 0
Te 127.60 2.1 138 722.72 9.0096 2 4 10 0
I 126.90447 2.66 139 386.7 10.4513 2 5 10 0
Xe 131.293 2.6 140 161.39 12.1298 2 6 10 0
Cs 132.9054519 0.79 244 301.54 3.8939 1 0 0 0
Ba 137.327 0.89 215 1002 5.2117 2 0 0 0
La 138.90547 1.10 207 1191 5.5769 2 0 1 0
Ce 140.116 1.12 204 1071 5.5387 2 0 1 1
Pr 140.90765 1.13 203 1204 5.473 2 0 0 3
Nd 144.242 1.14 201 1294 5.5250 2 0 0 4
Pm 145 - 199 1315 5.582 2 0 0 5
Sm 150.36 1.17 198 1347 5.6437 2 0 0 6
Eu 151.964 - 198 1095 5.6704 2 0 0 7
Gd 157.25 1.20 196 1585 6.1498 2 0 1 7
Tb 158.92535 - 194 1629 5.8638 2 0 0 9
Dy 162.500 1.22 192 1685 5.9389 2 0 0 10
Ho 164.93032 1.23 192 1747 6.0215 2 0 0 11
Er 167.259 1.24 189 1802 6.1077 2 0 0 12
Tm 168.93421 1.25 190 1818 6.1843 2 0 0 13
Yb 173.054 - 187 1092 6.2542 2 0 0 14
Lu 174.9668 1.27 187 1936 5.4259 2 0 1 14
Hf 178.49 1.3 175 2504 6.8251 2 0 2 14
Ta 180.94788 1.5 170 3293 7.5496 2 0 3 14
W 183.84 2.36 162 3695 7.8640 2 0 4 14
Re 186.207 1.9 151 3455 7.8335 2 0 5 14
Os 190.23 2.2 144 3300 8.4382 2 0 6 14
Ir 192.217 2.20 141 2720 8.9670 2 0 7 14
Pt 195.084 2.28 136 2042.1 8.9588 1 0 9 14
Au 196.966569 2.54 136 1337.58 9.2255 1 0 10 14
Hg 200.592 2.00 132 234.31 10.4375 2 0 10 14
Tl 204.38 1.62 145 577 6.1082 2 1 10 14
Pb 207.2 2.33 146 600.65 7.4167 2 2 10 14
Bi 208.98040 2.02 148 544.59 7.2855 2 3 10 14
Po 209 2.0 140 527 8.414 2 4 10 14
At 210 2.2 150 575 0 2 5 10 14
Rn 222 - 150 202 10.7485 2 6 10 14
Fr 223 0.7 260 300 4.0727 1 0 0 0
Ra 226 0.9 221 973 5.2784 2 0 0 0
Ac 227 1.1 215 1324 5.17 2 0 1 0
Th 232.03806 1.3 206 2028 6.3067 2 0 2 0
Pa 231.03588 1.5 200 1845 5.89 2 0 1 2
U 238.02891 1.38 196 1408 6.1941 2 0 1 3
Np 237 1.36 190 912 6.2657 2 0 1 4
Pu 244 1.28 187 913 6.0260 2 0 0 6
Am 243 1.3 180 1449 5.9738 2 0 0 7
Cm 247 1.3 169 1620 5.9914 2 0 1 7
Bk 247 1.3 - 1258 6.1979 2 0 0 9
Cf 251 1.3 - 1172 6.2817 2 0 0 10
Es 252 1.3 - 1130 6.42 2 0 0 11
Fm 257 1.3 - 1800 6.50 2 0 0 12
Md 258 1.3 - 1100 6.58 2 0 0 13
No 259 1.3 - 1100 6.65 2 0 0 14
Lr 262 - - 1900 4.9 2 1 0 14`;

/** The number of each noble gas, with which a period ends. */
const periodEnds = [2, 10, 18, 36, 54, 86, 118];

function elementOf(line: string, index: number): Element {
  const [symbol = "", ...cells] = line.split(" ");
  const [mass, electronegativity, covalentRadius, meltingPoint, ionizationEnergy, s, p, d, f] = cells.map((cell) =>
    cell === "-" ? Number.NaN : Number(cell),
  ) as [number, number, number, number, number, number, number, number, number];
  const number = index + 1;
  const period = periodEnds.findIndex((end) => number <= end) + 1;
  const start = period === 1 ? 0 : periodEnds[period - 2]!;
  return {
    symbol,
    number,
    mass,
    group: groupOf(number - start, periodEnds[period - 1]! - number),
    period,
    electronegativity,
    covalentRadius,
    meltingPoint,
    ionizationEnergy,
    valenceElectrons: s + p + d + f,
    sElectrons: s,
    pElectrons: p,
    dElectrons: d,
    fElectrons: f,
  };
}

/** @param place in the period, from 1; @param left elements of the period after it */
function groupOf(place: number, left: number): number {
  if (place <= 2 && left > 0) return place;
  // Periods of 32 hold 14 elements more in group 3.
  return left < 15 ? 18 - left : 3;
}

let table: ReadonlyMap<string, Element> | undefined;

/** The elements by their symbols. */
export function elements(): ReadonlyMap<string, Element> {
  table ??= new Map(
    rows
      .trim()
      .split("\n")
      .map((line, index) => [line.split(" ")[0]!, elementOf(line, index)]),
  );
  return table;
}
