/**
 * What went wrong in a TLS handshake, in words for people who look for the mistake, with OpenSSL's name for it. OpenSSL's
 * own text is not passed on: it names source lines, and what the peer sent.
 */

const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  CERT_REVOKED: "its certificate is revoked",
  CERT_SIGNATURE_FAILURE: "its certificate's signature is wrong",
  CERT_UNTRUSTED: "its certificate is not trusted",
  CERT_REJECTED: "its certificate may not be used by a server",
  INVALID_PURPOSE: "its certificate may not be used by a server",
  INVALID_CA: "a certificate of its chain is no CA",
  PATH_LENGTH_EXCEEDED: "its chain is longer than a CA of it allows",
  CERT_CHAIN_TOO_LONG: "its chain is too long",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed, and not one that the policy trusts",
  SELF_SIGNED_CERT_IN_CHAIN: "its chain ends in a CA that the policy does not trust",
  UNABLE_TO_GET_ISSUER_CERT: "its chain is incomplete, or ends in a CA that the policy does not trust",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its chain is incomplete, or ends in a CA that the policy does not trust",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its chain is incomplete, or ends in a CA that the policy does not trust",
  ECONNRESET: "it closed the connection during the TLS handshake",
  EPIPE: "it closed the connection during the TLS handshake",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS on this port",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS on this port",
  ERR_SSL_HTTP_REQUEST: "it does not speak TLS on this port",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "it speaks no TLS from 1.2 on",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "it speaks no TLS from 1.2 on",
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: "it refuses the protocol that this port is to speak (ALPN)",
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: "it does not know the policy's hostname (SNI)",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it asks for a client certificate",
  "ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE": "it does not accept the client certificate, or asks for one",
  "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN": "it does not accept the client certificate",
  "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED": "the client certificate has expired",
  "ERR_SSL_SSL/TLS_ALERT_UNSUPPORTED_CERTIFICATE": "it does not accept the client certificate",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not trust the client certificate",
  "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE":
    "it refuses the handshake: there is no cipher in common, or it asks for a client certificate",
};

export function describeTlsFailure(error: NodeJS.ErrnoException): string {
  const code = error.code ?? "unknown";
  // Our own words already.
  if (code === "WAYSTONE_WRONG_NAME") return error.message;
  const text = words[code] ?? "the TLS handshake failed";
  return /^[A-Z0-9_/]{1,80}$/.test(code) ? `${text} (${code})` : text;
}

/** An alert that comes after our side of the handshake: with TLS 1.3 that is how a server refuses a client certificate. */
export function isTlsAlert(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith("ERR_SSL_") === true;
}
