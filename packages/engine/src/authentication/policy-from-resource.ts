/**
 * From the message that the controller pushes to the policy that is decided by: all or nothing, and with every reason. The names of
 * settings are listed here, and nowhere else.
 */
import type { PolicyResource } from "@waystone/api/resources";
import { IpBlocks } from "../authorization/ip-blocks.ts";
import { modeFromResource, targetsFromResource } from "../authorization/targets-from-resource.ts";
import { isToken } from "../headers/header-line.ts";
import { ownershipProblem } from "../headers/header-modifier.ts";
import { Problems, ResourceError } from "../route/problems.ts";
import { apiKeyPlace, basicPlace, bearerPlace, type CredentialPlace } from "./credential-places.ts";
import { parseKeySet } from "./key-set.ts";
import type {
  ApiKeysMethod,
  AuthenticationPolicy,
  BasicMethod,
  JwtProvider,
  KeySource,
  Requirement,
} from "./policy.ts";
import { SettingsReader } from "./settings-reader.ts";

/** Throws a ResourceError with all reasons. */
export function authenticationFromResource(resource: PolicyResource): AuthenticationPolicy {
  const problems = new Problems();
  const policy = compileAuthentication(resource, problems);
  if (problems.reasons.length > 0) throw new ResourceError(policy.key, problems.reasons);
  return policy;
}

/** Adds to the problems what is wrong with the resource; the policy is to be used only where nothing is. */
export function compileAuthentication(resource: PolicyResource, problems: Problems): AuthenticationPolicy {
  const { kind = "", namespace = "", name = "", authentication } = resource;
  for (const [field, value] of Object.entries({ kind, namespace, name })) {
    if (!value) problems.add(field, "is empty");
  }
  const settings = new SettingsReader(authentication?.settings, "", problems);
  const requirement = requirementOf(settings);
  const jwt = settings.one("jwt", readJwt);
  const apiKeys = settings.one("apiKeys", readApiKeys);
  const basic = settings.one("basic", readBasic);
  settings.end();
  return {
    key: `${kind}/${namespace}/${name}`,
    namespace: namespace ?? "",
    name: name ?? "",
    generation: resource.generation ?? 0,
    createdAtSeconds: resource.createdAtSeconds ?? 0,
    mode: modeFromResource(resource.mode, problems),
    targets: targetsFromResource(resource.targets, namespace ?? "", problems),
    requirement,
    jwt,
    apiKeys,
    basic,
    unusable: resource.unusable ?? [],
  };
}

function requirementOf(settings: SettingsReader): Requirement | undefined {
  const text = settings.text("requirement");
  if (text === undefined || text === "Required" || text === "Optional") return text;
  settings.problem("requirement", `${JSON.stringify(text)} is not known to this version`);
  return "Required";
}

function readJwt(settings: SettingsReader): { readonly providers: readonly JwtProvider[] } {
  const providers = settings.each("provider", readProvider);
  if (providers.length === 0) settings.problem("provider", "is missing");
  const names = new Set(providers.map(({ name }) => name));
  if (names.size < providers.length) settings.problem("provider", "two have one name");
  return { providers };
}

function readProvider(settings: SettingsReader, name: string): JwtProvider {
  const issuer = settings.text("issuer") ?? "";
  if (issuer === "") settings.problem("issuer", "is empty");
  const places = readPlaces(settings);
  const claimsToHeaders = settings.each("claimToHeader", (inner, header) => {
    const problem = problemOfSet(header, places);
    if (problem !== undefined) inner.problem("header", problem);
    return { claim: inner.text("claim") ?? "", header };
  });
  return {
    name,
    issuer,
    audiences: settings.texts("audience"),
    keys: readKeys(settings),
    places: places.length === 0 ? [bearerPlace] : places,
    clockSkewMs: readNumber(settings, "clockSkewMs", 60_000),
    forward: settings.text("forward") !== "false",
    claimsToHeaders,
  };
}

function readApiKeys(settings: SettingsReader): ApiKeysMethod {
  const places = readPlaces(settings);
  const read = places.length === 0 ? [apiKeyPlace] : places;
  return {
    places: read,
    ownerHeader: readSetHeader(settings, "ownerHeader", read),
    ...readForward(settings),
  };
}

function readBasic(settings: SettingsReader): BasicMethod {
  return { userHeader: readSetHeader(settings, "userHeader", [basicPlace]), ...readForward(settings) };
}

/** A password or key goes no further than it has to. */
function readForward(settings: SettingsReader): { readonly forward: boolean } {
  return { forward: settings.text("forward") === "true" };
}

function readSetHeader(
  settings: SettingsReader,
  name: string,
  places: readonly CredentialPlace[],
): string | undefined {
  const header = settings.text(name);
  const problem = header === undefined ? undefined : problemOfSet(header, places);
  if (problem !== undefined) settings.problem(name, problem);
  return header;
}

/** Why a policy that reads these places cannot set the header. */
function problemOfSet(header: string, places: readonly CredentialPlace[]): string | undefined {
  if (!isToken(header)) return `${JSON.stringify(header)} is not a header name`;
  const isRead = places.some((place) => place.type === "header" && place.name === header.toLowerCase());
  return isRead ? `${header} is where the credential is looked for` : ownershipProblem(header);
}

function readPlaces(settings: SettingsReader): CredentialPlace[] {
  return [
    ...settings.each("header", (inner, header): CredentialPlace => {
      if (!isToken(header)) inner.problem("name", `${JSON.stringify(header)} is not a header name`);
      return { type: "header", name: header.toLowerCase(), prefix: inner.text("prefix") ?? "" };
    }),
    ...settings.texts("queryParameter").map((each): CredentialPlace => namedPlace("query", each)),
    ...settings.texts("cookie").map((each): CredentialPlace => namedPlace("cookie", each)),
  ];
}

function namedPlace(type: "query" | "cookie", name: string): CredentialPlace {
  return { type, name, prefix: "" };
}

function readKeys(settings: SettingsReader): KeySource {
  const text = settings.text("jwks");
  const uri = settings.text("jwksUri");
  const missing = settings.text("jwksMissing");
  const refreshMs = readNumber(settings, "refreshMs", 300_000);
  const allowedAddresses = settings.texts("allowedAddress");
  const blocks = new IpBlocks();
  if (!allowedAddresses.every((each) => blocks.add(each)))
    settings.problem("allowedAddress", "is neither an address nor a block of them");
  if ([text, uri, missing].filter((each) => each !== undefined).length !== 1)
    settings.problem("jwks", "there has to be one source of keys");
  if (uri !== undefined) {
    if (!isFetchable(uri))
      settings.problem("jwksUri", "is not a URI to fetch: https:// or http://, without user and password");
    return { type: "uri", uri, refreshMs, allowedAddresses };
  }
  if (text === undefined) return { type: "missing", reason: missing ?? "there are no keys" };
  try {
    parseKeySet(text);
  } catch (error) {
    settings.problem("jwks", error instanceof Error ? error.message : String(error));
  }
  return { type: "inline", text };
}

export function isFetchable(uri: string): boolean {
  const url = URL.parse(uri);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") && !hasPassword(url);
}

/** A password in a policy would be read in its status and in logs. */
function hasPassword({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

function readNumber(settings: SettingsReader, name: string, otherwise: number): number {
  const text = settings.text(name);
  if (text === undefined) return otherwise;
  if (!/^[0-9]{1,12}$/.test(text)) settings.problem(name, `${JSON.stringify(text)} is no number`);
  return Number(text);
}
