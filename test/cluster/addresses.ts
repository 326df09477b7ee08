/**
 * Every address of the cluster, all from the blocks that RFC 2544 and RFC 5180 reserve for tests: nothing of it can be
 * mistaken for a real network, and none of it is seen outside the cluster's own network namespaces.
 *
 *   198.18.0.1        2001:2:0:1::1        control plane, on the bridge that joins the nodes
 *   198.18.0.1N       2001:2:0:1::1N       node N (1-9)
 *   198.18.128.0/20   2001:2:0:80::/112    ClusterIPs (.1 the API server, .10 the DNS)
 *   198.19.N*16.0/20  2001:2:0:10N::/64    pods of node N
 */

export interface AddressPair {
  readonly v4: string;
  readonly v6: string;
}

/** The blocks, as NO_PROXY wants them. */
export const reserved = "198.18.0.0/15,2001:2::/48";
export const maxNodes = 9;
export const controlPlane: AddressPair = { v4: "198.18.0.1", v6: "2001:2:0:1::1" };
export const fabricPrefix = { v4: 24, v6: 64 };
export const services = "198.18.128.0/20,2001:2:0:80::/112";
export const pods = "198.19.0.0/16,2001:2:0:100::/56";
export const apiService = "198.18.128.1";
export const dnsService = "198.18.128.10";
export const apiPort = 6443;
export const apiUrl: string = `https://${controlPlane.v4}:${apiPort}`;

/** Counted from 1. */
export function nodeAddress(node: number): AddressPair {
  return { v4: `198.18.0.1${node}`, v6: `2001:2:0:1::1${node}` };
}

export function podRange(node: number): AddressPair {
  return { v4: `198.19.${node * 16}.0/20`, v6: `2001:2:0:10${node}::/64` };
}
