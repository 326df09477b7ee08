/** What authorizers are told of an exchange: as it stands, with the headers that those before have changed. */
import type { RequestFacts } from "../authorizer/request-facts.ts";
import type { Exchange } from "./exchange.ts";
import { forwardedLines, forwardedText } from "./forwarding.ts";
import { withQuery } from "./with-query.ts";

export function describeRequest(exchange: Exchange, body: RequestFacts["body"]): RequestFacts {
  const { head, context, stream, client } = exchange;
  const { proxy, acceptedPort } = context;
  const forwarding = context.forwarding();
  exchange.forwarded ??= forwardedLines(forwarding, head.headers, proxy.rng);
  const { requestId } = exchange.forwarded;
  return {
    method: exchange.method,
    target: withQuery(exchange, exchange.path),
    authority: head.authority || acceptedPort.serviceHost,
    protocol: head.version,
    bodyLength: head.bodyLength,
    requestId,
    forwarded: forwardedText(exchange.forwarded),
    headers: head.headers,
    dropped: forwarding.dropped,
    connectionNames: head.connectionNames,
    atMs: proxy.clock.wallMs(),
    source: {
      address: client.peerAddress,
      port: stream.peerPort,
      service: "",
      namespace: client.namespace,
      serviceAccount: client.serviceAccount,
      principal: client.principal,
    },
    destination: {
      address: stream.localAddress,
      port: acceptedPort.port,
      service: acceptedPort.serviceHost,
      namespace: acceptedPort.serviceNamespace,
      serviceAccount: "",
      principal: "",
    },
    body,
  };
}
