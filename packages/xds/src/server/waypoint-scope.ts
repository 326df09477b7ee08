/**
 * Who a waypoint is and what it may have, from the Node.id of its first request. On loopback without tokens the id is
 * believed; where a token says who connects (grpc/authenticate.ts), the id must say the same.
 */

/** A scope to serve, or why there is none. */
export type Authorization = { readonly scope: string } | { readonly rejection: string };
export type Authorize = (nodeId: string) => Authorization;

/** Names of Kubernetes objects are at most 253 bytes; an id has three. */
const maxIdLength = 3 * 253 + 2;

/** "<namespace>/<gateway>/<instance>" has the scope "<namespace>/<gateway>"; "*" with an instance after the slash has "*". */
export const authorizeByNodeId: Authorize = (nodeId) => {
  const parts = nodeId.length <= maxIdLength ? nodeId.split("/") : [];
  if (parts.every((part) => part.length > 0)) {
    if (parts.length === 3) return { scope: `${parts[0]}/${parts[1]}` };
    if (parts.length === 2 && parts[0] === "*") return { scope: "*" };
  }
  const shown = JSON.stringify(nodeId.slice(0, 100));
  return { rejection: `node id ${shown} is neither "<namespace>/<gateway>/<instance>" nor "*/<instance>"` };
};

/** For a stream of which it is known already whose it is. */
export function authorizeOnly(admitted: { readonly nodeId: string; readonly scope: string }): Authorize {
  return (nodeId) => {
    if (nodeId === admitted.nodeId) return { scope: admitted.scope };
    const shown = JSON.stringify(nodeId.slice(0, 100));
    return { rejection: `node id ${shown} is not ${admitted.nodeId}, whose token this is` };
  };
}
