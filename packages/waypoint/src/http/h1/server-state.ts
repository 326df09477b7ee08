/** How far a client's connection is (server-connection.ts): one request at a time goes through these. */
export type ServerState =
  /** Between requests, or within a request's head. */
  | "head"
  | "body"
  /** The request is whole, its answer is not; what arrives meanwhile waits (pipelining). */
  | "answering"
  | "tunnel"
  /** The last answer is out; what arrives is thrown away, so that the client can read that answer (RFC 9112 9.6). */
  | "closing"
  | "closed";
