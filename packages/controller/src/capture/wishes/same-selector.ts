/** Whether two selectors ask for the same labels, in whatever order they are written. */
import type { Selector } from "../../model/front-marks.ts";

export function isSameSelector(a: Selector, b: Selector): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
