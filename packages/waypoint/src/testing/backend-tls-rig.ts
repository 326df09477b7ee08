/** For tests of TLS to backends: two CAs, endpoints with certificates of theirs, a plane that has a policy, and what clients get. */
import type { TlsOptions } from "node:tls";
import type { BackendTlsResource } from "@waystone/api/resources";
import {
  openTestAuthority,
  type TestAuthority,
  type TestCertificateOptions,
} from "@waystone/testkit/test-authority";
import { afterEach, beforeAll } from "vitest";
import { backendTlsResource } from "./backend-tls-resource.ts";
import { type ExchangeRig, type RigPlane, type RigPlaneOptions, useExchangeRig } from "./exchange-rig.ts";
import { openTlsEndpoint, type TlsEndpoint } from "./tls-endpoint.ts";

/** The hostname that policies ask for unless told otherwise. */
export const backendName = "backend.test";

export interface BackendTlsRig {
  readonly rig: ExchangeRig;
  /** That policies trust, and another one. */
  readonly authority: TestAuthority;
  readonly stranger: TestAuthority;
  /** Closed after the test. */
  readonly keep: (opened: { close(): Promise<void> | void }) => void;
  readonly endpoint: (
    certificate?: TestCertificateOptions,
    options?: TlsOptions & { readonly host?: string; readonly port?: number },
    protocol?: "http/1.1" | "h2",
  ) => Promise<TlsEndpoint>;
  readonly trusting: (more?: BackendTlsResource) => BackendTlsResource;
  readonly planeTo: (
    to: { readonly address: string },
    tls?: BackendTlsResource,
    options?: RigPlaneOptions,
  ) => Promise<RigPlane>;
  readonly ask: (plane: RigPlane) => Promise<number>;
}

/** For the file that calls it. */
export function useBackendTls(): BackendTlsRig {
  const rig = useExchangeRig();
  const open: { close(): Promise<void> | void }[] = [];
  let authorities: readonly [TestAuthority, TestAuthority] | undefined;
  beforeAll(async () => {
    authorities = [await openTestAuthority(), await openTestAuthority("another CA")];
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });
  const backends: BackendTlsRig = {
    rig,
    get authority() {
      return authorities![0];
    },
    get stranger() {
      return authorities![1];
    },
    keep: (opened) => void open.push(opened),
    async endpoint(certificate = { dns: [backendName] }, options = {}, protocol = "http/1.1") {
      const identity = await backends.authority.issue(certificate);
      const opened = await openTlsEndpoint({ ...identity, ...options }, protocol);
      open.push(opened);
      return opened;
    },
    trusting: (more = {}) => ({
      hostname: backendName,
      caCertificates: [backends.authority.certificate],
      ...more,
    }),
    planeTo: async ({ address }, tls = backends.trusting(), options = {}) =>
      await rig.openPlane({ endpoints: [address], more: [backendTlsResource(tls)], ...options }),
    async ask(plane) {
      const client = await rig.openClient(plane);
      await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      return (await client.readResponse()).status;
    },
  };
  return backends;
}
