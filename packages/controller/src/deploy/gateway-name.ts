/**
 * What a waypoint's Gateway may be called. Its name is that of the Service beside it (RFC 1035, 63 characters), and a label
 * of its pods; without a dot, so that no Gateway is called like the selector of Services captured by slices.
 */
const label = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Undefined where it can be a waypoint's. */
export function gatewayNameProblem(name: string): string | undefined {
  if (label.test(name)) return undefined;
  return (
    `${JSON.stringify(name)} cannot be the name of a waypoint: its Service and its pods are called by it, so it is at most ` +
    "63 lower-case letters, digits and dashes, begins with a letter and ends with a letter or digit"
  );
}
