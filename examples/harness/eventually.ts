/** Waits for what announces itself by no event, such as a copy that arrives at somebody else. */

/** Long, as it is only ever waited out by what fails. */
const deadlineMs = 40_000;

export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what: string,
  ms: number = deadlineMs,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
