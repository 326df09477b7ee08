/** Envoy's external authorization messages (wire-compatible subset), under short names. */
import { envoy } from "./gen/ext-authz.js";

export const { CheckRequest, CheckResponse } = envoy.service.auth.v3;

export type CheckRequestMessage = envoy.service.auth.v3.CheckRequest.$Properties;
export type CheckResponseMessage = envoy.service.auth.v3.CheckResponse.$Properties;
export type CheckPeer = envoy.service.auth.v3.AttributeContext.Peer.$Properties;
export type HeaderValueOption = envoy.service.auth.v3.HeaderValueOption.$Properties;

/** The gRPC method that asks. */
export const checkMethodPath = "/envoy.service.auth.v3.Authorization/Check";
