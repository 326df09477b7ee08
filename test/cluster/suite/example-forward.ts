/**
 * What a client of an example calls is led from its loopback address to the Service's ClusterIP: from here, or, where the client
 * has the address of one of the example's pods, out of that pod. So it is that pod to whoever asks.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { wayOutPort } from "./example-on-cluster.ts";

export interface Forward {
  /** What clients call. */
  readonly from: string;
  /** The ClusterIP. */
  readonly to: string;
  readonly port: number;
  /** The pod that stands for the client of that address. */
  readonly podOf: (client: string) => string | undefined;
}

export interface OpenForward {
  /** And all of its connections. */
  close(): void;
}

export async function openForward({ from, to, port, podOf }: Forward): Promise<OpenForward> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const pod = podOf(client.remoteAddress ?? "");
    const upstream = connect(
      pod === undefined
        ? { host: to, port, allowHalfOpen: true }
        : { host: pod, port: wayOutPort, allowHalfOpen: true },
    );
    if (pod !== undefined) upstream.write(`${to}:${port}\n`);
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("error", () => {
        client.destroy();
        upstream.destroy();
      });
      socket.on("close", () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  });
  await listen(server, from, port);
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, host, resolve);
  await promise;
}
