// The error function: x P(x^2) for |x| <= 1, and 1 - exp(Q(|x|)) with Q = log(erfc) beyond.
import type { Code } from "../encoder/code.ts";
import { expNormal } from "./exponential.ts";
import type { Lanes } from "./lanes.ts";

// erf(x) / x - 1 in x^2
const small32 = [0.128379166, -0.37612626, 0.112836003, -0.0268544424, 0.00518953055, -0.000802079856, 7.88897596e-5];
const small64 = [
  0.12837916709551256, -0.3761263890318355, 0.11283791670945248, -0.026866170643275355, 0.005223977607416842,
  -0.000854832598939878, 0.00012055295312111286, -1.4924744511423098e-5, 1.6447515904875929e-6, -1.6209163033570904e-7,
  1.3722923299420125e-8, -7.801094636667435e-10,
];
// log(erfc(x)) on [1, 4] and [1, 6], weighted by erfc(x)
const tail32 = [-0.000353399228, -1.12704134, -0.63822341, -0.103039421, 0.0218063295, -0.00293986709, 0.00018560118];
const tail64 = [
  -1.843741791227176e-7, -1.1283772825067835, -0.6366287032258829, -0.1027466440353467, 0.01907695819997854,
  0.0002822243310497279, -0.0017709202828254474, 0.0006428288266860423, -4.5952256173948445e-5, -6.975267238501432e-5,
  4.477098377529116e-5, -1.642188142805577e-5, 4.301895909898651e-6, -8.45218656578571e-7, 1.2483515471195498e-7,
  -1.3522751978709301e-8, 1.0170910136585057e-9, -4.751931696130336e-11, 1.0391030333283505e-12,
];

export function erf(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const magnitude = lanes.let(f.pmin(f.abs(x), lanes.number(lanes.either(4, 6))));
  const square = lanes.let(f.mul(x, x));
  const near = lanes.madd(x, lanes.polynomial(square, lanes.either(small32, small64)), x);
  const exponent = lanes.let(lanes.polynomial(magnitude, lanes.either(tail32, tail64)));
  const far = lanes.withSignOf(x, f.sub(lanes.number(1), expNormal(lanes, exponent)));
  return lanes.pick(f.lt(magnitude, lanes.number(1)), near, far);
}
