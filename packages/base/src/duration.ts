/**
 * Durations as Gateway API writes them (GEP-2257): a subset of Go's format, up to four of hours, minutes, seconds and
 * milliseconds, whole numbers of at most five digits: "1h30m", "500ms", "0s". Held as milliseconds.
 */

const msByUnit: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const whole = /^(?:[0-9]{1,5}(?:ms|h|m|s)){1,4}$/;
const part = /([0-9]{1,5})(ms|h|m|s)/g;

/** Milliseconds. Throws an Error whose message is meant for whoever wrote the text. */
export function parseDuration(text: string): number {
  if (!whole.test(text)) throw new Error(`${JSON.stringify(shorten(text))} is no duration: ${hint(text)}`);
  let ms = 0;
  for (const [, count, unit] of text.matchAll(part)) ms += Number(count) * msByUnit[unit!]!;
  return ms;
}

/** What was expected, and where the text comes close, what is wrong with it. */
function hint(text: string): string {
  const expected = 'write whole numbers with units h, m, s or ms, such as "1h30m", "10s" or "500ms"';
  if (text === "") return `it is empty; ${expected}`;
  if (/^[0-9]+$/.test(text)) return `the unit is missing; ${expected}`;
  if (/^[+-]/.test(text)) return `it has no sign; ${expected}`;
  if (/[0-9]\.[0-9]/.test(text)) return `there are no fractions; ${expected}`;
  if (/[0-9](?:us|µs|ns|d|w)/.test(text)) return `h, m, s and ms are all the units there are; ${expected}`;
  if (/[0-9]{6}/.test(text)) return `each number has at most five digits; ${expected}`;
  if (/^(?:[0-9]{1,5}(?:ms|h|m|s)){5,}$/.test(text)) return `it has at most four parts; ${expected}`;
  return expected;
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}...`;
}
