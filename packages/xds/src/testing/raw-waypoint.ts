/** For tests: a waypoint that speaks to a server message by message, and answers only when told to. */
import {
  DeltaDiscoveryRequest,
  DeltaDiscoveryResponse,
  type DeltaRequest,
  type DeltaResponse,
  Resource,
} from "@waystone/api/discovery";
import { rejectionsTypeUrl, wildcardTypeUrls } from "@waystone/api/names";
import { Rejections } from "@waystone/api/resources";
import type { DeltaServer } from "../server/delta-server.ts";
import type { ServerStream } from "../server/delta-stream.ts";

export class RawWaypoint {
  readonly stream: ServerStream;
  readonly responses: DeltaResponse[] = [];
  bytes = 0;
  closedFor: string | undefined;
  /** What the transport answers to a send. */
  isWritable = true;
  readonly #id: string;
  #isFirst = true;

  constructor(server: DeltaServer, id = "shop/waypoint/1") {
    this.#id = id;
    this.stream = server.openStream({
      send: (bytes) => {
        this.bytes += bytes.length;
        this.responses.push(DeltaDiscoveryResponse.decode(bytes));
        return this.isWritable;
      },
      close: (reason) => {
        this.closedFor = reason;
      },
    });
  }

  request(request: DeltaRequest): void {
    const node = this.#isFirst ? { node: { id: this.#id } } : {};
    this.#isFirst = false;
    this.stream.receive(DeltaDiscoveryRequest.encode({ ...node, ...request }).finish());
  }

  /** Asks for all wildcard types. */
  subscribeAll(held: Readonly<Record<string, Record<string, string>>> = {}): this {
    for (const typeUrl of wildcardTypeUrls) {
      this.request({ typeUrl, initialResourceVersions: held[typeUrl] ?? {} });
    }
    return this;
  }

  ack(response: DeltaResponse): void {
    this.request({ typeUrl: response.typeUrl ?? "", responseNonce: response.nonce ?? "" });
  }

  /** Refuses the named resources of the last response, or all of it. */
  nack(response: DeltaResponse, reasons: Readonly<Record<string, string>> | string): void {
    const { typeUrl, nonce } = response;
    const named = typeof reasons === "string" ? [] : Object.entries(reasons);
    const message = typeof reasons === "string" ? reasons : named.map(([, reason]) => reason).join("; ");
    const value = Rejections.encode({
      rejections: named.map(([name, reason]) => ({ name, reason })),
    }).finish();
    const details = typeof reasons === "string" ? [] : [{ typeUrl: rejectionsTypeUrl, value }];
    this.request({
      typeUrl: typeUrl ?? "",
      responseNonce: nonce ?? "",
      errorDetail: { code: 3, message, details },
    });
  }

  get last(): DeltaResponse {
    return this.responses.at(-1)!;
  }

  /** ACKs until nothing more comes. Answers with all responses since the last call, in words. */
  settle(): string[] {
    const seen: string[] = [];
    for (let response = this.responses.shift(); response !== undefined; response = this.responses.shift()) {
      seen.push(describeResponse(response));
      this.ack(response);
    }
    return seen;
  }
}

/** "Service part +a +b -c" */
export function describeResponse(response: DeltaResponse): string {
  const type = response.typeUrl?.slice(response.typeUrl.lastIndexOf(".") + 1);
  const mark = response.systemVersionInfo === "part" ? ["part"] : [];
  const added = (response.resources ?? []).map((bytes) => `+${Resource.decode(bytes).name}`);
  const removed = (response.removedResources ?? []).map((name) => `-${name}`);
  return [type, ...mark, ...added, ...removed].join(" ");
}
