/**
 * The listening socket of the push channel. We own it and each connection, because a waypoint that has stopped reading can't
 * be ended politely: its status would queue behind the bytes that it does not read. TLS ends here, so that a new certificate
 * is used by the next connection and touches none that is there.
 */
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { formatHostPort, type HostPort } from "./push-address.ts";

export interface TlsMaterial {
  /** PEM. */
  readonly key: string;
  /** PEM, the server's own first. */
  readonly certificate: string;
}

export interface ListenerOptions {
  /** `host` "" is every address of this machine, of both families where it has both. */
  readonly at: HostPort;
  /** Undefined: plaintext. */
  readonly tls: TlsMaterial | undefined;
  /** A connection was made; with TLS, nothing is known of it yet. False: it is not wanted, and destroyed. */
  readonly connected: (socket: Socket) => boolean;
  /** It speaks HTTP/2 from now on. */
  readonly ready: (socket: Socket) => void;
}

export interface Listener {
  readonly bound: HostPort;
  /** Takes no more connections, and resolves when the last one has ended. */
  close(): Promise<void>;
  destroyConnections(): void;
  /** For connections from now on. Throws where key and certificate do not fit; the old ones stay. */
  replaceTls(material: TlsMaterial): void;
}

export async function openListener({ at, tls, connected, ready }: ListenerOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const note = (socket: Socket): boolean => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Resets of peers are no errors of ours; whoever carries the streams hears of the end by itself.
    socket.on("error", () => {});
    if (connected(socket)) return true;
    socket.destroy();
    return false;
  };
  const secured = tls === undefined ? undefined : openTls(tls, note, ready);
  const plain = (socket: Socket): void => void (note(socket) && ready(socket));
  const server = secured ?? createServer({ noDelay: true }, plain);
  const bound = await listen(server, at);
  return {
    bound,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    destroyConnections: () => sockets.forEach((socket) => socket.destroy()),
    replaceTls(material) {
      if (secured === undefined) throw new Error("the push channel is plaintext: it has no certificate");
      secured.setSecureContext(contextOf(material));
    },
  };
}

function openTls(
  material: TlsMaterial,
  note: (socket: Socket) => boolean,
  ready: (socket: Socket) => void,
): TlsServer {
  const server = createTlsServer({ ...contextOf(material), ALPNProtocols: ["h2"], noDelay: true });
  server.prependListener("connection", note);
  server.on("secureConnection", (socket) => {
    socket.on("error", () => {});
    if (socket.alpnProtocol === "h2") ready(socket);
    else socket.destroy();
  });
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return server;
}

/** Both ends are ours: there is no older peer to be kind to. */
const contextOf = ({ key, certificate }: TlsMaterial) =>
  ({ key, cert: certificate, minVersion: "TLSv1.3" }) as const;

function listen(listener: NetServer, { host, port }: HostPort): Promise<HostPort> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const cause = error.code === "EADDRINUSE" ? "the address is in use by another process" : error.message;
      reject(new Error(`cannot listen on push address ${formatHostPort({ host, port })}: ${cause}`));
    };
    listener.once("error", fail);
    // Without a host Node listens on "::" for both families, and on 0.0.0.0 where there is no IPv6.
    listener.listen(host === "" ? { port } : { port, host }, () => {
      listener.off("error", fail);
      const bound = listener.address();
      resolve({ host, port: bound !== null && typeof bound === "object" ? bound.port : port });
    });
  });
}
