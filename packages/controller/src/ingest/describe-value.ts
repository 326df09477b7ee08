/** A value in the words of an error message: short, and clear about its type. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return value.length > 60
        ? `the text ${JSON.stringify(`${value.slice(0, 57)}...`)}`
        : `the text ${JSON.stringify(value)}`;
    case "number":
      return `the number ${value}`;
    case "boolean":
      return String(value);
    default:
      return "a mapping";
  }
}
