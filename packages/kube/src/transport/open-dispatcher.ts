/** Connections to the API server: undici's pools, straight or through a proxy. HTTP/1.1, one request at a time on each. */
import { type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent } from "undici";
import type { TlsMaterial } from "./transport-config.ts";

export interface DispatcherOptions {
  /** Without a path. */
  readonly origin: string;
  readonly proxyUrl?: string | undefined;
  readonly tls: TlsMaterial;
}

const connectTimeoutMs = 5_000;
const keepAliveTimeoutMs = 60_000;

/** undici's own time limits are off: the transport's Clock rules. */
const timing = {
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: keepAliveTimeoutMs,
  pipelining: 1,
  allowH2: false,
} as const;

export function openDispatcher({ origin, proxyUrl, tls }: DispatcherOptions): Dispatcher {
  const requestTls = tlsOptions(tls);
  if (proxyUrl === undefined) {
    const connect = {
      ...requestTls,
      timeout: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
    };
    return new Pool(origin, { ...timing, connections: null, connect });
  }
  if (/^socks5h?:/.test(proxyUrl)) return new Socks5ProxyAgent(proxyUrl, { ...timing, requestTls });
  if (!/^https?:/.test(proxyUrl)) {
    throw new Error(`proxy ${withoutSecrets(proxyUrl)}: http, https and socks5 are known, not this`);
  }
  return new ProxyAgent({ ...timing, uri: proxyUrl, requestTls });
}

/** In the words of node:tls. */
interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

function tlsOptions({ ca, certificate, key, serverName, insecureSkipVerify }: TlsMaterial): TlsOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecureSkipVerify === true ? { rejectUnauthorized: false } : {}),
  };
}

/** A proxy's URL may hold a password. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
