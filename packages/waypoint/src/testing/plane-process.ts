/**
 * A data plane in a process of its own (fork), for tests that measure its memory: what the test's own clients and
 * upstreams hold must not count. Told where to listen and whom to serve; says how much memory it has when asked.
 */
import { openTestPlane, type TestProtocol } from "./open-test-plane.ts";

export type ToPlaneProcess =
  | {
      readonly type: "open";
      readonly port: number;
      readonly endpoint: string;
      readonly protocol: TestProtocol;
    }
  | { readonly type: "measure" };

export type FromPlaneProcess =
  | { readonly type: "opened" }
  | {
      readonly type: "measured";
      readonly rssBytes: number;
      /** Outside the heap, after a collection where the process may collect (--expose-gc). */
      readonly bufferBytes: number;
    };

process.on("message", (message: ToPlaneProcess) => {
  if (message.type === "open") void open(message);
  else measure();
});

function measure(): void {
  globalThis.gc?.();
  const { rss, arrayBuffers } = process.memoryUsage();
  tell({ type: "measured", rssBytes: rss, bufferBytes: arrayBuffers });
}

async function open({ port, endpoint, protocol }: Extract<ToPlaneProcess, { type: "open" }>): Promise<void> {
  await openTestPlane({ port, protocol, endpoints: [endpoint] });
  tell({ type: "opened" });
}

function tell(message: FromPlaneProcess): void {
  process.send?.(message);
}
