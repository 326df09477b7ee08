/**
 * The admin server has no password: being on this machine is the key. A web page in a browser on this machine has it too,
 * so requests that a page can cause are refused: those to a name that somebody else's DNS points here (DNS rebinding: the
 * Host is not an address), and those that say that they come from another site.
 */
import type { IncomingHttpHeaders } from "node:http";
import { parseIp } from "@waystone/base/ip";

/** Why the request is refused, or undefined. */
export function refuseForeign(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host ?? "";
  if (!isAddressOrLocalhost(host)) {
    return `refused for Host ${JSON.stringify(host)}: use the address itself, or localhost`;
  }
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) {
    return `refused for Origin ${JSON.stringify(headers.origin)}: web pages have no access`;
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return "refused: web pages have no access";
  return undefined;
}

function isAddressOrLocalhost(host: string): boolean {
  const name = host.startsWith("[")
    ? host.slice(1, Math.max(1, host.indexOf("]")))
    : (host.split(":")[0] ?? "");
  return name.toLowerCase() === "localhost" || parseIp(name) !== undefined;
}
