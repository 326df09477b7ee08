/** One scenario: all its peers started side by side, measured in turns so that a noisy minute hits them alike, and stopped. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Backend, startBackend } from "./backend.ts";
import { echoAddresses, type EchoBackend, startEchoBackend } from "./echo-backend.ts";
import type { Peer, PeerSetup, RunningPeer } from "./peers/peer.ts";
import { type BenchPolicies, buildPolicies } from "./policies.ts";
import { buildRoutes } from "./routes.ts";
import type { Measurement, Scenario } from "./scenarios/scenario.ts";

export interface ScenarioPlan {
  readonly peers: readonly Peer[];
  readonly rounds: number;
  readonly seconds: number;
  readonly profileFolder: string | undefined;
  /** Told of every failure; the others go on. */
  readonly onFailure: (peer: string, error: unknown) => void;
}

export async function runScenario(
  scenario: Scenario,
  plan: ScenarioPlan,
): Promise<Map<string, Measurement[]>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-bench-"));
  const backend = await startBackend(path.join(folder, "backend"));
  const results = new Map<string, Measurement[]>();
  const echo = scenario.echo === true ? await startEchoBackend() : undefined;
  const policies = scenario.policies === undefined ? undefined : buildPolicies(scenario.policies);
  const running = await startPeers(scenario, plan, folder, {
    ...policySetup(policies, backend),
    backendPort: backendPortOf(scenario, echo ?? backend),
    backendCa: scenario.backendSpeaksTls === true ? backend.caFile : undefined,
  });
  const rounds = scenario.once === true ? 1 : plan.rounds;
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, peer] of running) {
      const routes = buildRoutes(scenario.routes);
      const run = {
        peer,
        backend,
        routes,
        policies,
        seconds: plan.seconds,
        round,
        folder: path.join(folder, name),
      };
      try {
        const measurement = await scenario.measure(run);
        results.set(name, [...(results.get(name) ?? []), measurement]);
      } catch (error) {
        plan.onFailure(name, error);
        running.delete(name);
        await peer.stop();
      }
    }
  }
  for (const peer of running.values()) await peer.stop();
  await echo?.stop();
  await backend.stop();
  await rm(folder, { recursive: true, force: true });
  return results;
}

function policySetup(
  policies: BenchPolicies | undefined,
  backend: Backend,
): Pick<PeerSetup, "policies" | "authorizerPort"> {
  if (policies === undefined) return {};
  if (policies.authorizer === undefined) return { policies };
  return { policies, authorizerPort: policies.authorizer === "grpc" ? backend.http2Port : backend.port };
}

function backendPortOf(scenario: Scenario, backend: Backend | EchoBackend): number {
  const isTls = scenario.mode === "tls" || scenario.backendSpeaksTls === true;
  if (isTls && "tlsPort" in backend) return backend.tlsPort;
  return scenario.backendSpeaksHttp2 === true ? backend.http2Port : backend.port;
}

async function startPeers(
  scenario: Scenario,
  plan: ScenarioPlan,
  folder: string,
  common: Pick<PeerSetup, "backendPort" | "policies" | "authorizerPort"> & { backendCa: string | undefined },
): Promise<Map<string, RunningPeer>> {
  const running = new Map<string, RunningPeer>();
  const { backendCa, ...given } = common;
  for (const peer of plan.peers) {
    const own = path.join(folder, peer.name);
    await mkdir(own);
    const profile = plan.profileFolder === undefined ? {} : { profileFolder: plan.profileFolder };
    const setup = {
      routes: buildRoutes(scenario.routes),
      ...given,
      ...(scenario.echo === true ? { backendAddresses: echoAddresses } : {}),
      ...(scenario.mode === undefined ? {} : { mode: scenario.mode }),
      ...(backendCa === undefined ? {} : { backendCa }),
      backendSpeaksHttp2: scenario.backendSpeaksHttp2 === true,
      folder: own,
      ...profile,
    };
    try {
      running.set(peer.name, await peer.start(setup));
    } catch (error) {
      plan.onFailure(peer.name, error);
    }
  }
  return running;
}
