/** For tests: a server that speaks to a client message by message. */
import {
  DeltaDiscoveryRequest,
  DeltaDiscoveryResponse,
  type DeltaRequest,
  type DeltaResponse,
} from "@waystone/api/discovery";
import type { TypeUrl } from "@waystone/api/names";
import { Rejections } from "@waystone/api/resources";
import type { DeltaClient } from "../client/delta-client.ts";
import type { EncodedResource } from "../resource.ts";
import { wrapResource } from "../wrap-resource.ts";

export class RawServer {
  readonly requests: DeltaRequest[] = [];
  closedFor: string | undefined;
  isWritable = true;
  readonly #client: DeltaClient;
  #nonce = 0;

  /** Opens a stream of the client's. */
  constructor(client: DeltaClient) {
    this.#client = client;
    client.open({
      send: (bytes) => {
        this.requests.push(DeltaDiscoveryRequest.decode(bytes));
        return this.isWritable;
      },
      close: (reason) => {
        this.closedFor = reason;
      },
    });
  }

  push(typeUrl: TypeUrl, upserts: readonly EncodedResource[], more: DeltaResponse = {}): Promise<void> {
    const resources = upserts.map(wrapResource);
    const nonce = String(++this.#nonce);
    return this.#client.receive(
      DeltaDiscoveryResponse.encode({ typeUrl, nonce, resources, ...more }).finish(),
    );
  }

  /** The requests since the last call, in words. */
  take(): string[] {
    return this.requests.splice(0).map(describeRequest);
  }
}

/** 'a/b/1 Service {"a":"v1"}', "Workload +10.0.0.1", "Service ACK 1", "Route NACK 2 a: bad [a: bad]" */
export function describeRequest(request: DeltaRequest): string {
  const held = Object.entries(request.initialResourceVersions ?? {});
  const words = [
    request.node?.id ?? "",
    request.typeUrl?.slice(request.typeUrl.lastIndexOf(".") + 1) ?? "",
    ...(request.resourceNamesSubscribe ?? []).map((name) => `+${name}`),
    ...(request.resourceNamesUnsubscribe ?? []).map((name) => `-${name}`),
    held.length > 0 ? JSON.stringify(Object.fromEntries(held)) : "",
  ];
  if (request.responseNonce) words.push(request.errorDetail ? "NACK" : "ACK", request.responseNonce);
  if (request.errorDetail) words.push(request.errorDetail.message ?? "", ...describeDetails(request));
  return words.filter((word) => word !== "").join(" ");
}

function describeDetails(request: DeltaRequest): string[] {
  return (request.errorDetail?.details ?? []).map((detail) => {
    const { rejections } = Rejections.decode(detail.value ?? new Uint8Array());
    return `[${rejections.map(({ name, reason }) => `${name}: ${reason}`).join(", ")}]`;
  });
}
