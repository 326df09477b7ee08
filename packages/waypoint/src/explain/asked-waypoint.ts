/** What a store's snapshot knows, as `engine/explain` asks for it. */
import type { JudgeCredentials } from "@waystone/engine/explain/asked-credentials";
import type { AskedWaypoint } from "@waystone/engine/explain/asked-port";
import { proxyError } from "../proxy/proxy-error.ts";
import type { Store } from "../store/store.ts";

/** Of the snapshot in force now. */
export function askedWaypoint(store: Store, judgeCredentials: JudgeCredentials): AskedWaypoint {
  const { rules } = store.current();
  return {
    ruleOf: (rule) => rules.get(rule),
    healthOf: (key) => describeHealth(store, key),
    statusOf: (kind) => proxyError(kind).status,
    judgeCredentials,
  };
}

function describeHealth(store: Store, key: string): string {
  const backend = store.backends.get(key);
  const slash = key.lastIndexOf(":");
  if (!store.services.has(key.slice(0, slash))) return "there is no such Service";
  const members = [...(backend?.members.values() ?? [])];
  const ready = members.filter((member) => member.ready).length;
  if (members.length === 0) return "it has no endpoints";
  const lingering = members.filter((member) => member.lingering && !member.ready).length;
  const also = lingering === 0 ? "" : `, ${lingering} terminating and still serving`;
  const count = members.length === 1 ? "1 endpoint is" : `${members.length} endpoints are`;
  return `${ready} of ${count} ready${also}`;
}
