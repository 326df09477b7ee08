/** What no waypoint can stand in front of, in files or in a cluster: nothing is dialled at an address that could be taken over. */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Refusal } from "./gateway-verdict.ts";

export function refuseTraffic(service: Service): Refusal | undefined {
  if (service.spec?.type === "ExternalName") {
    return unsupported(
      "a Service of type ExternalName is a DNS alias: clients never dial it, so a waypoint cannot serve it",
    );
  }
  if (service.spec?.clusterIP === "None") {
    return unsupported(
      "a headless Service has no address of its own: clients dial its pods, so a waypoint cannot serve it; " +
        'give it a clusterIP, or opt it out with waystone.dev/use-waypoint: "none"',
    );
  }
  return undefined;
}

/** Istio's reason. */
export function unsupported(message: string): Refusal {
  return { reason: "UnsupportedTrafficType", message };
}
