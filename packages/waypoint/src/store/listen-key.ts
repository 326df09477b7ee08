/**
 * One spelling for a place that is listened on: "address:port", "[v6]:port". Keys of Snapshot.listeners, of claims and of
 * port problems: whoever compares two places compares these strings.
 */
export function listenKey(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
