/** What was found, a line each, and how many of either kind. */
export class Checks {
  passed = 0;
  failed = 0;

  expect(isFine: boolean, what: string): void {
    console.log(`${isFine ? "ok     " : "FAILED "} ${what}`);
    if (isFine) this.passed += 1;
    else this.failed += 1;
  }

  /** What is no verdict. */
  note(what: string): void {
    console.log(`        ${what}`);
  }
}

export const mebibyte: number = 1024 * 1024;

export function mib(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
