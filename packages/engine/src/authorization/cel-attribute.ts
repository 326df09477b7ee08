/**
 * A CEL expression as a condition (design/0005-who-asks.md, "CEL"). One that fails while a request is judged never makes the decision
 * milder: an ALLOW does not match, a DENY or AUDIT does.
 */
import type { MakeAttribute } from "./attributes.ts";
import { compileCel } from "./cel/compile-cel.ts";
import { CelFailure } from "./cel/cel-value.ts";

/** The name of the condition. */
export const celAttribute = "cel";

/** On the wire one expression a condition, in every alternative of `to`; the key is its position in `when`. */
export const cel: MakeAttribute = ({ policy, values, negated, isAllow, problem }) => {
  const [source = ""] = values;
  if (values.length > 1 || negated) problem(-1, "is not one expression");
  const expression = compileCel(source);
  if (typeof expression === "string") {
    problem(-1, expression);
    return { needsRequest: true, test: () => !isAllow, actual: () => "" };
  }
  const { layers } = expression;
  return {
    needsRequest: layers.has("request") || layers.has("path"),
    readsIdentity: layers.has("identity"),
    readsPath: layers.has("path"),
    readsHeaders: expression.headers,
    steps: expression.cost,
    test(request, destination) {
      const value = expression.evaluate(request, destination);
      if (!(value instanceof CelFailure)) return value;
      request.expressionFailed(policy);
      return !isAllow;
    },
    actual(request, destination) {
      const value = expression.evaluate(request, destination);
      return value instanceof CelFailure ? `an error: ${value.reason}` : `${value}`;
    },
  };
};
