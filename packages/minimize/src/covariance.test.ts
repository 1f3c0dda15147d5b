// What no fit determines, and what leaves nothing to estimate.
import { add, array, mul, referenceBackend, sub, sum } from "@hooke/runtime";
import { expect, it } from "vitest";
import { covariance } from "./covariance.ts";
import { rosenbrock } from "./problems.fixture.ts";
import { squares } from "./squares.ts";
import { studentQuantile } from "./student.ts";

const backend = referenceBackend();
const data = { x: array([0, 1, 2, 3]), y: array([1, 3, 5.2, 6.8]) };

it("names the parameters that only appear together, or not at all; the others keep their variance", async () => {
  const parameters = { unused: 1, scale: 2, factors: array([1, 5]), offset: 0 };
  const objective = await squares({
    backend,
    parameters,
    data: { x: array([0, 1, 2, 3, 4, 5]), y: array([1, 3, 5.2, 6.8, 9, 11.1]) },
    residuals: ({ scale, factors, offset, unused }, { x, y }) => {
      const first = sum(mul(factors, array([1, 0], { dtype: "f64" })));
      return sub(add(add(mul(mul(scale, x), first), offset), mul(unused, 0)), y);
    },
  });
  const found = await covariance({ objective, parameters: objective.unflatten(objective.start) });
  expect(found.undetermined).toEqual(["unused", "scale", "factors[0]", "factors[1]"]);
  expect(found.degreesOfFreedom).toBe(4);
  const { standardErrors } = found;
  expect([...standardErrors.factors.data, ...standardErrors.scale.data]).toEqual([Infinity, Infinity, Infinity]);
  expect(standardErrors.offset.data[0]).toBeGreaterThan(0);
  expect(standardErrors.offset.data[0]).toBeLessThan(Infinity);
  objective.free();
});

it("units do not decide what is determined", async () => {
  const objective = await squares({
    backend,
    parameters: { slope: 2e12, offset: 1e-12 },
    data,
    residuals: ({ slope, offset }, { x, y }) => sub(add(mul(mul(slope, 1e-12), x), mul(offset, 1e12)), y),
  });
  const { undetermined } = await covariance({ objective, parameters: objective.unflatten(objective.start) });
  expect(undetermined).toEqual([]);
  objective.free();
});

it("refuses what leaves no scatter, what is no sum of squares, and what is not finite", async () => {
  const make = (points: number, scale = 1) =>
    squares({
      backend,
      parameters: { a: 1, b: 2 },
      data: { x: array(Array.from({ length: points }, (_, i) => i)) },
      residuals: ({ a, b }, { x }) => mul(add(a, mul(b, x)), scale),
    });
  const two = await make(2);
  const parameters = two.unflatten(two.start);
  await expect(covariance({ objective: two, parameters })).rejects.toThrow(
    "covariance: received 2 residuals for 2 parameters, which leave no scatter to estimate; give more data, or",
  );
  const known = await covariance({ objective: two, parameters, absoluteSigma: true });
  expect([...known.covariance.data].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, -1, -1, 2]);
  await expect(covariance({ objective: await make(4, Number.NaN), parameters })).rejects.toThrow("not finite");
  await expect(
    covariance({ objective: (await rosenbrock()) as never, parameters: { x: array([1, 1]) } as never }),
  ).rejects.toThrow("covariance: received an objective that is no sum of squares");
});

it("quantiles of one and two degrees of freedom are those of closed forms", () => {
  expect(studentQuantile(0.95, 1)).toBeCloseTo(Math.tan((0.95 * Math.PI) / 2), 10);
  expect(studentQuantile(0.95, 2)).toBeCloseTo(0.95 * Math.sqrt(2 / (1 - 0.95 ** 2)), 12);
  expect(studentQuantile(0.95, 100000)).toBeCloseTo(1.9599876, 6);
});
