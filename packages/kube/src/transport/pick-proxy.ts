/**
 * Which proxy the environment asks for, by the rules of Go's net/http, which kubectl follows: HTTPS_PROXY or HTTP_PROXY by
 * the scheme, upper or lower case, and NO_PROXY with names, domains, addresses, blocks and ports. Loopback is never proxied.
 */
import { parseCidr } from "@waystone/base/cidr";
import { isLoopback, parseIp } from "@waystone/base/ip";

export type Environment = Readonly<Record<string, string | undefined>>;

export function pickProxy(server: string, environment: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = variable(environment, name);
  if (proxy === undefined) return undefined;
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const address = parseIp(host);
  if (host === "localhost" || (address !== undefined && isLoopback(address))) return undefined;
  const effectivePort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  const exceptions = (variable(environment, "NO_PROXY") ?? "").split(",");
  if (exceptions.some((each) => excepts(each.trim().toLowerCase(), host, effectivePort))) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function excepts(rule: string, host: string, port: string): boolean {
  if (rule === "") return false;
  if (rule === "*") return true;
  if (rule.includes("/")) return parseCidr(rule)?.contains(host) ?? false;
  const { name, port: rulePort } = splitPort(rule);
  if (rulePort !== undefined && rulePort !== port) return false;
  const ruleAddress = parseIp(name);
  if (ruleAddress !== undefined) return ruleAddress === parseIp(host);
  // "example.com" means the name and all below it; ".example.com" and "*.example.com" only what is below.
  if (name.startsWith("*.")) return host.endsWith(name.slice(1));
  if (name.startsWith(".")) return host.endsWith(name);
  return host === name || host.endsWith(`.${name}`);
}

function splitPort(rule: string): { readonly name: string; readonly port?: string } {
  if (parseIp(rule) !== undefined) return { name: rule };
  const parts = /^(\[.*\]|[^:]*):([0-9]+)$/.exec(rule);
  const bare = (text: string): string => text.replace(/^\[|\]$/g, "");
  return parts === null ? { name: bare(rule) } : { name: bare(parts[1] ?? ""), port: parts[2] ?? "" };
}

function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name.toLowerCase()] ?? environment[name];
  return value === undefined || value === "" ? undefined : value;
}
