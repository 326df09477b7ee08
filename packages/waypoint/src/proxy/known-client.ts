/** The client as policies see it: made once for what every condition of every policy asks for, until what it is made of changes. */
import type { ClientView, TokenView } from "@waystone/engine/authorization/authorization-request";
import type { HeaderBlock } from "../http/header-block.ts";
import { withToken } from "../listener/client-view.ts";
import type { WorkloadState } from "../store/snapshot.ts";
import type { ConnectionContext } from "./connection-context.ts";

export interface KnownClient {
  readonly headers: HeaderBlock;
  readonly identity: WorkloadState | undefined;
  readonly token: TokenView | undefined;
  readonly view: ClientView;
}

/** `known`, where it is still true. */
export function knownClient(
  known: KnownClient | undefined,
  context: ConnectionContext,
  headers: HeaderBlock,
  token: TokenView | undefined,
): KnownClient {
  const identity = context.identity();
  if (known?.headers === headers && known.identity === identity && known.token === token) return known;
  return { headers, identity, token, view: withToken(context.client(headers), token) };
}
