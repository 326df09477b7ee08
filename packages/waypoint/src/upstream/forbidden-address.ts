/**
 * Addresses that no request may be sent to, wherever they were named: loopback (but in standalone mode, where the files
 * name loopback endpoints), link-local with the cloud's metadata services, "any", our own admin and push addresses, and in a
 * pod all of our own: a request to ourselves would come back for ever.
 */
import { isLinkLocal, isLoopback, parseIp } from "@waystone/base/ip";
import type { WaypointSettings } from "../settings.ts";
import { listenKey } from "../store/listen-key.ts";

export function isForbiddenAddress(address: string, port: number, settings: WaypointSettings): boolean {
  const canonical = parseIp(address);
  if (canonical === undefined || canonical === "0.0.0.0" || canonical === "::") return true;
  if (isLinkLocal(canonical) || canonical === "fd00:ec2::254") return true;
  if (isLoopback(canonical) && !settings.allowLoopback) return true;
  if (settings.forbiddenHosts.includes(canonical)) return true;
  return settings.forbiddenAddresses.includes(listenKey(canonical, port));
}
