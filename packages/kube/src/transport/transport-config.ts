/** Where the API server is, whom to trust there, and who we are. */

/** What a connection is made with. When it changes, new connections are opened, and old ones end with their requests. */
export interface TlsMaterial {
  /** PEM; the system's authorities unless given. */
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** Checked in the server's certificate instead of the host's name. */
  readonly serverName?: string | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
}

export interface Credential {
  /** The whole value of the Authorization header. */
  readonly authorization?: string | undefined;
  /** Headers that impersonate another user. */
  readonly headers?: Readonly<Record<string, string | string[]>> | undefined;
  readonly tls: TlsMaterial;
}

/** Read before every request: an implementation keeps what is still good. */
export interface CredentialSource {
  read(): Promise<Credential>;
  /** The server answered 401: what was read is no longer good, get something new. */
  discard(): void;
}

export interface TransportConfig {
  /** "https://10.96.0.1:443", with a path where the API is behind one. */
  readonly server: string;
  readonly namespace: string;
  readonly credentials: CredentialSource;
  /** http://, https:// or socks5://. */
  readonly proxyUrl?: string | undefined;
  readonly userAgent?: string;
}

/** For credentials that never change. */
export function fixedCredential(credential: Credential): CredentialSource {
  return { read: () => Promise.resolve(credential), discard() {} };
}
