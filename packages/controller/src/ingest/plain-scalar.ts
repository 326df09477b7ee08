/**
 * What a YAML scalar without quotes stands for, as kubectl reads it (go.yaml.in/yaml/v2, resolve.go): YAML 1.1's words for
 * true and false, Go's forms of integers (0x1f, 0o17, 017, 0b1, 1_000), no base 60. So a manifest means the same to both.
 */

const words = new Map<string, boolean | null | number>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(
    (word) => [word, true] as const,
  ),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (word) => [word, false] as const,
  ),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, -Infinity] as const),
]);

const longestWord = 5;
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

export type PlainValue = string | number | boolean | null;

export function resolvePlainScalar(text: string): PlainValue {
  if (text.length <= longestWord) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  const first = text.charCodeAt(0);
  // Digits, "-", "+" and "." alone can begin a number.
  const mayBeNumber = (first >= 0x30 && first <= 0x39) || first === 0x2d || first === 0x2b || first === 0x2e;
  return mayBeNumber ? (parseNumber(text) ?? text) : text;
}

function parseNumber(text: string): number | undefined {
  const digits = text.includes("_") ? text.replaceAll("_", "") : text;
  const match = integer.exec(digits);
  if (match !== null) {
    const [, sign, hex, binary, octal, decimal] = match;
    const size =
      hex !== undefined
        ? Number.parseInt(hex, 16)
        : binary !== undefined
          ? Number.parseInt(binary, 2)
          : octal !== undefined
            ? Number.parseInt(octal, 8)
            : Number(decimal);
    return sign === "-" && size !== 0 ? -size : size;
  }
  return float.test(digits) ? Number(digits) : undefined;
}
