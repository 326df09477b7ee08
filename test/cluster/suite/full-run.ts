/** `npm run test:cluster -- --full`: the figures that docs tell come from it; CI's runs are smaller. */

const isFullRun = process.env["WAYSTONE_FULL"] === "1";

export function sized<T>({ short, full }: { readonly short: T; readonly full: T }): T {
  return isFullRun ? full : short;
}
