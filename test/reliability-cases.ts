/**
 * The cases of HTTP correctness that Waystone holds itself to, by id. F: framing, L: lines and characters, T: target and host,
 * U: hop-by-hop, forwarding, upgrade, R: responses, H: HTTP/2, D: exhaustion, A: authorization. Each case that is "here" has a test with "[id]" in its
 * title; the others name what must exist first, and the issue that brings it. docs/reliability-tests.md says which, and what each holds.
 */

export interface ReliabilityCase {
  readonly rule: string;
  readonly where: "here" | { readonly issue: number; readonly needs: string };
}

const here = (rule: string): ReliabilityCase => ({ rule, where: "here" });

export const reliabilityCases: Readonly<Record<string, ReliabilityCase>> = {
  F01: here("Content-Length and Transfer-Encoding together, in either order"),
  F02: here("more than one Content-Length, equal or not, in one line or two"),
  F03: here("a Content-Length that is not plain digits without leading zeros"),
  F04: here("a Content-Length whose name is misspelt, padded, or without its colon"),
  F05: here("a Transfer-Encoding that is not exactly one chunked"),
  F06: here("a Transfer-Encoding whose name is padded or whose line is folded"),
  F07: here("Transfer-Encoding on HTTP/1.0; a body on HTTP/1.0 without a length"),
  F08: here("a chunk size that is not 1 to 13 hex digits"),
  F10: here("chunk data that is longer or shorter than its size, or without its CRLF; a bad last chunk"),
  F11: here("chunk extensions: accepted, bounded, dropped; a bare CR in one is refused"),
  F12: here("what goes upstream is framed anew, never the client's bytes"),
  F13: here("a body on GET, DELETE, OPTIONS and HEAD stays a body"),
  F14: here("a POST without framing has no body; what follows is the next request"),
  F15: here("a body cut short ends the upstream connection; a response cut short never looks whole"),
  F16: here("a hundred pipelined requests get their answers in order; a bad one ends the connection"),
  L01: here("a bare LF or CR is refused wherever it stands"),
  L02: here("NUL and control characters in name, value or target"),
  L03: here("an empty name, a missing colon, a name that is no token"),
  L04: here("folded lines and white space before the first header"),
  L05: here("bytes 0x80 to 0xff in a value are forwarded as they are"),
  L07: here("a request line with other white space, or with another version"),
  L08: here("methods: tokens alone, bounded, compared with case"),
  L09: here("limits of the target, the header bytes and the header count"),
  L10: here("a header match looks at every value of a repeated header"),
  L12: here("a name with _ never passes for its twin with -"),
  T01: here("Host: missing, repeated, empty, a list, with user, path or bad port"),
  T03: here("hosts compare without case, port and trailing dot, by one function"),
  T04: here("targets * and authority: OPTIONS *, GET *, CONNECT"),
  T05: here("the path is normalised once; the same text is matched and forwarded"),
  T06: here("%2F and %5C pass as they are (where a policy reads paths: issue 7)"),
  T07: here("raw 8-bit, blanks and quotes in the target; escaped CRLF stays escaped"),
  T08: here("PathPrefix by elements; regular expressions match in full"),
  T09: here("the query is forwarded byte for byte; matches look at the first of a name"),
  U01: here("hop-by-hop headers and those that Connection names are removed"),
  U03: here("forwarding headers of strangers are replaced, of trusted hops appended to"),
  U04: here("upgrades that are none: h2c, POST, HTTP/1.0, without Connection: Upgrade"),
  U06: here("WebSocket over HTTP/1.1 and HTTP/2: frames both ways, half-close, backpressure"),
  U07: here(
    "TCP: server or client first, half-close, RST, idle; TLS by server name: whole, split, none, broken",
  ),
  R02: here("a response with doubtful framing is a 502, and nothing of it is passed on"),
  R03: here("a response that runs to the close of its connection"),
  R04: here("100-continue, early final answers, other expectations, HTTP/1.0"),
  R06: here("an answer before the request has ended"),
  R07: here("trailers: forwarded in every version, forbidden fields dropped"),
  R08: here("a retry only when it is safe"),
  R09: here("gRPC: status of local answers, timeout, cancel, streams, a 100 MB message"),
  R10: here("time-outs fire when set, answer 504, free their place, and 0s is off"),
  R11: here("a retry storm is bounded by the budget; Retry-After is waited for, or heeded"),
  R12: here("no configured or derived header value carries CR, LF or NUL"),
  H01: here("frames, states and errors of RFC 9113, as h2spec asks for them"),
  H02: here("HTTP/2 requests that are malformed, or could be read in two ways in HTTP/1.1"),
  D01: here("rapid reset, by the client or by what we refuse: closed by 1,100, nobody else hears of it"),
  D02: here("CONTINUATION without end: closed by 64 KiB of block"),
  D03: here("HPACK amplification: the decoded size counts"),
  D04: here("floods of control and empty frames, from either side"),
  D05: here("a client that gives no window: bounded memory, the endpoint is paused"),
  D06: here("connections that break on a rule leave nothing behind"),
  D07: here("MAX_CONCURRENT_STREAMS of either side; DATA frames of one byte; GOAWAY storms"),
  D08: here("slow peers are closed by the header time-out, slow bodies of declared length by theirs"),
  D09: here("a fast sender and a slow reader cost bounded memory"),
  D10: here(
    "connection churn; too many connections, of one address or for the descriptors: reset, others go on",
  ),
  D11: here(
    "memory that runs low: 503 with Retry-After, then no new connections; what is under way finishes",
  ),
  D12: here("compressed bodies pass as they are"),
  D13: here("JSON in bodies is not parsed"),
  D14: here("user-supplied regular expressions run in linear time"),
  A01: here("AuthorizationPolicy decides as Istio's published tables say, and fails closed"),
  A02: here("what a change of policies forbids is closed within a second: TCP, WebSocket, HTTP/2"),
  A03: here("ways past a policy are closed, or told with what closes them"),
};
