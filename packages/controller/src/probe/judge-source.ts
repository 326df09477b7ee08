/** What answers through a ClusterIP say about a cluster: does whoever is dialled see the address of who dials? */
import type { SeenSource } from "./answer-source.ts";

/**
 * - kept: another pod saw our own address;
 * - lost: another pod saw us under an address that is not ours: network identities would be those of a node or a proxy;
 * - unknown: nobody else answered. A pod that reaches itself through a ClusterIP is masqueraded everywhere (kube-proxy needs
 *   it so), which says nothing.
 */
export type SourceVerdict = "kept" | "lost" | "unknown";

export interface SourceFinding {
  readonly verdict: SourceVerdict;
  /** For people. */
  readonly message: string;
}

export interface OwnPlace {
  readonly pod: string;
  /** All addresses of the pod, in the form of base/ip. */
  readonly addresses: readonly string[];
}

export function judgeSource(own: OwnPlace, answers: readonly SeenSource[]): SourceFinding {
  const others = answers.filter(({ pod }) => pod !== own.pod);
  const wrong = others.find(({ address }) => !own.addresses.includes(address));
  if (wrong !== undefined) {
    const addresses = own.addresses.join(", ");
    return {
      verdict: "lost",
      message:
        `pod ${own.pod} (${addresses}) dialled pod ${wrong.pod} through a ClusterIP and was seen as ${wrong.address}: ` +
        "this cluster does not keep source addresses between pods, so clients cannot be told by theirs; look for " +
        "kube-proxy --masquerade-all, a cluster CIDR that does not hold the pods, or a CNI that masquerades pod traffic",
    };
  }
  const right = others[0];
  if (right !== undefined) {
    return {
      verdict: "kept",
      message: `pod ${right.pod} saw pod ${own.pod} under its own address ${right.address}`,
    };
  }
  const count = answers.length === 0 ? "nobody answered" : "nobody but the asking pod itself answered";
  return { verdict: "unknown", message: `${count}; it takes a second replica of the controller to tell` };
}
