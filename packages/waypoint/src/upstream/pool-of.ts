/** The pool of an endpoint, opened by its first use: of the kind that its Service's port declares. */
import { Http2Pool } from "../http/h2/http2-pool.ts";
import type { Endpoint } from "../store/snapshot.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { dialEndpoint } from "./dial.ts";
import { isForbiddenAddress } from "./forbidden-address.ts";
import { Pool } from "./pool.ts";
import type { UpstreamContext } from "./upstream-context.ts";

export function poolOf(endpoint: Endpoint, context: UpstreamContext): ConnectionPool {
  endpoint.pool ??= endpoint.speaksHttp2 ? openHttp2Pool(endpoint, context) : new Pool(endpoint, context);
  return endpoint.pool as ConnectionPool;
}

function openHttp2Pool(endpoint: Endpoint, context: UpstreamContext): Http2Pool {
  const { http2, buffers, settings } = context;
  const { address, port, key } = endpoint;
  return new Http2Pool({
    context: http2,
    buffers,
    limits: settings.pool,
    endpointKey: key,
    isForbidden: isForbiddenAddress(address, port, settings),
    dial: (reader) => dialEndpoint(endpoint, "h2", reader, context),
  });
}
