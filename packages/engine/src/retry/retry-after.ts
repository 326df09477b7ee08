/** Retry-After (RFC 9110 10.2.3): when an upstream asks to be left alone, a retry waits, or is not made. */

/**
 * How long to wait from `wallMs` on, in milliseconds; 0 where the header is absent, unclear or past. `values` are all its
 * values: two of them are unclear.
 */
export function retryAfterMs(values: readonly string[], wallMs: number): number {
  const value = values.length === 1 ? values[0]! : "";
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  if (!imfFixdate.test(value)) return 0;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - wallMs);
}

/** RFC 9110 5.6.7: the one form that is sent today; older ones count as unclear. */
const imfFixdate =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
