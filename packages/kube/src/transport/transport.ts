/**
 * How this package asks the API server: one request and its whole answer, or an answer that goes on (a watch). Whoever
 * asks sees ApiErrors only. Times are of the Clock, so that a test owns them.
 */

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  readonly method?: Method;
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON, which is YAML too: apply patches are sent like this. */
  readonly body?: unknown;
  /** application/json unless given. */
  readonly contentType?: string;
  /** For the whole answer; 30 s unless given. */
  readonly timeoutMs?: number;
  /** An answer beyond this is an error; 64 MiB unless given. */
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
}

export type StreamRequest = Pick<ApiRequest, "path" | "query"> & { readonly signal: AbortSignal };

export interface Transport {
  /** The namespace of the pod or of the kubeconfig's context; "default" where neither says. */
  readonly namespace: string;
  /** The parsed body of a 2xx answer; throws ApiError otherwise. */
  request<T = unknown>(request: ApiRequest): Promise<T>;
  /**
   * The chunks of a 2xx answer's body, as they come. Throws ApiError when there is no such answer, and while reading when
   * it is cut. No time limit: the signal ends it.
   */
  stream(request: StreamRequest): Promise<AsyncIterable<Uint8Array>>;
  /** Ends what is under way. Idempotent. */
  close(): Promise<void>;
}

/** "GET /api/v1/pods", for messages. */
export function describeRequest({ method = "GET", path }: Pick<ApiRequest, "method" | "path">): string {
  return `${method} ${path}`;
}
