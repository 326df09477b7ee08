/** Envoy's delta discovery messages (wire-compatible subset), under short names. */
import { envoy } from "./gen/discovery.js";

export const { DeltaDiscoveryRequest, DeltaDiscoveryResponse, Resource } = envoy.service.discovery.v3;

export type DeltaRequest = envoy.service.discovery.v3.DeltaDiscoveryRequest.$Properties;
export type DeltaResponse = envoy.service.discovery.v3.DeltaDiscoveryResponse.$Properties;

/** The gRPC method of the aggregated delta stream. */
export const deltaMethodPath =
  "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";
