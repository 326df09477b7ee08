/** A copy with some fields, as far as they are there, always in this order: objects of one kind then share one shape. */
export function pickFields<T extends object, K extends keyof T>(from: T, fields: readonly K[]): Pick<T, K> {
  const picked: Partial<T> = {};
  for (const field of fields) {
    const value = from[field];
    if (value !== undefined && value !== null) picked[field] = value;
  }
  return picked as Pick<T, K>;
}
