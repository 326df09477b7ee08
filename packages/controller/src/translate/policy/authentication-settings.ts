/**
 * The spec of an AuthenticationPolicy -> the named settings that a waypoint reads (engine/authentication/policy-from-resource.ts). Durations
 * become milliseconds, and a ConfigMap what it holds: one that is not there leaves its provider without keys.
 */
import { errorMessage } from "@waystone/base/error-message";
import type { AuthenticationPolicySpec } from "@waystone/api/kubernetes/waystone";
import type { AuthenticationSettingResource } from "@waystone/api/resources";
import { parseDuration } from "@waystone/base/duration";
import type { FetchContext } from "@waystone/collection/collection";
import { parseKeySet } from "@waystone/engine/authentication/key-set";
import type { Problems } from "@waystone/engine/route/problems";
import type { Sources } from "../../model/sources.ts";
import { describeUnreadConfigMap } from "../describe-unread.ts";
import type { LostReference } from "./own-policy-status.ts";

type Provider = NonNullable<AuthenticationPolicySpec["jwt"]>["providers"][number];
type Setting = AuthenticationSettingResource;

export interface SettingsContext {
  readonly fetch: FetchContext;
  readonly sources: Pick<Sources, "configMaps" | "cluster">;
  /** The policy's. */
  readonly namespace: string;
  readonly problems: Problems;
  readonly lost: LostReference[];
}

export function translateAuthentication(
  context: SettingsContext,
  { requirement, jwt, apiKeys, basic }: AuthenticationPolicySpec,
): Setting[] {
  return [
    ...leaf("requirement", requirement),
    ...(jwt === undefined
      ? []
      : [{ name: "jwt", settings: jwt.providers.map((each, index) => provider(context, each, index)) }]),
    ...(apiKeys === undefined
      ? []
      : [
          {
            name: "apiKeys",
            settings: [
              ...places(apiKeys.from),
              ...leaf("ownerHeader", apiKeys.ownerHeader),
              ...leaf("forward", apiKeys.forward === true ? "true" : undefined),
            ],
          },
        ]),
    ...(basic === undefined
      ? []
      : [
          {
            name: "basic",
            settings: [
              ...leaf("userHeader", basic.userHeader),
              ...leaf("forward", basic.forward === true ? "true" : undefined),
            ],
          },
        ]),
  ];
}

/** The ConfigMaps that a policy names, "<namespace>/<name>". */
export function configMapsOfAuthentication(
  namespace: string,
  { jwt }: AuthenticationPolicySpec,
): readonly string[] {
  const names = (jwt?.providers ?? []).flatMap(({ jwks }) => jwks.configMapRef?.name ?? []);
  return [...new Set(names.map((name) => `${namespace}/${name}`))];
}

const shortestRefreshMs = 10_000;
const longestRefreshMs = 86_400_000;
const longestSkewMs = 600_000;

function provider(context: SettingsContext, spec: Provider, index: number): Setting {
  const field = `jwt.providers[${index}]`;
  const { from, jwks } = spec;
  const skew = duration(context, spec.clockSkew, `${field}.clockSkew`, 0, longestSkewMs);
  const refresh = duration(
    context,
    jwks.refreshInterval,
    `${field}.jwks.refreshInterval`,
    shortestRefreshMs,
    longestRefreshMs,
  );
  return {
    name: "provider",
    value: spec.name,
    settings: [
      ...leaf("issuer", spec.issuer),
      ...leaves("audience", spec.audiences),
      ...keys(context, jwks, `${field}.jwks`),
      ...leaf("refreshMs", refresh),
      ...leaves("allowedAddress", jwks.allowedAddresses),
      ...places(from),
      ...leaf("clockSkewMs", skew),
      ...leaf("forward", spec.forward === false ? "false" : undefined),
      ...(spec.claimsToHeaders ?? []).map(
        ({ claim, header }): Setting => ({
          name: "claimToHeader",
          value: header,
          settings: leaf("claim", claim),
        }),
      ),
    ],
  };
}

function places({ headers = [], queryParameters, cookies }: NonNullable<Provider["from"]> = {}): Setting[] {
  return [
    ...headers.map(
      ({ name, prefix }): Setting => ({ name: "header", value: name, settings: leaf("prefix", prefix) }),
    ),
    ...leaves("queryParameter", queryParameters),
    ...leaves("cookie", cookies),
  ];
}

function leaf(name: string, value: string | undefined): Setting[] {
  return value === undefined ? [] : [{ name, value }];
}

function leaves(name: string, values: readonly string[] = []): Setting[] {
  return values.map((value) => ({ name, value }));
}

function duration(
  { problems }: SettingsContext,
  text: string | undefined,
  field: string,
  leastMs: number,
  mostMs: number,
): string | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms < leastMs || ms > mostMs)
    problems.add(field, `${text} is out of bounds: from ${leastMs / 1000}s to ${mostMs / 1000}s`);
  return String(ms);
}

function keys(context: SettingsContext, jwks: Provider["jwks"], field: string): Setting[] {
  const { inline, uri, configMapRef } = jwks;
  if (uri !== undefined) return leaf("jwksUri", uri);
  if (configMapRef === undefined) {
    const problem = inline === undefined ? undefined : problemOf(inline);
    if (problem !== undefined) context.problems.add(`${field}.inline`, problem);
    return leaf("jwks", inline);
  }
  const { name, key = "jwks.json" } = configMapRef;
  const object = `${context.namespace}/${name}`;
  const lose = (reason: string, message: string): Setting[] => {
    const consequence = "tokens of this provider are refused";
    context.lost.push({
      reason,
      field: `spec.${field}.configMapRef`,
      message,
      consequence,
    });
    return leaf("jwksMissing", message);
  };
  const configMap = context.fetch.get(context.sources.configMaps, object)?.object;
  if (configMap === undefined)
    return lose("ConfigMapNotFound", describeUnreadConfigMap(context.fetch, context.sources.cluster, object));
  const text = configMap.data?.[key];
  if (text === undefined) return lose("ConfigMapNotFound", `ConfigMap ${object} has no entry ${key}`);
  const problem = problemOf(text);
  if (problem !== undefined) return lose("InvalidKeySet", `${key} of ConfigMap ${object}: ${problem}`);
  return leaf("jwks", text);
}

function problemOf(text: string): string | undefined {
  try {
    parseKeySet(text);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}
