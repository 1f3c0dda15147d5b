// The remainder of truncated division, exact: one halving of the divisor at a time, lane by lane.
import type { Code } from "../encoder/code.ts";
import { block, br, br_if, call, local, loop, when } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { f32, f32x4, f64, f64x2, i32 } from "../encoder/opcodes.ts";
import type { FloatType, Lanes } from "./lanes.ts";

/** `(x, y) -> x - y trunc(x / y)` for scalars, with the sign of x; NaN for y = 0 and infinite x. */
function addScalar(module: ModuleBuilder): FunctionBuilder {
  const fn = module.addFunction(["f64", "f64"], ["f64"]);
  const [rest, divisor, scaled] = fn.locals("f64", 3);
  const get = local.get;
  const valid = i32.and(f64.gt(get(divisor), f64.const(0)), f64.lt(get(rest), f64.const(Number.POSITIVE_INFINITY)));
  const half = (x: Code): Code => f64.mul(x, f64.const(0.5));
  const grow = loop(
    when(f64.le(get(scaled), half(get(rest))), [local.set(scaled, f64.add(get(scaled), get(scaled))), br(1)]),
  );
  const shrink = loop([
    when(f64.ge(get(rest), get(scaled)), local.set(rest, f64.sub(get(rest), get(scaled)))),
    br_if(0, f64.ge(local.tee(scaled, half(get(scaled))), get(divisor))),
  ]);
  fn.emit(
    local.set(rest, f64.abs(get(0))),
    local.set(scaled, local.tee(divisor, f64.abs(get(1)))),
    when(
      valid,
      [block([br_if(0, f64.lt(get(rest), get(divisor))), grow, shrink]), f64.copysign(get(rest), get(0))],
      f64.const(Number.NaN),
      "f64",
    ),
  );
  return fn;
}

const adders = {
  f32: (module: ModuleBuilder) => addRemainder(module, "f32"),
  f64: (module: ModuleBuilder) => addRemainder(module, "f64"),
} as const;

/** The remainder of a division, with the sign of the dividend; too long to be expanded in place. */
export const rem = (lanes: Lanes, x: Code, y: Code): Code => lanes.options.shared(adders[lanes.dtype], x, y);

function addRemainder(module: ModuleBuilder, dtype: FloatType): FunctionBuilder {
  const scalar = addScalar(module);
  const fn = module.addFunction(["v128", "v128"], ["v128"]);
  let result = local.get(0);
  for (let lane = 0; lane < (dtype === "f64" ? 2 : 4); lane++) {
    if (dtype === "f64") {
      const [x, y] = [0, 1].map((operand) => f64x2.extract_lane(lane, local.get(operand))) as [Code, Code];
      result = f64x2.replace_lane(lane, result, call(scalar.index, x, y));
    } else {
      const [x, y] = [0, 1].map((operand) => f64.promote_f32(f32x4.extract_lane(lane, local.get(operand)))) as [
        Code,
        Code,
      ];
      result = f32x4.replace_lane(lane, result, f32.demote_f64(call(scalar.index, x, y)));
    }
  }
  fn.emit(result);
  return fn;
}
