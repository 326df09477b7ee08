/** Small requests to a backend over TLS, its certificate checked: what encryption adds, and what a handshake costs. */
import type { Scenario } from "./scenario.ts";
import { trafficScenario } from "./traffic.ts";
import { usualMetrics } from "./warm-up.ts";

/** Nothing stands between the load and a backend that speaks TLS: the load does not. */
const peers = ["waystone", "nginx", "haproxy", "envoy"];

export const backendTlsScenarios: readonly Scenario[] = [
  {
    ...trafficScenario("backend-tls", "small GET, TLS to the backend", 1, { connections: 64 }, usualMetrics),
    backendSpeaksTls: true,
    peers,
  },
];
