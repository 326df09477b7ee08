/** Policies in the words of tests, and planes that carry them out. */
import { Policy, type PolicyResource } from "@waystone/api/resources";
import { typeUrls } from "@waystone/api/names";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import { encodeResource } from "@waystone/xds/version";
import type { EncodedResource } from "@waystone/xds/resource";
import { useExchangeRig, type RigPlane, samplesOf } from "./exchange-rig.ts";
import { ask, openKnownClient, type Person } from "./policy-clients.ts";

/** About shop/web, unless it says otherwise. */
export function policy(text: PolicyText = {}): EncodedResource {
  return encode(policyMessage({ target: { kind: "Service", name: "shop/web" }, ...text }));
}

export function encode(message: PolicyResource): EncodedResource {
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encodeResource(typeUrls.policy, name, new Uint8Array(Policy.encode(message).finish()));
}

export const onlyFrontend = {
  rules: [{ from: [{ serviceAccounts: ["shop/frontend"] }] }],
} satisfies PolicyText;
export const web = { service: "shop/web", port: 80, weight: 1 };

/** "policy rule decision mode": value */
export function decisions(plane: RigPlane): Record<string, number> {
  return Object.fromEntries(
    samplesOf(plane, "waystone_policy_decisions_total").map(({ labels, value }) => [
      `${labels["policy"]} ${labels["rule"]} ${labels["decision"]} ${labels["mode"]}`,
      value ?? 0,
    ]),
  );
}

/** For one test file: planes that carry policies out, and clients that are known. */
export function useAuthorizationRig() {
  const rig = useExchangeRig();
  const open = async (...more: EncodedResource[]) => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], more });
    return { upstream, plane };
  };
  const statusFor = async (
    plane: RigPlane,
    person: Person,
    path = "/",
    headers: string[] = [],
  ): Promise<number> => {
    const client = await openKnownClient(rig, plane, person);
    return await ask(client, path, { headers });
  };
  return { rig, open, statusFor };
}
