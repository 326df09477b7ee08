/** A value in the words of an error message: short, and clear about its type. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") {
    return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)}`;
  }
  if (typeof value === "number") return `the number ${value}`;
  return typeof value === "boolean" ? String(value) : "a mapping";
}
